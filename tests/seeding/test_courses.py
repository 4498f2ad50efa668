"""A course is the schedule of a protocol, given on its days."""

from datetime import date

from b12clinic.patients.identifiers import normalised
from regimens.seeding.courses import course
from regimens.seeding.people import nhs_number

TODAY = date(2026, 11, 20)


def test_a_course_counts_its_days_and_ends_an_open_loading_by_decision():
    lived = course("uk/neurological", date(2025, 11, 3), 14, TODAY)
    assert lived.given == 14
    assert [slot.ordinal for slot in lived.slots] == 11 * [0] + 5 * [1]
    assert lived.finished == {0: date(2025, 11, 25)}
    assert [slot.dose.due_on for slot in lived.slots[-3:]] == [
        date(2026, 5, 25),
        date(2026, 7, 24),
        date(2026, 9, 25),
    ]


def test_a_course_stops_at_its_last_day():
    lived = course("uk/standard", date(2026, 11, 9), 18, date(2026, 11, 15))
    assert [slot.dose.due_on for slot in lived.slots if slot.given] == [
        date(2026, 11, 9),
        date(2026, 11, 11),
        date(2026, 11, 13),
    ]
    assert len(lived.slots) == 8


def test_numbers_come_from_the_range_kept_for_tests():
    assert nhs_number(1) == "9990000026"
    assert len({nhs_number(serial) for serial in range(5000)}) == 5000
    assert all(normalised("nhs_number", nhs_number(serial)) for serial in range(200))
