"""When a dose is on time, and what follows when it is not.

No guideline in the UK or the US gives a grace window or a rule for starting again: all of this is local
policy, set per clinic, and every sentence says so (evidence section 8).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from regimens.protocols.intervals import add_months
from regimens.protocols.origin import LOCAL, Origin, origins
from regimens.protocols.phasespec import PhaseSpec
from regimens.protocols.policy import DEFAULT, LOCAL_POLICY, Policy
from regimens.protocols.written_dates import written

SOURCE = "local policy: no guideline gives a window for late doses"


class Cadence(StrEnum):
    """The rows of the table of late doses."""

    DAILY = "daily"
    EVERY_OTHER_DAY = "every_other_day"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    TWO_MONTHLY = "two_monthly"
    THREE_MONTHLY = "three_monthly"


class LateAction(StrEnum):
    ON_TIME = "on_time"
    EARLY = "early"
    GIVE_AND_CONTINUE = "give_and_continue"
    GIVE_AND_REANCHOR = "give_and_reanchor"
    CLINICIAN_REVIEW = "clinician_review"


class Restart(StrEnum):
    """What a clinician is advised to begin again."""

    LOADING = "loading"
    NEUROLOGICAL_LOADING = "neurological_loading"


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How many days early and late a dose still counts as on time: names of the policy's figures, None for no day."""

    early: str | None
    late: str | None

    def days(self, policy: Policy) -> tuple[int, int]:
        return (
            getattr(policy, self.early) if self.early else 0,
            getattr(policy, self.late) if self.late else 0,
        )


TOLERANCES: dict[Cadence, Tolerance] = {
    Cadence.DAILY: Tolerance(None, None),
    Cadence.EVERY_OTHER_DAY: Tolerance("every_other_day_window_days", "every_other_day_window_days"),
    Cadence.WEEKLY: Tolerance("weekly_window_days", "weekly_window_days"),
    Cadence.MONTHLY: Tolerance("monthly_early_days", "monthly_late_days"),
    Cadence.TWO_MONTHLY: Tolerance("two_monthly_early_days", "two_monthly_late_days"),
    Cadence.THREE_MONTHLY: Tolerance("three_monthly_early_days", "three_monthly_late_days"),
}

_MAINTENANCE_CADENCES = frozenset({Cadence.MONTHLY, Cadence.TWO_MONTHLY, Cadence.THREE_MONTHLY})

# Days from which a gap counted in days or weeks belongs to the row: 8-weekly is the two-monthly row,
# 12-weekly the next.
_ROWS_FROM_DAYS = (
    (70, Cadence.THREE_MONTHLY),
    (42, Cadence.TWO_MONTHLY),
    (28, Cadence.MONTHLY),
    (7, Cadence.WEEKLY),
    (2, Cadence.EVERY_OTHER_DAY),
    (1, Cadence.DAILY),
)
_ROWS_FROM_MONTHS = {1: Cadence.MONTHLY, 2: Cadence.TWO_MONTHLY}


def cadence_of(spec: PhaseSpec) -> Cadence:
    """The row of the table that a phase belongs to, by its nominal interval."""
    if spec.interval.in_months:
        return _ROWS_FROM_MONTHS.get(spec.interval.count, Cadence.THREE_MONTHLY)
    return next(row for least, row in _ROWS_FROM_DAYS if spec.interval.nominal_days >= least)


def is_maintenance_cadence(spec: PhaseSpec) -> bool:
    """Whether the phase is late by the rules of maintenance: monthly or rarer."""
    return cadence_of(spec) in _MAINTENANCE_CADENCES


@dataclass(frozen=True, slots=True)
class Window:
    """The days of one dose: from `earliest_on` it may be given, and from `overdue_on` it is late."""

    earliest_on: date
    due_on: date
    overdue_on: date


def window_of(spec: PhaseSpec, due_on: date, policy: Policy = DEFAULT) -> Window:
    """The on-time window of a dose; `overdue_on` is the first local day outside it."""
    return margins_of(spec, policy).around(due_on)


@dataclass(frozen=True, slots=True)
class Margins:
    """How far the window of a phase's doses reaches, worked out once for many doses."""

    early: timedelta
    overdue: timedelta

    def around(self, due_on: date) -> Window:
        return Window(due_on - self.early, due_on, due_on + self.overdue)


def margins_of(spec: PhaseSpec, policy: Policy = DEFAULT) -> Margins:
    """The margins of every dose of a phase."""
    early, late = TOLERANCES[cadence_of(spec)].days(policy)
    return Margins(timedelta(days=early), timedelta(days=late + 1))


def minimum_gap_days(spec: PhaseSpec, policy: Policy = DEFAULT) -> int:
    """Whole days that must lie between two planned doses of a phase.

    One day in daily, alternate-day and three-a-week courses (20 to 24 hours); the interval less its early
    tolerance when weekly; from monthly on the figure below which maintenance needs a reason.
    """
    cadence = cadence_of(spec)
    if cadence in _MAINTENANCE_CADENCES:
        return policy.maintenance_min_days
    if cadence is Cadence.WEEKLY:
        return spec.interval.nominal_days - policy.weekly_window_days
    return 1


@dataclass(frozen=True, slots=True)
class LateAdvice:
    """What to do with a dose given, or about to be given, on a certain day.

    days_late: days after the due date, negative when early. rule: a stable name of the rule that spoke.
    restart: what a clinician is advised to begin again, if anything.
    """

    action: LateAction
    days_late: int
    rule: str
    sentence: str
    source: str = SOURCE
    local_policy: bool = True
    restart: Restart | None = None

    @property
    def origins(self) -> tuple[Origin, ...]:
        """The cell of the table of late doses that spoke."""
        return origins(f"late_dose/{self.rule}", LOCAL.within("evidence section 8"))

    @property
    def needs_decision(self) -> bool:
        return self.action is LateAction.CLINICIAN_REVIEW

    @property
    def unmarked(self) -> str:
        """The sentence without its mark of local policy, for where the source stands beside it."""
        return self.sentence.removesuffix(f" [{LOCAL_POLICY}]")


