"""Why a planned dose stands on its day: each step with its rule, one sentence and its origins.

Worked out when somebody asks, from the rules that the schedule left on the dose, the phase, the protocol as published or as
kept with a signature, and the policy in force.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from b12clinic.vocabulary import IntervalUnit, PhaseKind
from regimens.protocols.date_rules import DateRule
from regimens.protocols.origin import LOCAL, Origin, OriginKind, Source, origins
from regimens.protocols.pack import Protocol
from regimens.protocols.phasespec import PhaseSpec
from regimens.protocols.policy import Policy
from regimens.protocols.schedule import PlannedDose
from regimens.protocols.windows import LateAdvice, minimum_gap_days
from regimens.protocols.written_dates import written

MODEL = LOCAL.within("evidence section 1d")
LATE = LOCAL.within("evidence section 8")
CALENDAR = Source(
    "Calendar", "the clinic's calendar", "The clinic's opening days and closed days", OriginKind.CALENDAR
)
PRESCRIBER = Source(
    "Prescriber", "the prescriber", "The prescriber who adjusted the plan", OriginKind.CLINICIAN
)


@dataclass(frozen=True, slots=True)
class DateReason:
    """One step towards a date."""

    rule: DateRule
    sentence: str
    origins: tuple[Origin, ...]


@dataclass(frozen=True)
class Grounds:
    """What the dates of a plan stand on.

    protocol: as published, or as kept with the signature. late: what the late-dose rules said of
    the next dose. first_day_chosen: the clinician chose another first day than the one proposed.
    """

    protocol: Protocol
    policy: Policy
    late: LateAdvice | None = None
    first_day_chosen: bool = False
    _of_phase: dict[PhaseSpec, tuple[Origin, ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def interval_of(self, spec: PhaseSpec) -> tuple[Origin, ...]:
        """Where the interval of a phase comes from: the published phase, the clinic's figure, or the prescriber."""
        if spec not in self._of_phase:
            self._of_phase[spec] = tuple(_interval_origins(spec, self))
        return self._of_phase[spec]


def rules_of(spec: PhaseSpec, dose: PlannedDose, grounds: Grounds) -> tuple[DateRule, ...]:
    """Every rule by which a dose stands on its day, in the order in which they act."""
    return tuple(_rules(spec, dose, grounds))


def _rules(spec: PhaseSpec, dose: PlannedDose, grounds: Grounds) -> Iterator[DateRule]:
    first, *moved = dose.rules
    if first is DateRule.FIRST_DAY and grounds.first_day_chosen:
        yield DateRule.CLINICIANS_DAY
    else:
        yield first
    if grounds.late is not None and first in _WHERE_LATE:
        yield DateRule.LATE_DOSE
    if _counts_months(spec, first):
        yield DateRule.CALENDAR_MONTHS
    yield from moved
    if spec.is_open_ended:
        yield DateRule.ROLLING_HORIZON
    if dose.provisional:
        yield DateRule.CHECK_GATE


_WHERE_LATE = (DateRule.FIRST_DAY, DateRule.FROM_TODAY, DateRule.PATTERN_AGAIN)


def _counts_months(spec: PhaseSpec, first: DateRule) -> bool:
    counted = spec.into if first is DateRule.PHASE_STEP else spec.interval
    by_interval = first in (DateRule.PHASE_STEP, DateRule.INTERVAL, DateRule.COURSE_GOES_ON)
    return by_interval and counted.in_months


def explain(spec: PhaseSpec, dose: PlannedDose, grounds: Grounds) -> tuple[DateReason, ...]:
    """The steps that led to a date, each with its sentence and its origins."""
    return tuple(
        DateReason(rule, _sentence(rule, spec, dose, grounds), origins_of(rule, spec, grounds))
        for rule in rules_of(spec, dose, grounds)
    )


def origins_of(rule: DateRule, spec: PhaseSpec, grounds: Grounds) -> tuple[Origin, ...]:
    """Where one rule of a date comes from."""
    if rule is DateRule.LATE_DOSE and grounds.late is not None:
        return grounds.late.origins
    if rule is DateRule.INTERVAL:
        return grounds.interval_of(spec)
    if rule in (DateRule.PHASE_STEP, DateRule.COURSE_GOES_ON):
        return (*_OWN[rule], *grounds.interval_of(spec))
    if rule is DateRule.CHECK_GATE:
        return (*grounds.protocol.origins, *_OWN[rule])
    return _OWN[rule]


