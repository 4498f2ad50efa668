"""Too often, too seldom, too late (evidence sections 6 and 8)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from b12clinic.vocabulary import IntervalUnit, PhaseKind, Severity

from ..phasespec import PhaseSpec
from ..reading import PlanDraft, Reading
from ..reading.exposure import is_oral
from . import sources
from .dose import LABEL_DOSE_MCG
from .rule import Said, rule

_ALTERNATE = 2
_THREE_MONTHS, _LONGEST_THREE_MONTHS_DAYS = 3, 92
_ONE_MONTH, _LONGEST_MONTH_DAYS = 1, 31


@rule("FREQ_HIGH", Severity.WARN, sources=(sources.LOCAL,), reach="dose")
def too_often(reading: Reading, draft: PlanDraft | None) -> Said | None:
    if _too_soon(reading, draft):
        hours = reading.policy.minimum_hours_between_doses
        return Said(
            Severity.BLOCK, f"Less than {hours} hours since the last injection: never two in one day."
        )
    for sentence in (*_planned_too_often(reading, draft), *_given_too_long(reading, draft)):
        return Said(Severity.WARN, sentence)
    return None


def _too_soon(reading: Reading, draft: PlanDraft | None) -> bool:
    if draft is None:
        return False
    if draft.hours_since_last_dose is not None:
        return draft.hours_since_last_dose < reading.policy.minimum_hours_between_doses
    return draft.first_due_on is not None and draft.first_due_on == reading.last_dose_on


def _planned_too_often(reading: Reading, draft: PlanDraft | None) -> Iterator[str]:
    for spec in (one for one in draft.specs if one.is_injected) if draft else ():
        if spec.kind is not PhaseKind.MAINTENANCE:
            yield from _course_too_long(reading, _gap_days(spec), _days_covered(spec))
        elif _gap_days(spec) < reading.policy.maintenance_min_days and draft and not draft.interval_reason:
            yield f"Maintenance closer than every {reading.policy.maintenance_min_days} days needs a reason."


def _course_too_long(reading: Reading, gap: int, days: int) -> Iterator[str]:
    figures = reading.policy
    if gap == 1 and days > figures.daily_max_days:
        yield f"Daily injections for more than {figures.daily_max_days} days."
    if gap == _ALTERNATE and days > figures.alternate_day_max_days:
        yield f"Alternate-day injections for more than {figures.alternate_day_max_days} days without a review."


def _gap_days(spec: PhaseSpec) -> int:
    """The longest gap of a phase; months only tell more than the limits here."""
    return max(spec.gaps, default=spec.interval.nominal_days)


def _days_covered(spec: PhaseSpec) -> int:
    """Days from the first dose to the last before a review, both counted; without either, no end."""
    if spec.doses is not None:
        return (spec.doses - 1) * _gap_days(spec) + 1
    return spec.review_after_days if spec.review_after_days is not None else 10**6


def _given_too_long(reading: Reading, draft: PlanDraft | None) -> Iterator[str]:
    days = _injection_days(reading, draft)
    for gap in (1, _ALTERNATE):
        yield from _course_too_long(reading, gap, _run_covers(days, gap))


def _injection_days(reading: Reading, draft: PlanDraft | None) -> list[date]:
    """The days of injections since the last review, the next one included; none where the plan loads no further."""
    if draft is None or not draft.specs or draft.specs[0].kind is not PhaseKind.LOADING:
        return []
    since = reading.facts.neuro_reviewed_on or date.min
    given = {d.given_on for d in reading.facts.doses_given if not is_oral(d) and d.given_on >= since}
    if given and draft.first_due_on is not None:
        given.add(draft.first_due_on)
    return sorted(given)


def _run_covers(days: list[date], gap: int) -> int:
    """Days covered by the last unbroken run with at most `gap` days between injections, both ends counted."""
    covered = 1
    for earlier, later in reversed(list(pairwise(days))):
        between = (later - earlier).days
        if between > gap:
            break
        covered += between
    return covered if days else 0


@rule("FREQ_LOW", Severity.WARN, sources=(sources.BNF, sources.US_LABEL))
def too_seldom(reading: Reading, draft: PlanDraft | None) -> str | None:
    for spec in draft.specs if draft else ():
        if spec.kind is PhaseKind.MAINTENANCE and uk_too_seldom(reading, spec):
            return "Maintenance further apart than 3 months in an irreversible cause."
        if spec.kind is PhaseKind.MAINTENANCE and draft and _label_too_seldom(draft, spec):
            return "Maintenance of 100 mcg further apart than a month: the label says monthly."
    return None


def uk_too_seldom(reading: Reading, spec: PhaseSpec) -> bool:
    """Whether maintenance is planned further apart than three months where the cause does not pass (UK)."""
    binding = reading.family == "uk" and reading.irreversible_cause
    return binding and _longer(spec, _THREE_MONTHS, _LONGEST_THREE_MONTHS_DAYS)


def _label_too_seldom(draft: PlanDraft, spec: PhaseSpec) -> bool:
    binding = draft.pack_code == "us-label" and spec.dose_mcg <= LABEL_DOSE_MCG
    return binding and _longer(spec, _ONE_MONTH, _LONGEST_MONTH_DAYS)


def _longer(spec: PhaseSpec, months: int, days: int) -> bool:
    if spec.interval.unit is IntervalUnit.MONTH:
        return spec.interval.count > months
    return spec.interval.nominal_days > days


@rule("LATE_LOADING", Severity.WARN, sources=(sources.LOCAL.within("evidence section 8"),))
def late_loading(reading: Reading, draft: PlanDraft | None) -> str | None:
    late = _days_late(reading, draft)
    if late is None or draft is None or draft.running_kind == PhaseKind.MAINTENANCE:
        return None
    return _said_late("loading", late, draft)


@rule("LATE_MAINT", Severity.WARN, sources=(sources.LOCAL.within("evidence section 8"),))
def late_maintenance(reading: Reading, draft: PlanDraft | None) -> str | None:
    late = _days_late(reading, draft)
    if late is None or draft is None or draft.running_kind != PhaseKind.MAINTENANCE:
        return None
    return _said_late("maintenance", late, draft)


def _said_late(kind: str, days: int, draft: PlanDraft) -> str:
    """How late, and what the table of late doses says: the words of the plan, so that the two never disagree."""
    unit = "day" if days == 1 else "days"
    return f"A {kind} dose is {days} {unit} late. {draft.running_advice}".rstrip()


def _days_late(reading: Reading, draft: PlanDraft | None) -> int | None:
    if draft is None or draft.running_due_on is None or draft.running_overdue_on is None:
        return None
    if reading.facts.as_of < draft.running_overdue_on:
        return None
    return (reading.facts.as_of - draft.running_due_on).days
