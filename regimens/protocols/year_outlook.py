"""The stores outlook of a schedule over its first year: the doses of a published plan laid on days from day 0.

An open-ended loading is counted up to its review only, as if that review ended it and what follows began then; nobody
can know more, and the words say so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from b12clinic.vocabulary import PhaseKind
from regimens.protocols.outlook import Outlook, OutlookDose, outlook
from regimens.protocols.phasespec import PhaseSpec
from regimens.protocols.schedule import PhaseForecast, forecast

LAST_DAY = 364
OPEN_LOADING = (
    "The loading has no fixed end: it is counted up to its review only, and what follows from then on."
)
_DAY_ZERO = date(2001, 1, 1)  # any day of a common year: only the distances count


@dataclass(frozen=True, slots=True)
class YearOutlook:
    """The band of the first year, the days on which an injection is given, and what was assumed (empty: nothing)."""

    outlook: Outlook
    injected_on: tuple[int, ...]
    assumption: str


def year_outlook(specs: Sequence[PhaseSpec]) -> YearOutlook:
    """What a schedule may add to the stores in a year, from stores that are not known."""
    laid_out = forecast(
        [as_if_reviewed(spec) for spec in specs],
        start_on=_DAY_ZERO,
        until=_DAY_ZERO + timedelta(days=LAST_DAY),
    )
    doses = sorted(_doses(laid_out), key=lambda dose: dose.day)
    injected = dict.fromkeys(day for part in laid_out for day in _days(part) if day <= LAST_DAY)
    return YearOutlook(
        outlook(doses, until_day=LAST_DAY),
        tuple(sorted(injected)),
        OPEN_LOADING if any(_is_open_loading(spec) for spec in specs) else "",
    )


def as_if_reviewed(spec: PhaseSpec) -> PhaseSpec:
    """The phase as if its review ended it and nothing waited for a decision."""
    spec = replace(spec, starts_by_decision=False, gate_day=None)
    if not _is_open_loading(spec):
        return spec
    days = spec.review_after_days or spec.horizon * spec.interval.nominal_days
    return replace(spec, doses=days // spec.interval.nominal_days + 1)


def _is_open_loading(spec: PhaseSpec) -> bool:
    return spec.is_open_ended and spec.kind not in (PhaseKind.MAINTENANCE, PhaseKind.ORAL)


def _doses(laid_out: Sequence[PhaseForecast]) -> Iterator[OutlookDose]:
    """Injections on their days; tablets at their interval from a gap after the last injection to the end of the year."""
    last: int | None = None
    for part in laid_out:
        spec, days = part.spec, _days(part)
        if not spec.is_injected:
            begins = 0 if last is None else last + spec.into.nominal_days
            days = list(range(begins, LAST_DAY + 1, spec.interval.nominal_days))
        for day in days:
            if day <= LAST_DAY:
                yield OutlookDose(spec.drug, spec.dose_mcg, day, spec.route)
        last = days[-1] if days else last


def _days(part: PhaseForecast) -> list[int]:
    return [(dose.due_on - _DAY_ZERO).days for dose in part.doses]
