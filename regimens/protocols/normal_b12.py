"""Serum B12 is not low but symptoms go on: what to look at before any change of dose (evidence sections 0, 4 and 5).

Serum B12 on treatment is no response marker, so a value that is not low settles nothing; nor does it call for more B12.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from monitoring.interpretation.bands import Band, band_of
from monitoring.interpretation.measured import Measured

from .reassessment import Record, checklist
from .safety import sources
from .situation import Situation

_LABS: tuple[tuple[str, str, tuple[str, ...], str], ...] = (
    (
        "metabolites",
        "Are methylmalonic acid and homocysteine normal on treatment?",
        ("methylmalonic_acid", "homocysteine"),
        f"{sources.NG239}; {sources.LOCAL}",
    ),
    ("folate", "Is folate deficient?", ("folate",), f"{sources.SMPC}; {sources.BSH}"),
    ("iron", "Is iron deficient?", ("ferritin",), f"{sources.LOCAL}"),
    ("thyroid", "Is the thyroid underactive?", ("tsh",), f"{sources.LOCAL}"),
)
_JUDGED = ("cause", "diagnosis")


@dataclass(frozen=True, slots=True)
class PathwayStep:
    """One question in its order. `tests` answer it, each by a result; without tests a clinician does. `said`: the answer."""

    code: str
    question: str
    tests: tuple[str, ...]
    said: str
    source: str

    @property
    def is_open(self) -> bool:
        """Whether the record has no answer."""
        return not self.said


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
    """The pathway where it applies: B12 on treatment not low, symptoms unchanged or worse by their scores; else None."""
    scored, b12 = situation.facts.symptoms, _b12_not_low(situation)
    if scored is None or not scored.not_better or b12 is None:
        return None
    because = f"Serum B12 {b12.shown()} on treatment is not low, and the symptom scores are {scored.change} ({scored.words})."
    return Pathway(because, (*_by_results(situation), *_by_judgement(situation, record)))


def _b12_not_low(situation: Situation) -> Measured | None:
    """The last serum B12 on treatment, where its band is known and not the deficient one."""
    results, bands = situation.reading.results, situation.pack.bands
    found = [results.on_treatment(name) for name in ("total_b12", "active_b12")]
    for one in sorted((one for one in found if one is not None), key=lambda m: m.taken_on, reverse=True):
        band = band_of(one, bands)
        if band is not None:
            return None if band is Band.DEFICIENT else one
    return None


def _by_results(situation: Situation) -> Iterator[PathwayStep]:
    for code, question, tests, source in _LABS:
        found = [(test, _recent(situation, test)) for test in tests]
        missing = tuple(test for test, one in found if one is None)
        known = [f"{one.shown()} on {one.taken_on.day} {one.taken_on:%b %Y}" for _, one in found if one]
        if code == "metabolites" and known:
            missing = ()  # either of the two tells
        yield PathwayStep(code, question, missing, "" if missing else "; ".join(known), source)


def _recent(situation: Situation, test: str) -> Measured | None:
    """The last readable value on treatment, unless it is older than the clinic's policy allows."""
    one = situation.reading.results.on_treatment(test)
    oldest = situation.facts.as_of - timedelta(days=situation.policy.pathway_result_days)
    return one if one is not None and one.number is not None and one.taken_on >= oldest else None


def _by_judgement(situation: Situation, record: Record) -> Iterator[PathwayStep]:
    items = {item.code: item for item in checklist(situation.reading, record)}
    for code in _JUDGED:
        item = items[code]
        yield PathwayStep(code, item.question, (), item.answer.words if item.answer else "", item.source)
