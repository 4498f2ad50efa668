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


FIVE_DAYS = (MONDAY, MONDAY + timedelta(days=5))


def with_load(capacity: int | None, *load: int) -> ClinicCalendar:
    """Open every day; the load of the days from Monday on."""
    return ClinicCalendar(
        capacity=capacity, load={MONDAY + timedelta(days=place): count for place, count in enumerate(load)}
    )


def test_a_day_is_full_at_its_capacity_and_never_without_one() -> None:
    assert [with_load(2, load).is_full(MONDAY) for load in (1, 2, 3)] == [False, True, True]
    assert not with_load(None, 500).is_full(MONDAY)


@pytest.mark.parametrize(
    ("load", "day"),
    [
        ((1, 2, 3, 0, 2), date(2025, 1, 16)),
        ((1, 2, 1, 0, 2), date(2025, 1, 16)),
        ((1, 2, 0, 0, 2), WEDNESDAY),
        ((0, 2, 1, 2, 2), MONDAY),
    ],
)
def test_where_a_day_has_a_capacity_the_emptiest_of_the_window_is_taken(
    load: tuple[int, ...], day: date
) -> None:
    assert with_load(3, *load).nearest(WEDNESDAY, *FIVE_DAYS, floor=MONDAY) == day


@pytest.mark.parametrize(
    ("load", "day"),
    [
        ((1, 1, 3, 1, 1), date(2025, 1, 14)),
        ((1, 2, 3, 1, 1), date(2025, 1, 16)),
        ((0, 2, 3, 2, 0), MONDAY),
    ],
)
def test_of_days_equally_empty_the_closest_is_taken_and_of_two_the_earlier(
    load: tuple[int, ...], day: date
) -> None:
    assert with_load(3, *load).nearest(WEDNESDAY, *FIVE_DAYS, floor=MONDAY) == day


def test_without_a_capacity_the_closest_open_day_is_kept_although_others_are_emptier() -> None:
    assert with_load(None, 0, 0, 2, 0, 0).nearest(WEDNESDAY, *FIVE_DAYS, floor=MONDAY) == WEDNESDAY


def test_a_window_without_room_keeps_its_day() -> None:
    assert with_load(3, 3, 4, 5, 3, 3).nearest(WEDNESDAY, *FIVE_DAYS, floor=MONDAY) == WEDNESDAY
    assert with_load(3, 3, 4, 5, 3, 2).nearest(WEDNESDAY, *FIVE_DAYS, floor=MONDAY) == date(2025, 1, 17)


def test_no_day_before_the_floor_is_taken_however_empty() -> None:
    assert with_load(3, 0, 0, 3, 2, 2).nearest(WEDNESDAY, *FIVE_DAYS, floor=WEDNESDAY) == date(2025, 1, 16)
