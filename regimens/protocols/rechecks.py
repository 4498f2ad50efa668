"""What is checked and reviewed, and on which day (evidence section 5a).

Loading rows count from the first dose of the current loading, given or planned; from today where a loading resumes late
or begins again. The other rows count from today. Past days are dropped; rows add up, one entry a day.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from b12clinic.vocabulary import Cause, Condition, PhaseKind, RecheckTest
from regimens.protocols.course import Course
from regimens.protocols.pack import CountsFrom, Indication, Protocol, RecheckRule, RecheckWhen
from regimens.protocols.phasespec import PhaseSpec
from regimens.protocols.policy import LOCAL_POLICY
from regimens.protocols.recheck_origins import RecheckRow
from regimens.protocols.recommendation import Recheck, RecommendedPhase
from regimens.protocols.situation import Situation

LOADING_ROWS_LAST_DAY = 90
ANTIBODY_AFTER_LAST_DOSE_DAYS = 21
_REVIEW_DAY = 90
_MONTHS_IN_A_YEAR = 12
_MYELOPROLIFERATIVE = frozenset({Condition.MYELOPROLIFERATIVE_NEOPLASM, Condition.POLYCYTHAEMIA_VERA})
_POTASSIUM_CODES = frozenset({"HYPOK_RISK", "K_LOW"})


@dataclass(frozen=True)
class Plan:
    """What rechecks are planned for. `protocol` is the one that a finding replaced, where one did: its rows stay."""

    situation: Situation
    protocol: Protocol
    phases: tuple[RecommendedPhase, ...]
    course: Course
    alert_codes: frozenset[str]

    @property
    def as_of(self) -> date:
        return self.situation.facts.as_of

    @cached_property
    def loading_phases(self) -> list[PhaseSpec]:
        return [spec for spec in self.protocol.phases if spec.kind in (PhaseKind.LOADING, PhaseKind.TAPER)]

    @cached_property
    def loading_began_on(self) -> date | None:
        """Day 0 of the loading rows; None where no loading is known or planned."""
        if self.course.loading_resumes_late:
            return self.as_of
        if self.course.loading_began_on is not None:
            return self.course.loading_began_on
        first = (phase.doses[0].due_on for phase in self.phases if phase.doses and _loads(phase))
        return next(first, None)

    @property
    def loading_is_over(self) -> bool:
        """No loading is left to give, and its own rows lie in the past or were never known."""
        if any(_loads(phase) for phase in self.phases):
            return False
        began_on = self.loading_began_on
        return began_on is None or began_on + timedelta(days=LOADING_ROWS_LAST_DAY) < self.as_of


def _loads(phase: RecommendedPhase) -> bool:
    return phase.spec.kind in (PhaseKind.LOADING, PhaseKind.TAPER)


def _kidneys_allow(plan: Plan) -> bool:
    return not plan.situation.reading.diagnosis.renal_impairment


def _known_late_after_surgery(plan: Plan) -> bool:
    """The cause's free text says that surgery was more than a year ago: `RYGB 2019`, `sleeve 3 years ago`, `14 months ago`."""
    detail = (plan.situation.facts.cause_detail or "").casefold()
    if re.search(r"\b([2-9]|[1-9]\d)[\s-]*(y|yr|yrs|year|years)\b", detail):
        return True
    if any(
        int(months) > _MONTHS_IN_A_YEAR for months in re.findall(r"\b(\d+)[\s-]*(?:mo|months?)\b", detail)
    ):
        return True
    years = [int(year) for year in re.findall(r"\b(?:19|20)\d\d\b", detail)]
    return bool(years) and max(years) < plan.as_of.year - 1