_SOURCES: dict[DateRule, Source] = {
    DateRule.FIRST_DAY: MODEL,
    DateRule.PHASE_STEP: MODEL,
    DateRule.INTERVAL: MODEL,
    DateRule.COURSE_GOES_ON: MODEL,
    DateRule.FROM_TODAY: MODEL,
    DateRule.PATTERN_AGAIN: MODEL,
    DateRule.CLINICIANS_DAY: PRESCRIBER,
    DateRule.LATE_DOSE: LATE,
    DateRule.CALENDAR_MONTHS: MODEL,
    DateRule.OPEN_DAY: CALENDAR,
    DateRule.FULL_DAY: CALENDAR,
    DateRule.EMPTIER_DAY: CALENDAR,
    DateRule.MINIMUM_GAP: LOCAL,
    DateRule.ROLLING_HORIZON: MODEL,
    DateRule.CHECK_GATE: MODEL,
}
_OWN = {rule: origins(f"date/{rule}", source) for rule, source in _SOURCES.items()}


def _interval_origins(spec: PhaseSpec, grounds: Grounds) -> Iterator[Origin]:
    protocol, policy = grounds.protocol, grounds.policy
    rule = f"{protocol.code}/{spec.kind}"
    own = tuple(citation.behind(rule) for citation in protocol.citations)
    if _is_published(spec, protocol):
        yield from own
        if protocol.maintenance_months and spec.kind is PhaseKind.MAINTENANCE:
            yield LOCAL.within("evidence section 5a").behind("policy/uk_maintenance_months")
    elif _is_booked_in_weeks(spec, protocol, policy):
        yield from own
        yield MODEL.behind("policy/weeks_booked_per_month")
    else:
        yield PRESCRIBER.behind("prescriber/interval")


def _is_published(spec: PhaseSpec, protocol: Protocol) -> bool:
    """The interval is one that the protocol prints; a pattern of gaps may begin at another of its places."""
    months = protocol.maintenance_months
    if spec.kind is PhaseKind.MAINTENANCE and spec.interval.in_months and spec.interval.count in months:
        return True
    return any(
        one.interval == spec.interval and sorted(one.gaps) == sorted(spec.gaps) for one in protocol.phases
    )


def _is_booked_in_weeks(spec: PhaseSpec, protocol: Protocol, policy: Policy) -> bool:
    weeks = policy.weeks_booked_per_month
    if not weeks or spec.interval.unit is not IntervalUnit.WEEK:
        return False
    counts = {one.interval.count for one in protocol.phases if one.interval.in_months}
    return spec.interval.count in {count * weeks for count in counts | set(protocol.maintenance_months)}


def _sentence(rule: DateRule, spec: PhaseSpec, dose: PlannedDose, grounds: Grounds) -> str:
    if rule is DateRule.LATE_DOSE and grounds.late is not None:
        return grounds.late.sentence
    days = minimum_gap_days(spec, grounds.policy)
    return _SENTENCES[rule].format(
        rhythm=spec.rhythm,
        into=spec.into,
        was=written(_moved_from(dose)),
        gap="1 day" if days == 1 else f"{days} days",
        horizon=spec.horizon,
    )


def _moved_from(dose: PlannedDose) -> date:
    return dose.would_be_on or dose.due_on


_SENTENCES: dict[DateRule, str] = {
    DateRule.FIRST_DAY: "The plan begins on this day.",
    DateRule.CLINICIANS_DAY: "The clinician chose this first day.",
    DateRule.PHASE_STEP: "The last dose of the phase before, and then the gap into this phase: {into}.",
    DateRule.INTERVAL: "The interval of the phase: {rhythm}.",
    DateRule.COURSE_GOES_ON: "The last dose given, and then the next interval: {rhythm}.",
    DateRule.FROM_TODAY: "Its own day has passed, so the course goes on from this day.",
    DateRule.PATTERN_AGAIN: "Its window has passed, so the pattern ({rhythm}) begins again from here; the number of doses stays.",
    DateRule.LATE_DOSE: "The dose is late.",
    DateRule.CALENDAR_MONTHS: "Months are calendar months, ending with a shorter month.",
    DateRule.OPEN_DAY: "Moved from {was}, when the clinic gives no injections.",
    DateRule.FULL_DAY: "Moved from {was}, when the clinic is full.",
    DateRule.EMPTIER_DAY: "Moved from {was} to a day of its window on which fewer injections are planned.",
    DateRule.MINIMUM_GAP: "Held back from {was}: at least {gap} lie between two injections of this phase.",
    DateRule.ROLLING_HORIZON: "The phase is open-ended; only the next {horizon} doses are listed at a time.",
    DateRule.CHECK_GATE: "Provisional until the check of the phase before has passed.",
}
