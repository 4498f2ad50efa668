"""The bands of the due list: where a dose stands on a day.

Overdue follows from the dose's own window (evidence section 8). From when it counts as long overdue no guideline says:
that is local policy, a number of days past the due date for each kind of phase.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from b12clinic.vocabulary import PhaseKind
from regimens.protocols.policy import DEFAULT, Policy

WEEK = timedelta(days=7)


class Band(str, Enum):
    """Where a dose stands on the as-of day. Overdue is outside its on-time window; today is due and still inside it."""

    LONG_OVERDUE = "long_overdue"
    OVERDUE = "overdue"
    TODAY = "today"
    WEEK = "week"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class CutOffs:
    """The last due dates that count as long overdue on a day: neurological loading, other loading or taper, maintenance."""

    neuro_loading: date
    loading: date
    maintenance: date

    def of(self, kind: str, *, urgent: bool) -> date:
        """The cut-off of a dose by its phase; `urgent` marks a neurological loading."""
        if urgent:
            return self.neuro_loading
        return self.maintenance if kind == PhaseKind.MAINTENANCE else self.loading


def cut_offs(as_of: date, policy: Policy = DEFAULT) -> CutOffs:
    """The cut-offs of a day; a dose due on the cut-off or before, and outside its window, is long overdue."""
    return CutOffs(
        neuro_loading=as_of - timedelta(days=policy.long_overdue_neuro_loading_days),
        loading=as_of - timedelta(days=policy.long_overdue_loading_days),
        maintenance=as_of - timedelta(days=policy.long_overdue_maintenance_days),
    )


def band_of(
    *, due_on: date, overdue_on: date, kind: str, urgent: bool, as_of: date, policy: Policy = DEFAULT
) -> Band:
    """The band of a dose on a day."""
    if overdue_on <= as_of:
        cut = cut_offs(as_of, policy).of(kind, urgent=urgent)
        return Band.LONG_OVERDUE if due_on <= cut else Band.OVERDUE
    if due_on <= as_of:
        return Band.TODAY
    return Band.WEEK if due_on <= as_of + WEEK else Band.LATER


def long_overdue_rule(policy: Policy = DEFAULT) -> str:
    """From when a dose is long overdue, in a sentence that says whose rule it is."""
    return (
        f"Long overdue: {policy.long_overdue_neuro_loading_days} days past due in a neurological loading,"
        f" {policy.long_overdue_loading_days} in another loading, {policy.long_overdue_maintenance_days} in maintenance"
        " (local policy; no guideline gives a figure)."
    )