CONDITIONS: dict[RecheckWhen, Callable[[Plan], bool]] = {
    RecheckWhen.FIXED_LOADING: lambda plan: any(spec.doses is not None for spec in plan.loading_phases),
    RecheckWhen.OPEN_LOADING: lambda plan: (
        plan.protocol.indication is Indication.NEUROLOGICAL
        and any(spec.is_open_ended for spec in plan.loading_phases)
    ),
    RecheckWhen.LOADING: lambda plan: bool(plan.loading_phases),
    RecheckWhen.NO_LOADING: lambda plan: plan.loading_is_over,
    RecheckWhen.INJECTED: lambda plan: not plan.protocol.is_oral,
    RecheckWhen.ORAL: lambda plan: plan.protocol.is_oral,
    RecheckWhen.NITROUS_OXIDE: lambda plan: plan.situation.facts.cause == Cause.NITROUS_OXIDE,
    RecheckWhen.BARIATRIC: lambda plan: plan.situation.facts.cause == Cause.BARIATRIC_SURGERY,
    RecheckWhen.EARLY_AFTER_SURGERY: lambda plan: not _known_late_after_surgery(plan),
    RecheckWhen.ANAEMIC: lambda plan: plan.situation.reading.anaemic,
    RecheckWhen.MYELOPROLIFERATIVE: lambda plan: plan.situation.reading.has(_MYELOPROLIFERATIVE),
    RecheckWhen.MMA_RAISED: lambda plan: plan.situation.reading.mma_raised and _kidneys_allow(plan),
    RecheckWhen.HOMOCYSTEINE_RAISED: lambda plan: (
        plan.situation.reading.diagnosis.homocysteine_raised and _kidneys_allow(plan)
    ),
    RecheckWhen.NEUROLOGICAL: lambda plan: plan.situation.reading.neurological,
    RecheckWhen.OPTIC_OR_LEBER: lambda plan: plan.situation.reading.optic or plan.situation.leber,
    RecheckWhen.PREGNANT_OR_BREASTFEEDING: lambda plan: plan.situation.is_pregnant_or_breastfeeding,
    RecheckWhen.POTASSIUM_AT_RISK: lambda plan: bool(plan.alert_codes & _POTASSIUM_CODES),
    RecheckWhen.SEVERE_ANAEMIA: lambda plan: plan.situation.reading.below(
        "haemoglobin", plan.situation.policy.hypokalaemia_hb
    ),
    RecheckWhen.INR_HIGH: lambda plan: plan.situation.reading.inr_high,
    RecheckWhen.INADEQUATE_RESPONSE: lambda plan: plan.situation.reading.inadequate_response,
}


def _any_pack(
    *when: RecheckWhen,
    day: int,
    tests: tuple[str, ...],
    why: str,
    loading: bool = False,
    source: str = LOCAL_POLICY,
) -> RecheckRule:
    counts_from = CountsFrom.LOADING if loading else CountsFrom.AS_OF
    return RecheckRule(when, day, tests, counts_from, why, source)


_POTASSIUM = "Potassium may fall as the marrow recovers."
_POTASSIUM_SOURCE = "product texts; the days are local policy"
_NERVES = "Neurological examination, compared with the one before treatment."
_EYES = "Visual acuity and the nervous system are examined again."

EVERY_PACK: tuple[RecheckRule, ...] = (
    _any_pack(RecheckWhen.NEUROLOGICAL, day=21, tests=("neuro_exam",), why=_NERVES, loading=True),
    _any_pack(
        RecheckWhen.PREGNANT_OR_BREASTFEEDING,
        day=30,
        tests=("symptom_review", "fbc"),
        why="Review after one month in pregnancy or breastfeeding.",
        source="NG239",
    ),
    _any_pack(
        RecheckWhen.POTASSIUM_AT_RISK,
        RecheckWhen.SEVERE_ANAEMIA,
        day=1,
        tests=("potassium",),
        why=_POTASSIUM,
        loading=True,
        source=_POTASSIUM_SOURCE,
    ),
    *(
        _any_pack(
            RecheckWhen.POTASSIUM_AT_RISK,
            day=day,
            tests=("potassium",),
            why=_POTASSIUM,
            loading=True,
            source=_POTASSIUM_SOURCE,
        )
        for day in (2, 7)
    ),
    _any_pack(
        RecheckWhen.INR_HIGH,
        day=3,
        tests=("inr",),
        why="Intramuscular injections wait for the INR to come back into range.",
    ),
    _any_pack(
        RecheckWhen.OPTIC_OR_LEBER, day=21, tests=("neuro_exam", "visual_acuity"), why=_EYES, loading=True
    ),
    _any_pack(
        RecheckWhen.OPTIC_OR_LEBER, day=56, tests=("fbc",), why="Blood count at 8 weeks.", loading=True
    ),
    _any_pack(
        RecheckWhen.INADEQUATE_RESPONSE,
        day=7,
        tests=("iron_studies", "tsh"),
        why="The response is inadequate: look for iron deficiency and thyroid disease.",
    ),
    _any_pack(
        RecheckWhen.INADEQUATE_RESPONSE,
        day=28,
        tests=("fbc",),
        why="The response is inadequate: blood count after what was found has been treated.",
    ),
)


