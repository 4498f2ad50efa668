"""The days on which a clinic is open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

ALL_WEEKDAYS = frozenset(range(7))
_A_YEAR = 366


@dataclass(frozen=True, slots=True)
class ClinicCalendar:
    """Opening days: `open_weekdays` (Monday is 0) less the dates in `closed_on`.

    Raises ValueError where no weekday is open, since no dose could ever be placed.
    """

    open_weekdays: frozenset[int] = ALL_WEEKDAYS
    closed_on: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        if not self.open_weekdays or not self.open_weekdays <= ALL_WEEKDAYS:
            raise ValueError("a clinic is open on at least one weekday, counted from 0 (Monday) to 6")

    def is_open(self, day: date) -> bool:
        return day.weekday() in self.open_weekdays and day not in self.closed_on

    def on_or_after(self, day: date) -> date:
        """The first open day from `day` on; raises ValueError where the clinic stays closed for a year."""
        for ahead in range(_A_YEAR):
            candidate = day + timedelta(days=ahead)
            if self.is_open(candidate):
                return candidate
        raise ValueError(f"the clinic has no open day within a year of {day.isoformat()}")

    def nearest(self, day: date, earliest_on: date, overdue_on: date, floor: date) -> date:
        """The open day closest to `day` inside its window and not before `floor`; else the first one after.

        Of two days equally close the earlier is taken: a dose a day early is on time, and so is the next.
        """
        span = range((overdue_on - earliest_on).days)
        inside = (earliest_on + timedelta(days=ahead) for ahead in span)
        open_days = [one for one in inside if one >= floor and self.is_open(one)]
        if open_days:
            return min(open_days, key=lambda one: abs((one - day).days))
        return self.on_or_after(max(day, floor))


EVERY_DAY = ClinicCalendar()
"""A clinic that never closes: the grid of days as it is."""
