"""The days on which a clinic is open, and how full they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

ALL_WEEKDAYS = frozenset(range(7))
_A_YEAR = 366


@dataclass(frozen=True, slots=True)
class ClinicCalendar:
    """Opening days: `open_weekdays` (Monday is 0) less the dates in `closed_on`; how many doses wait on which day.

    capacity: how many injections one day takes; None: no day is ever full. load: doses planned already, by day.
    Raises ValueError where no weekday is open, since no dose could ever be placed.
    """

    open_weekdays: frozenset[int] = ALL_WEEKDAYS
    closed_on: frozenset[date] = frozenset()
    capacity: int | None = None
    load: Mapping[date, int] = field(default_factory=dict, compare=False)

    def __post_init__(self) -> None:
        if not self.open_weekdays or not self.open_weekdays <= ALL_WEEKDAYS:
            raise ValueError("a clinic is open on at least one weekday, counted from 0 (Monday) to 6")

    def is_open(self, day: date) -> bool:
        return day.weekday() in self.open_weekdays and day not in self.closed_on

    def is_full(self, day: date) -> bool:
        return self.capacity is not None and self.load.get(day, 0) >= self.capacity

    def next_open(self, day: date) -> date | None:
        """The first open day from `day` on; None where the clinic stays closed for a year."""
        ahead = (day + timedelta(days=number) for number in range(_A_YEAR))
        return next((one for one in ahead if self.is_open(one)), None)

    def on_or_after(self, day: date) -> date:
        """The first open day from `day` on; raises ValueError where the clinic stays closed for a year."""
        found = self.next_open(day)
        if found is None:
            raise ValueError(f"the clinic has no open day within a year of {day.isoformat()}")
        return found

    def nearest(self, day: date, earliest_on: date, overdue_on: date, floor: date) -> date:
        """The open day closest to `day` inside its window and not before `floor`; else the first one after.

        Where a day has a capacity, the emptiest open day of the window instead, of days equally empty the closest; a
        window without room keeps the closest, since a full clinic delays no dose. Of two days equally close the
        earlier is taken: a dose a day early is on time, and so is the next.
        """
        span = range((overdue_on - earliest_on).days)
        inside = (earliest_on + timedelta(days=ahead) for ahead in span)
        open_days = [one for one in inside if one >= floor and self.is_open(one)]
        if not open_days:
            return self.on_or_after(max(day, floor))
        by_closeness = sorted(open_days, key=lambda one: abs((one - day).days))
        if self.capacity is None:
            return by_closeness[0]
        roomy = [one for one in by_closeness if not self.is_full(one)]
        return min(roomy, key=lambda one: self.load.get(one, 0)) if roomy else by_closeness[0]


EVERY_DAY = ClinicCalendar()
"""A clinic that never closes: the grid of days as it is."""
