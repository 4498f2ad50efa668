"""Gaps between injections: days, weeks or calendar months, never months of thirty days."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from b12clinic.vocabulary import IntervalUnit

DAYS_IN_A_WEEK = 7


def add_months(day: date, months: int) -> date:
    """`day` moved by whole calendar months, clamped to the end of a shorter month.

    Count from the anchor each time: 31 January plus one month is 28 February, plus two is 31 March again.
    """
    place = day.year * 12 + day.month - 1 + months
    year, month = divmod(place, 12)
    return date(year, month + 1, min(day.day, _length_of(year, month + 1)))


@lru_cache(maxsize=4096)
def _length_of(year: int, month: int) -> int:
    return monthrange(year, month)[1]


@dataclass(frozen=True, slots=True)
class Interval:
    """A gap of `count` days, weeks or calendar months."""

    count: int
    unit: IntervalUnit

    def after(self, anchor: date, times: int = 1) -> date:
        """The day `times` intervals after `anchor`; months are counted from the anchor and clamped."""
        if self.unit is IntervalUnit.MONTH:
            return add_months(anchor, self.count * times)
        return anchor + timedelta(days=self.nominal_days * times)

    def before(self, day: date) -> date:
        """The day one interval earlier."""
        return self.after(day, -1)

    @property
    def nominal_days(self) -> int:
        """Length in days: exact for days and weeks; for months an order of size, never used for a date."""
        return self.count * _NOMINAL_DAYS[self.unit]

    @property
    def in_months(self) -> bool:
        return self.unit is IntervalUnit.MONTH

    def __str__(self) -> str:
        return f"{self.count} {self.unit.label}{'' if self.count == 1 else 's'}"

    @property
    def phrase(self) -> str:
        """How it is said: `daily`, `on alternate days`, `every 3 months`."""
        if self.count == 1:
            return {IntervalUnit.DAY: "daily", IntervalUnit.WEEK: "weekly", IntervalUnit.MONTH: "monthly"}[
                self.unit
            ]
        if self == ALTERNATE_DAYS:
            return "on alternate days"
        return f"every {self}"

    def to_dict(self) -> dict[str, Any]:
        return {"count": self.count, "unit": self.unit.value}


_NOMINAL_DAYS = {IntervalUnit.DAY: 1, IntervalUnit.WEEK: DAYS_IN_A_WEEK, IntervalUnit.MONTH: 30}

ALTERNATE_DAYS = Interval(2, IntervalUnit.DAY)
