"""A test that comes twice under one order without sub-ids: a correction of one of them is for a person to place."""

from datetime import UTC, date, datetime

import pytest

from monitoring.models import Result, WaitingRow
from monitoring.services.import_lab_file import import_lab_file
from monitoring.services.record_results import ResultsRefused
from monitoring.services.settle_waiting_row import Supplied, settle_waiting_row
from tests.factories.lab_files import received
from tests.factories.people import a_clinic, a_patient, a_user

pytestmark = [pytest.mark.django_db, pytest.mark.data]

AT = datetime(2026, 1, 14, 16, 0, tzinfo=UTC)
TODAY = date(2026, 1, 14)
UNSURE = (
    "The laboratory reported this test more than once under one number, so it is not sure which value this corrects: "
    "compare them, correct the right one by hand, then leave this row out."
)


@pytest.fixture
def clinic():
    return a_clinic()


@pytest.fixture
def patient(clinic):
    return a_patient(clinic, born_on=date(1948, 3, 2), record_number="R-1")


def a_message(*platelets, order="N1"):
    """One message with an OBX for each of (value, status) or (value, status, sub-id)."""
    lines = [
        "MSH|^~\\&|LAB|HOSP|B12|CLINIC|20260105||ORU^R01|1|P|2.4",
        "PID|1||R-1^^^^MR||Example^Ada||19480302|F",
        f"OBR|1||{order}|FBC|||20260105",
    ]
    for value, status, *sub_id in platelets:
        lines.append(f"OBX|1|NM|777-3^Platelets^LN|{''.join(sub_id)}|{value}|10*9/L|||||{status}")
    return "\r".join(lines) + "\r"


def imported(clinic, *messages):
    name = f"{Result.objects.count()}-{WaitingRow.objects.count()}-{len(messages)}.hl7"
    file = received(clinic, "".join(messages).encode(), name=name)
    import_lab_file(file=file, accept_partial=True, by=None, at=AT, today=TODAY)


def standing():
    return sorted(Result.objects.live().values_list("reported_value", flat=True))


def waiting():
    return [(row.fate, row.sentence) for row in WaitingRow.objects.all()]


FIRST = a_message(("141", "F"), ("19", "F"))


@pytest.mark.parametrize(
    "correction",
    [
        a_message(("188", "C")),
        a_message(("188", "")),
        a_message(("141", "C")),
        a_message(("188", "C"), ("19", "C")),
        a_message(("141", "C"), ("188", "C")),
    ],
    ids=["another", "no status", "the value of the first", "first of two", "second of two"],
)
def test_a_correction_that_only_its_place_tells_apart_waits_for_a_person(clinic, patient, correction):
    imported(clinic, FIRST)
    imported(clinic, correction)

    assert standing() == ["141", "19"]
    assert waiting() == [("conflict", UNSURE)]


def test_so_it_does_in_the_same_file(clinic, patient):
    imported(clinic, FIRST, a_message(("188", "C")))

    assert standing() == ["141", "19"]
    assert waiting() == [("conflict", UNSURE)]


def test_a_test_that_comes_a_second_time_corrects_nothing_by_its_place(clinic, patient):
    imported(clinic, a_message(("141", "F")))
    imported(clinic, a_message(("188", "C"), ("19", "F")))

    assert standing() == ["141", "19"]
    assert waiting() == [("conflict", UNSURE)]


def test_a_correction_of_the_one_that_was_taken_of_two_waits_as_well(clinic, patient):
    imported(clinic, a_message(("clotted", "F"), ("19", "F")))
    imported(clinic, a_message(("188", "C")))

    assert standing() == ["19"]
    assert ("conflict", UNSURE) in waiting()


def test_the_same_message_again_changes_nothing(clinic, patient):
    imported(clinic, FIRST)
    imported(clinic, FIRST, "\r")

    assert (standing(), waiting()) == (["141", "19"], [])


def test_a_single_result_and_those_with_sub_ids_are_corrected_as_before(clinic, patient):
    imported(clinic, a_message(("141", "F")), a_message(("90", "F", "1"), ("91", "F", "2"), order="N2"))
    imported(clinic, a_message(("142", "C")), a_message(("92", "C", "2"), order="N2"))

    assert (standing(), waiting()) == (["142", "90", "92"], [])


def test_the_row_that_waits_is_not_taken_for_the_first_by_whoever_settles_it(clinic, patient):
    imported(clinic, FIRST)
    imported(clinic, a_message(("188", "C")))
    now = {"by": a_user(clinic), "at": AT, "today": TODAY}
    supplied = Supplied(patient=patient, because="The laboratory says so.")

    with pytest.raises(ResultsRefused) as refused:
        settle_waiting_row(row=WaitingRow.objects.get(), supplied=supplied, **now)
    assert [(one.stop.field, one.stop.sentence) for one in refused.value.refusals] == [("value", UNSURE)]

    settle_waiting_row(row=WaitingRow.objects.get(), why="Corrected by hand.", **now)
    assert standing() == ["141", "19"]
