"""The time axis that every marker of the response shares, in days from the first dose."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

LEFT, RIGHT, WIDTH = 40.0, 332.0, 340
_YEAR, _MONTH = 365.25, 30.4375
_STEPS = (
    (30, 7, "wk", 7.0),
    (120, 28, "wk", 7.0),
    (400, 3 * _MONTH, "mo", _MONTH),
    (800, 6 * _MONTH, "mo", _MONTH),
    (6 * _YEAR, _YEAR, "y", _YEAR),
    (15 * _YEAR, 2 * _YEAR, "y", _YEAR),
    (40 * _YEAR, 5 * _YEAR, "y", _YEAR),
    (float("inf"), 20 * _YEAR, "y", _YEAR),
)


class Tick(NamedTuple):
    """A place on the axis and what stands under it."""

    x: float
    label: str


@dataclass(frozen=True, slots=True)
class TimeAxis:
    """From `from_on` to `to_on`, both drawn; `began_on` is the day of the first dose, day 0."""

    began_on: date
    from_on: date
    to_on: date

    def x(self, on: date) -> float:
        """Where a day stands, in the units of the picture."""
        whole = max((self.to_on - self.from_on).days, 1)
        return round(LEFT + (RIGHT - LEFT) * (on - self.from_on).days / whole, 1)

    def x_of_day(self, day: int) -> float:
        """Where a day counted from the first dose stands; one outside the picture stands at its edge."""
        whole = max((self.to_on - self.from_on).days, 1)
        since = day + (self.began_on - self.from_on).days
        return round(LEFT + (RIGHT - LEFT) * min(max(since, 0), whole) / whole, 1)

    def shows(self, on: date) -> bool:
        """Whether the day lies in the picture."""
        return self.from_on <= on <= self.to_on

    @property
    def last_day(self) -> int:
        """The last day drawn, counted from the first dose."""
        return (self.to_on - self.began_on).days

    @property
    def ticks(self) -> list[Tick]:
        """Day 0 and whole weeks, months or years after it, as far apart as the picture allows."""
        step, unit, size = next(
            (step, unit, size)
            for upto, step, unit, size in _STEPS
            if (self.to_on - self.from_on).days <= upto
        )
        first = (self.from_on - self.began_on).days
        places = [number * step for number in range(max(int((self.last_day + 0.5) / step) + 1, 1))]
        marks = [(round(place), f"{place / size:.0f} {unit}" if place else "day 0") for place in places]
        return [Tick(self.x_of_day(day), label) for day, label in marks if first <= day <= self.last_day]


def axis_of(began_on: date, sampled: Iterable[date], today: date, *, since: date | None = None) -> TimeAxis:
    """From the first sample of the last 90 days before the first dose (or the dose itself) to today.

    since: begin the picture on this day instead.
    """
    before = [on for on in sampled if 0 <= (began_on - on).days <= _LOOK_BACK]
    from_on = since if since is not None and since > began_on else min([began_on, *before])
    return TimeAxis(began_on, min(from_on, today), max(today, began_on))


_LOOK_BACK = 90
