"""Serum B12 is not low but symptoms go on: what to look at before any change of dose (evidence sections 0, 4 and 5).

Serum B12 on treatment is no response marker, so a value that is not low settles nothing; nor does it call for more B12.
The guidelines advise against measuring it on injections at all, so a course that has gone on counts as much.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum

from monitoring.interpretation.bands import Band, band_of, mma_raised
from monitoring.interpretation.measured import Measured
from monitoring.interpretation.verdict import at_most, label

from .intervals import add_months
from .reading.exposure import B12_ANALYTES, is_oral
from .reassessment import ChecklistItem, Record, checklist
from .safety import sources
from .situation import Situation

_METABOLITES = ("methylmalonic_acid", "homocysteine")
_LABS: tuple[tuple[str, str, tuple[str, ...], str], ...] = (
    (
        "metabolites",
        "Are methylmalonic acid and homocysteine normal on treatment?",
        _METABOLITES,
        f"{sources.NG239}; {sources.LOCAL}",
    ),
    ("folate", "Is folate deficient?", ("folate",), f"{sources.SMPC}; {sources.BSH}"),
    ("iron", "Is iron deficient?", ("ferritin",), f"{sources.LOCAL}"),
    ("thyroid", "Is the thyroid underactive?", ("tsh",), f"{sources.LOCAL}"),
)
_JUDGED = ("cause", "diagnosis")


class Finding(Enum):
    """What the record makes of a question, the weightiest first; open where it has no answer."""

    EXPLAINS = "explains"
    UNCLEAR = "unclear"
    SETTLED = "settled"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class PathwayStep:
    """One question in its order. `tests` answer it, each by a result; without tests a clinician does. `said`: the answer.

    `finding` says what the answer means: the symptoms may come of it, it cannot be read, or it is settled.
    """

    code: str
    question: str
    tests: tuple[str, ...]
    said: str
    source: str
    finding: Finding

    @property
    def is_open(self) -> bool:
        """Whether the record has no answer."""
        return self.finding is Finding.OPEN


@dataclass(frozen=True, slots=True)
class Pathway:
    """Why it is shown, and the questions in order."""

    because: str
    steps: tuple[PathwayStep, ...]

    @property
    def open_steps(self) -> tuple[PathwayStep, ...]:
        """What is still to be answered before a change of dose is thought of."""
        return tuple(step for step in self.steps if step.is_open)

    @property
    def tests_to_plan(self) -> tuple[str, ...]:
        """The tests that no recent result answers."""
        return tuple(test for step in self.open_steps for test in step.tests)


def pathway_of(situation: Situation, record: Record) -> Pathway | None:
    """The pathway where it applies: symptoms go on under treatment, and B12 is not low, or replete by history; else None."""
    symptoms = _symptoms_go_on(situation)
    b12 = _b12_not_low(situation) if symptoms else ""
    if not b12:
        return None
    items = {item.code: item for item in checklist(situation.reading, record)}
    return Pathway(
        f"{b12}, and {symptoms}.", (*_by_results(situation, items), *_by_judgement(situation, items))
    )


def _symptoms_go_on(situation: Situation) -> str:
    """How they go on, in words. Not better or mixed counts on any day, since NG239 reviews sooner where symptoms are worse.

    Scores that are better, or have none before the first dose beside them, count from the three-month review on while
    one is still up (local policy).
    """
    scored, policy, first = situation.facts.symptoms, situation.policy, situation.reading.first_dose_on
    if scored is None or first is None:
        return ""
    if scored.not_better or scored.is_mixed:
        return f"the symptom scores are {scored.change} ({scored.words})"
    reviewed = (scored.scored_on - first).days >= policy.symptoms_day
    if not reviewed or scored.worst is None or scored.worst < policy.symptom_goes_on_points:
        return ""
    return f"symptoms go on{', though better' if scored.change else ''} ({scored.words})"


def _b12_not_low(situation: Situation) -> str:
    """Why more B12 is not the first thought: the last serum B12 is not low, or a course that has gone on; else empty."""
    results, bands = situation.reading.results, situation.pack.bands
    found = [one for name in B12_ANALYTES if (one := results.on_treatment(name)) is not None]
    for one in sorted(found, key=lambda m: m.taken_on, reverse=True):
        band = band_of(one, bands)
        if band is not None:
            return "" if band is Band.DEFICIENT else f"Serum B12 {one.shown()} on treatment is not low"
    return _replete_by_history(situation)


def _replete_by_history(situation: Situation) -> str:
    """Treated up to the three-month review with the last dose still at work, and no serum B12 to say otherwise (local policy)."""
    facts, began_on = situation.facts, situation.reading.first_dose_on
    days = (facts.as_of - began_on).days if began_on else 0
    if days < situation.policy.symptoms_day or not (facts.tablets_since or _still_at_work(situation)):
        return ""
    return f"B12 is replete by history (treated for {days} days, no serum B12 since the first dose says otherwise)"


def _still_at_work(situation: Situation) -> bool:
    """Whether the last dose is no further back than a serum B12 is spoilt by it."""
    facts, policy = situation.facts, situation.policy
    last = max(facts.doses_given, key=lambda dose: dose.given_on)
    if is_oral(last):
        return facts.as_of <= last.given_on + timedelta(weeks=policy.recent_oral_weeks)
    return facts.as_of <= add_months(last.given_on, policy.recent_injection_months)


def _by_results(situation: Situation, items: dict[str, ChecklistItem]) -> Iterator[PathwayStep]:
    for code, question, tests, source in _LABS:
        found = [one for test in tests if (one := _recent(situation, test)) is not None]
        if not found:
            yield PathwayStep(code, question, tests, "", source, Finding.OPEN)
        elif code == "metabolites":
            yield _metabolites(situation, question, found, source)
        else:
            yield _by_checklist(items[code], question, found[0], source)


def _metabolites(situation: Situation, question: str, found: Sequence[Measured], source: str) -> PathwayStep:
    """Either of the two tells; the weightier finding stands."""
    read = [(one, *_metabolite(situation, one)) for one in found]
    said = "; ".join(f"{label(one.lab.analyte)} {_dated(one)}: {words}" for one, _, words in read)
    finding = next(one for one in Finding if one in {finding for _, finding, _ in read})
    return PathwayStep("metabolites", question, (), said, source, finding)


def _metabolite(situation: Situation, one: Measured) -> tuple[Finding, str]:
    if one.lab.analyte == "homocysteine":
        limit = situation.policy.homocysteine_high
        raised, normal = one.above(limit), at_most(one, limit)
        others = "folate or vitamin B6 deficiency and hypothyroidism raise it too"
    else:
        upper, age = situation.pack.mma_upper, situation.facts.age
        raised, others = mma_raised(one, upper, age), "the tissues may lack B12"
        normal = not raised and one.lab.comparator not in (">", ">=")
    if normal:
        return Finding.SETTLED, "normal"
    if not raised:
        return Finding.UNCLEAR, "reported as a bound, which settles nothing"
    if not situation.reading.diagnosis.mma_reliable:
        limit = situation.policy.egfr_mma_reliable
        return Finding.UNCLEAR, f"raised, but with an eGFR under {limit} it may be without a deficiency"
    return Finding.EXPLAINS, f"raised; {others}"


def _by_checklist(item: ChecklistItem, question: str, result: Measured, source: str) -> PathwayStep:
    """What the checklist reads in the result, with its day; a result that it cannot read answers nothing by itself."""
    if item.answer is None:
        said = f"{label(result.lab.analyte)} {_dated(result)} cannot be read: without a range, or as a bound."
        return PathwayStep(item.code, question, (), said, source, Finding.UNCLEAR)
    said = f"{item.answer.words} Taken on {_day(result)}."
    return PathwayStep(item.code, question, (), said, source, _weigh(item))


def _dated(one: Measured) -> str:
    return f"{one.shown()} on {_day(one)}"


def _day(one: Measured) -> str:
    return f"{one.taken_on.day} {one.taken_on:%b %Y}"


def _recent(situation: Situation, test: str) -> Measured | None:
    """The last readable value on treatment, unless it is older than the clinic's policy allows."""
    one = situation.reading.results.on_treatment(test)
    oldest = situation.facts.as_of - timedelta(days=situation.policy.pathway_result_days)
    return one if one is not None and one.number is not None and one.taken_on >= oldest else None


def _by_judgement(situation: Situation, items: dict[str, ChecklistItem]) -> Iterator[PathwayStep]:
    for code in _JUDGED:
        item = items[code]
        said = item.answer.words if item.answer else ""
        yield PathwayStep(code, item.question, (), said, item.source, _weigh(item))


def _weigh(item: ChecklistItem) -> Finding:
    if item.answer is None or not item.ticked:
        return Finding.OPEN
    return Finding.EXPLAINS if item.answer.explains else Finding.SETTLED
