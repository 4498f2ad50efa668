"""Gaps in days, weeks and calendar months."""

from datetime import date

import pytest

from b12clinic.vocabulary import IntervalUnit
from regimens.protocols.intervals import Interval, add_months

DAY, WEEK, MONTH = IntervalUnit.DAY, IntervalUnit.WEEK, IntervalUnit.MONTH


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2025, 1, 31), 1, date(2025, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2025, 1, 31), 2, date(2025, 3, 31)),
        (date(2025, 11, 30), 3, date(2026, 2, 28)),
        (date(2025, 1, 17), 3, date(2025, 4, 17)),
        (date(2025, 12, 31), 12, date(2026, 12, 31)),
        (date(2025, 3, 31), -1, date(2025, 2, 28)),
    ],
)
def test_months_are_calendar_months_clamped_to_the_end(day: date, months: int, expected: date) -> None:
    assert add_months(day, months) == expected


def test_repeated_months_are_counted_from_the_anchor() -> None:
    monthly = Interval(1, MONTH)
    assert [monthly.after(date(2025, 1, 31), times) for times in (1, 2, 3)] == [
        date(2025, 2, 28),
        date(2025, 3, 31),
        date(2025, 4, 30),
    ]


def test_days_and_weeks_are_exact() -> None:
    assert Interval(2, DAY).after(date(2025, 2, 27)) == date(2025, 3, 1)
    assert Interval(12, WEEK).after(date(2025, 1, 6)) == date(2025, 3, 31)
    assert Interval(1, WEEK).before(date(2025, 1, 6)) == date(2024, 12, 30)


@pytest.mark.parametrize(
    ("interval", "said"),
    [
        (Interval(1, DAY), "daily"),
        (Interval(2, DAY), "on alternate days"),
        (Interval(1, WEEK), "weekly"),
        (Interval(1, MONTH), "monthly"),
        (Interval(3, MONTH), "every 3 months"),
        (Interval(10, DAY), "every 10 days"),
    ],
)
def test_an_interval_is_said_in_words(interval: Interval, said: str) -> None:
    assert interval.phrase == said


def test_an_interval_names_its_count() -> None:
    assert [str(Interval(1, WEEK)), str(Interval(2, WEEK))] == ["1 week", "2 weeks"]