ALWAYS_REVIEWED = _any_pack(
    day=_REVIEW_DAY, tests=("symptom_review",), why="A plan always has a review date (local policy)."
)
ANTIBODY_AGAIN = _any_pack(
    day=ANTIBODY_AFTER_LAST_DOSE_DAYS,
    tests=("intrinsic_factor_antibody",),
    why="The antibody was drawn too soon after an injection; drawn again before the next one.",
)
"""Two rows that hang on no condition of the table: one stands where nothing else does, one counts from the last dose."""


def rechecks_for(plan: Plan) -> tuple[Recheck, ...]:
    """Every recheck from `as_of` on, one entry a day, in order of days."""
    due = [entry for entry in (*_by_rules(plan), *_antibody(plan)) if entry[0] >= plan.as_of]
    if not any(RecheckTest.SYMPTOM_REVIEW in row.rule.tests for _, row in due):
        due.append((plan.as_of + timedelta(days=_REVIEW_DAY), RecheckRow(None, ALWAYS_REVIEWED)))
    return _merged(due)


Due = tuple[date, RecheckRow]


def _by_rules(plan: Plan) -> Iterator[Due]:
    """Without a loading a pack's loading rows fall away; those of every pack then count from today."""
    began_on = plan.loading_began_on
    pack = plan.situation.pack
    for owner, rules, loading_anchor in (
        (pack, pack.rechecks, began_on),
        (None, EVERY_PACK, began_on or plan.as_of),
    ):
        for rule in rules:
            anchor = plan.as_of if rule.counts_from is CountsFrom.AS_OF else loading_anchor
            if anchor is None or not all(CONDITIONS[when](plan) for when in rule.when):
                continue
            yield anchor + timedelta(days=rule.day), RecheckRow(owner, rule)


def _antibody(plan: Plan) -> Iterator[Due]:
    """An intrinsic factor antibody drawn too soon after a dose is drawn again, before the dose after the last loading."""
    if not plan.situation.reading.ifa_invalid:
        return
    last = last_loading_dose_on(plan.phases, plan.course, plan.situation)
    if last is not None:
        yield last + timedelta(days=ANTIBODY_AFTER_LAST_DOSE_DAYS), RecheckRow(None, ANTIBODY_AGAIN)


def last_loading_dose_on(
    phases: Sequence[RecommendedPhase], course: Course, situation: Situation
) -> date | None:
    """The last dose of the loading, planned or given; None while an open-ended loading is still running."""
    loading = [phase for phase in phases if _loads(phase)]
    if any(phase.spec.is_open_ended for phase in loading):
        return None
    planned = [dose.due_on for phase in loading for dose in phase.doses]
    return max(planned, default=situation.reading.last_dose_on)


def _merged(due: list[Due]) -> tuple[Recheck, ...]:
    days: dict[date, list[RecheckRow]] = {}
    for day, row in sorted(due, key=lambda entry: entry[0]):
        days.setdefault(day, []).append(row)
    return tuple(_on(day, tuple(rows)) for day, rows in days.items())


def _on(day: date, rows: tuple[RecheckRow, ...]) -> Recheck:
    """One entry for all that is due on a day; what two rows ask for is asked once."""
    tests = dict.fromkeys(test for row in rows for test in row.rule.tests)
    whys = dict.fromkeys(_why(row.rule) for row in rows)
    return Recheck(day, tuple(tests), " ".join(whys), rows)


def _why(rule: RecheckRule) -> str:
    source = "" if rule.source == LOCAL_POLICY else f" ({rule.source})"
    return f"{rule.why.rstrip('.')}{source}."