def late_advice(
    spec: PhaseSpec,
    *,
    due_on: date,
    given_on: date,
    last_given_on: date | None,
    neurological: bool,
    new_neuro_symptoms: bool = False,
    policy: Policy = DEFAULT,
) -> LateAdvice:
    """The rule that applies to a dose due on one day and given on another.

    last_given_on: the last dose before this one; None: taken as one interval before `due_on`. neurological:
    the regimen is for neurological involvement. new_neuro_symptoms: signs that were not there before.
    """
    days_late = (given_on - due_on).days
    if new_neuro_symptoms:
        return _new_symptoms(days_late)
    window = window_of(spec, due_on, policy)
    if given_on < window.earliest_on:
        return _advice(
            LateAction.EARLY, days_late, "before_window", "The dose is before its window: give a reason."
        )
    if given_on < window.overdue_on:
        return _advice(LateAction.ON_TIME, days_late, "in_window", "The dose is inside its window.")
    last = last_given_on or spec.interval.before(due_on)
    is_first = last_given_on is None
    if is_maintenance_cadence(spec):
        return _late_maintenance(spec, days_late, last, given_on, policy)
    return _late_loading(spec, days_late, (given_on - last).days, neurological, policy, is_first=is_first)


def _new_symptoms(days_late: int) -> LateAdvice:
    return LateAdvice(
        action=LateAction.CLINICIAN_REVIEW,
        days_late=days_late,
        rule="new_neurological_symptoms",
        sentence="New neurological symptoms at any lateness: give today, seek urgent advice, and start the neurological"
        " loading again (alternate days until no further improvement).",
        restart=Restart.NEUROLOGICAL_LOADING,
    )


def _late_loading(
    spec: PhaseSpec, days_late: int, gap: int, neurological: bool, policy: Policy, *, is_first: bool
) -> LateAdvice:
    cadence = cadence_of(spec)
    limit = _loading_limit(spec, cadence, neurological, policy)
    if gap > limit and is_first:
        return _advice(
            LateAction.CLINICIAN_REVIEW,
            days_late,
            f"{cadence.value}_gap_over_{limit}_days",
            f"The first loading dose is {days_late} days late: a clinician decides; the doses owed stay owed.",
        )
    if gap > limit:
        again = Restart.LOADING if cadence is Cadence.EVERY_OTHER_DAY else None
        return _advice(
            LateAction.CLINICIAN_REVIEW,
            days_late,
            f"{cadence.value}_gap_over_{limit}_days",
            f"{gap} days since the last loading dose, more than {limit}: a clinician decides"
            + (
                "; starting the loading count again is suggested." if again else "; the doses owed stay owed."
            ),
            again,
        )
    if cadence is Cadence.WEEKLY:
        return _advice(
            LateAction.GIVE_AND_REANCHOR,
            days_late,
            "weekly_late",
            "Give as soon as possible; the next weekly dose counts from that day, the number of doses stays.",
        )
    return _advice(
        LateAction.GIVE_AND_CONTINUE,
        days_late,
        f"{cadence.value}_late",
        "Give as soon as possible, never two doses together; the rest moves on and the number of doses stays.",
    )


def _loading_limit(spec: PhaseSpec, cadence: Cadence, neurological: bool, policy: Policy) -> int:
    """The longest gap in days that a loading bears without a clinician; three intervals where rarer than weekly."""
    if cadence is Cadence.WEEKLY:
        return max(policy.weekly_gap_review_days, 3 * spec.interval.nominal_days)
    return policy.loading_gap_review_neuro_days if neurological else policy.loading_gap_review_days


def _late_maintenance(
    spec: PhaseSpec, days_late: int, last: date, given_on: date, policy: Policy
) -> LateAdvice:
    restart_after = min(
        spec.interval.after(last, policy.maintenance_restart_intervals),
        add_months(last, policy.maintenance_restart_months),
    )
    if given_on > restart_after:
        return _advice(
            LateAction.CLINICIAN_REVIEW,
            days_late,
            "maintenance_gap_suggests_loading",
            f"The last dose was on {written(last)}, more than {policy.maintenance_restart_intervals} intervals or"
            f" {policy.maintenance_restart_months} months ago: give now; a clinician decides, and loading again is"
            " suggested, with a blood count.",
            Restart.LOADING,
        )
    if given_on > spec.interval.after(last, policy.maintenance_review_intervals):
        return _advice(
            LateAction.CLINICIAN_REVIEW,
            days_late,
            "maintenance_gap_over_two_intervals",
            f"The last dose was on {written(last)}, more than {policy.maintenance_review_intervals} intervals ago: a"
            " clinician reviews, with a blood count (and methylmalonic acid where it helps); cyanocobalamin 1 mg a day"
            " by mouth bridges until the injection, but never with Leber optic neuropathy in patient or family.",
        )
    return _advice(
        LateAction.GIVE_AND_REANCHOR,
        days_late,
        "maintenance_late",
        "Give now; the next dose counts from that day. A blood count is optional where there are no symptoms.",
    )


def _advice(
    action: LateAction, days_late: int, rule: str, sentence: str, restart: Restart | None = None
) -> LateAdvice:
    return LateAdvice(action, days_late, rule, f"{sentence} [{LOCAL_POLICY}]", restart=restart)
