"""The answers that a marker can get, and the sentences they are said in."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Protocol

from .analytes import ANALYTES
from .expectations import begins_on
from .measured import Measured, Results
from .response import Course, ResponseFigures, ResponseFlag


class Verdict(Enum):
    """The answer for one marker or for the whole response."""

    ADEQUATE = "adequate"
    TOO_EARLY = "too_early"
    INADEQUATE = "inadequate"
    CANNOT_JUDGE = "cannot_judge"

    @property
    def words(self) -> str:
        """As it ends a sentence."""
        return _WORDS[self]


_WORDS = {
    Verdict.ADEQUATE: "adequate",
    Verdict.TOO_EARLY: "too early",
    Verdict.INADEQUATE: "inadequate",
    Verdict.CANNOT_JUDGE: "cannot be judged",
}


class TrajectoryFigures(ResponseFigures, Protocol):
    """The figures of the response and those of the markers that only support it; a clinic's policy holds them."""

    @property
    def homocysteine_high(self) -> Decimal: ...
    @property
    def platelets_low(self) -> Decimal: ...
    @property
    def platelets_high(self) -> Decimal: ...
    @property
    def potassium_low(self) -> Decimal: ...


@dataclass(frozen=True, slots=True)
class Case:
    """One course with its results, the figures it is judged by and the flags that its response has raised."""

    results: Results
    course: Course
    figures: TrajectoryFigures
    flags: dict[str, ResponseFlag]

    def now(self, marker: str) -> Measured | None:
        """The latest value on treatment that is a number in a unit that can be read."""
        found = self.results.on_treatment(marker)
        return found if found is not None and found.number is not None else None

    def day(self, measured: Measured) -> int:
        """Days from the first dose to the sample."""
        return self.course.day_of(measured)


Said = tuple[Verdict, str]
BOUND = "it is reported as a bound"


def label(marker: str) -> str:
    """The name of a marker on the screen."""
    return ANALYTES[marker].label


def absent(marker: str) -> Said:
    """There is nothing to judge by."""
    return Verdict.CANNOT_JUDGE, f"{label(marker)}: no value that can be read since the first dose."


def said(case: Case, now: Measured, expected: str, verdict: Verdict, because: str = "") -> Said:
    """The value, its day, what was expected and the answer: `Haemoglobin 118 g/L on day 56, expected ...: inadequate.`"""
    why = f", {because}" if because else ""
    return (
        verdict,
        f"{label(now.lab.analyte)} {now.shown()} on day {case.day(now)}, expected {expected}: {verdict.words}{why}.",
    )


def answered(case: Case, now: Measured, expected: str) -> Said:
    """Adequate, unless the sample is older than the first day on which treatment can have done it (evidence section 4)."""
    first = begins_on(now.lab.analyte)
    if case.day(now) < first:
        return said(case, now, f"{expected}, by treatment not before day {first}", Verdict.TOO_EARLY)
    return said(case, now, expected, Verdict.ADEQUATE)


def cannot(case: Case, now: Measured, why: str) -> Said:
    """The value and its day, and why they tell nothing."""
    return (
        Verdict.CANNOT_JUDGE,
        f"{label(now.lab.analyte)} {now.shown()} on day {case.day(now)} cannot be judged: {why}.",
    )


def at_least(measured: Measured, limit: Decimal) -> bool:
    """Whether the value is surely at or above the limit (canonical unit)."""
    return (
        measured.number is not None
        and measured.number >= limit
        and measured.lab.comparator in (None, ">", ">=")
    )


def at_most(measured: Measured, limit: Decimal) -> bool:
    """Whether the value is surely at or below the limit (canonical unit)."""
    return (
        measured.number is not None
        and measured.number <= limit
        and measured.lab.comparator in (None, "<", "<=")
    )
