"""Which result answers which recheck.

Local policy, since no guideline names a window: a sample answers every open recheck that is due on its day or earlier,
and, where none is, the next one due within seven days. It never answers one from before that recheck's own first day,
so that bloods taken before treatment began are not counted as the check of its second day.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from b12clinic.vocabulary import FBC_ANALYTES, RecheckTest

from .analytes import ANALYTES

ANSWERS_FROM_DAYS_BEFORE = 7
ANSWER_RULE = (
    "A sample answers every recheck due by its day, else the next one due within 7 days; "
    "one from the day treatment began, or before, answers none."
)

PANELS: dict[str, tuple[str, ...]] = {
    RecheckTest.FBC: FBC_ANALYTES,
    RecheckTest.IRON_STUDIES: ("ferritin", "transferrin_saturation"),
}
"""Tests that stand for several analytes, each of which must be answered."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """An open recheck: its due day, the first day whose samples count, and the parts still without an answer."""

    key: int
    due_on: date
    answers_from: date
    missing: frozenset[str]


def parts_of(test: str) -> tuple[str, ...]:
    """What must be answered for a test: the analytes of a panel, else the test itself."""
    return PANELS.get(test, (test,))


def parts_wanted(tests: Iterable[str]) -> tuple[str, ...]:
    """Every part of these tests once, in the order asked for."""
    return tuple(dict.fromkeys(part for test in tests for part in parts_of(test)))


def still_missing(tests: Iterable[str], answered: Iterable[str]) -> tuple[str, ...]:
    """The parts of these tests that have no answer yet, in the order asked for."""
    done = frozenset(answered)
    return tuple(part for part in parts_wanted(tests) if part not in done)


def answered_by_note(part: str) -> bool:
    """Whether a person answers this part in words (a review, an examination), there being no analyte for it."""
    return part not in ANALYTES


def first_answering_day(due_on: date, begins_on: date) -> date:
    """The first day whose samples answer a recheck due on `due_on` of a treatment that begins on `begins_on`."""
    week_before = due_on - timedelta(days=ANSWERS_FROM_DAYS_BEFORE)
    return min(due_on, max(week_before, begins_on + timedelta(days=1)))


def answers(analyte: str, taken_on: date, wanted: Sequence[Wanted]) -> tuple[int, ...]:
    """The keys of the rechecks that a sample answers for this analyte: all those due, else the next that it is early for."""
    open_here = sorted(
        (one for one in wanted if analyte in one.missing and one.answers_from <= taken_on),
        key=lambda one: (one.due_on, one.key),
    )
    due = tuple(one.key for one in open_here if one.due_on <= taken_on)
    return due or tuple(one.key for one in open_here[:1])
