"""A published schedule as a picture: a year on a line, a band for each phase, a tick for each injection."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from regimens.presenters.words import phase_line
from regimens.protocols.phasespec import PhaseSpec
from regimens.protocols.schedule import PhaseForecast, forecast
from regimens.protocols.year_outlook import as_if_reviewed

YEAR = 365
THINNEST = 2
_DAY_ZERO = date(2001, 1, 1)  # any day of a common year: only the distances are drawn


def picture_of_phases(specs: Sequence[PhaseSpec]) -> dict[str, Any]:
    """Bands and ticks in days from the first dose. An open-ended loading is drawn up to its review."""
    drawn = [as_if_reviewed(spec) for spec in specs]
    laid_out = forecast(drawn, start_on=_DAY_ZERO, until=_DAY_ZERO + timedelta(days=YEAR - 1))
    starts = _starts(laid_out)
    ends = [*starts[1:], YEAR]
    return {
        "label": "; ".join(phase_line(spec) for spec in specs),
        "bands": [
            {
                "kind": spec.kind.value,
                "from_day": starts[place],
                "days": max(_end(laid_out[place], ends[place]) - starts[place], THINNEST),
            }
            for place, spec in enumerate(specs)
            if starts[place] < YEAR
        ],
        "ticks": [day for part in laid_out for day in _days(part) if day < YEAR],
        "starts": "First dose",
        "ends": "One year",
    }


def _days(part: PhaseForecast) -> list[int]:
    return [(dose.due_on - _DAY_ZERO).days for dose in part.doses]


def _starts(laid_out: Sequence[PhaseForecast]) -> list[int]:
    """The day on which each phase begins; tablets begin a gap after the last injection before them."""
    starts: list[int] = []
    last = 0
    for part in laid_out:
        days = _days(part)
        gap = part.spec.into.nominal_days if part.ordinal else 0
        starts.append(days[0] if days else last + gap)
        last = days[-1] if days else starts[-1]
    return starts


def _end(part: PhaseForecast, following: int) -> int:
    """A phase reaches to the next one; the last ends with its last dose unless it is open-ended."""
    days = _days(part)
    if following == YEAR and part.spec.doses is not None and days:
        return min(days[-1] + THINNEST, YEAR)
    return following
