"""Which results a recent dose of B12 has spoilt (evidence section 2c)."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from datetime import date, timedelta

from b12clinic.vocabulary import Medicine, PhaseKind, Route
from monitoring.interpretation.lab_value import LabValue

from ..facts import DoseGiven, PatientFacts
from ..intervals import add_months
from ..policy import Policy

B12_ANALYTES = ("total_b12", "active_b12")


def is_oral(dose: DoseGiven) -> bool:
    """Whether a dose given was a tablet; a dose without a route is an injection."""
    return dose.route == Route.ORAL or dose.phase == PhaseKind.ORAL


def recent_b12_test(facts: PatientFacts, policy: Policy) -> Callable[[LabValue], bool]:
    """Whether a B12 result was sampled after, not on, a dose day: within months of an injection, weeks of a tablet.

    Cyanocobalamin among the medicines, or as planned tablets, is being taken now: every sample after its start is spoilt,
    every sample at all where the start is not known.
    """
    injected = sorted(dose.given_on for dose in facts.doses_given if not is_oral(dose))
    swallowed = tuple(dose.given_on for dose in facts.doses_given if is_oral(dose))
    planned = (facts.tablets_since,) if facts.tablets_since else ()
    taken = (one.since for one in facts.medications if one.code == Medicine.ORAL_CYANOCOBALAMIN)
    ongoing = (*taken, *planned)
    oral_span = timedelta(weeks=policy.recent_oral_weeks)

    def spoilt(lab: LabValue) -> bool:
        if lab.analyte not in B12_ANALYTES:
            return False
        on = lab.taken_on
        return (
            any(since is None or on > since for since in ongoing)
            or any(day < on <= day + oral_span for day in swallowed)
            or _soon_after(on, injected, policy.recent_injection_months)
        )

    return spoilt


def _soon_after(taken: date, injected: Sequence[date], months: int) -> bool:
    """Whether the last of these days before the sample (in order) lies no more than so many months back."""
    before = bisect_left(injected, taken)
    return before > 0 and taken <= add_months(injected[before - 1], months)


def days_after_injection(facts: PatientFacts, taken_on: date) -> int | None:
    """Days from the last injection before the sample to the sample; None where there was none before it.

    A sample on the day of an injection counts as drawn before it.
    """
    before = [dose.given_on for dose in facts.doses_given if not is_oral(dose) and dose.given_on < taken_on]
    return (taken_on - max(before)).days if before else None
