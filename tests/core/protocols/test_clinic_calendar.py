"""Opening days."""

from datetime import date, timedelta

import pytest

from regimens.protocols.clinic_calendar import EVERY_DAY, ClinicCalendar

SATURDAY, MONDAY, WEDNESDAY = date(2025, 1, 11), date(2025, 1, 13), date(2025, 1, 15)
WEEKDAYS = ClinicCalendar(frozenset(range(5)))


def test_clinic_is_closed_at_the_weekend_and_on_its_holidays() -> None:
    with_holiday = ClinicCalendar(frozenset(range(5)), frozenset({WEDNESDAY}))
    assert [with_holiday.is_open(day) for day in (SATURDAY, MONDAY, WEDNESDAY)] == [False, True, False]


def test_next_open_day_may_be_the_day_itself() -> None:
    assert (WEEKDAYS.on_or_after(MONDAY), WEEKDAYS.on_or_after(SATURDAY)) == (MONDAY, MONDAY)


@pytest.mark.parametrize("weekdays", [frozenset(), frozenset({7}), frozenset({-1, 2})])
def test_clinic_is_open_on_at_least_one_weekday_of_seven(weekdays: frozenset[int]) -> None:
    with pytest.raises(ValueError, match="open on at least one weekday"):
        ClinicCalendar(weekdays)


def test_clinic_closed_for_a_year_is_refused() -> None:
    closed = ClinicCalendar(frozenset({0}), frozenset(MONDAY + timedelta(weeks=week) for week in range(60)))
    with pytest.raises(ValueError, match="no open day within a year of 2025-01-13"):
        closed.on_or_after(MONDAY)


def test_nearest_day_is_inside_the_window_and_the_earlier_of_two() -> None:
    closed = ClinicCalendar(frozenset(range(7)), frozenset({WEDNESDAY}))
    window = (WEDNESDAY - timedelta(days=1), WEDNESDAY + timedelta(days=2))
    assert closed.nearest(WEDNESDAY, *window, floor=MONDAY) == date(2025, 1, 14)
    assert closed.nearest(WEDNESDAY, *window, floor=WEDNESDAY) == date(2025, 1, 16)


def test_without_an_open_day_in_the_window_the_first_after_it_is_taken() -> None:
    assert WEEKDAYS.nearest(SATURDAY, SATURDAY, SATURDAY + timedelta(days=1), floor=SATURDAY) == MONDAY


def test_a_clinic_may_be_open_every_day() -> None:
    assert EVERY_DAY.is_open(SATURDAY)
