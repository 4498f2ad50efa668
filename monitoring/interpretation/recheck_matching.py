"""Which result answers which recheck.

Local policy, since no guideline names a window: of the open rechecks that want its test, a sample answers the one that
was due last by its day, however late it is, and, where none is due, the next one due within seven days. A check missed
before that stays open until somebody drops it with a reason: bloods of week 8 are not those of day 8. A signed review
speaks of now, so that it answers every one that was due. Nothing answers a recheck before that one's own first day, so
that bloods taken before treatment began are not counted as the check of its second day.

One window has a source: the early check of the reticulocytes looks for their rise, which is seen from day 3 to day 10.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from b12clinic.vocabulary import FBC_ANALYTES, RecheckTest

from .analytes import ANALYTES

ANSWERS_FROM_DAYS_BEFORE = 7
ANSWER_RULE = (
    "A sample answers the recheck that was due last by its day, else the next one due within 7 days; one that was missed "
    "before stays until it is dropped, and a sample of the day treatment began, or before, answers none."
)
RETICULOCYTES = "reticulocytes"
RETICULOCYTES_FROM_DAY, RETICULOCYTES_TO_DAY = 3, 10
"""The days after the first dose on which their rise is seen (evidence section 4: it starts on day 3 to 4, range 3 to 10)."""
RETICULOCYTE_RULE = (
    f"Reticulocytes wanted in the first {RETICULOCYTES_TO_DAY} days are answered by a sample of day "
    f"{RETICULOCYTES_FROM_DAY} to {RETICULOCYTES_TO_DAY} (US label)."
)

PANELS: dict[str, tuple[str, ...]] = {
    RecheckTest.FBC: FBC_ANALYTES,
    RecheckTest.IRON_STUDIES: ("ferritin", "transferrin_saturation"),
}
"""Tests that stand for several analytes, each of which must be answered."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """An open recheck: its due day, the first day whose samples count, and the parts still without an answer.

    `first_dose_on` is what a plan counted its day from, None where nothing is known of it.
    """

    key: int
    due_on: date
    answers_from: date
    missing: frozenset[str]
    first_dose_on: date | None = None

    def takes(self, analyte: str, taken_on: date) -> bool:
        """Whether a sample of this day may be the one that it waits for."""
        if analyte not in self.missing or taken_on < self.answers_from:
            return False
        rise = _rise_of_reticulocytes(self) if analyte == RETICULOCYTES else None
        return rise is None or rise[0] <= taken_on <= rise[1]


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
    """The keys of the rechecks that a sample answers for this analyte: those due last, else the next that it is early for."""
    open_here = sorted(
        (one for one in wanted if one.takes(analyte, taken_on)), key=lambda one: (one.due_on, one.key)
    )
    due = [one for one in open_here if one.due_on <= taken_on]
    if not due:
        return tuple(one.key for one in open_here[:1])
    return tuple(one.key for one in due if answered_by_note(analyte) or one.due_on == due[-1].due_on)


def _rise_of_reticulocytes(wanted: Wanted) -> tuple[date, date] | None:
    """First and last day of a check that looks for the rise, its own due day always among them; None for a later one."""
    if wanted.first_dose_on is None:
        return None
    first = wanted.first_dose_on + timedelta(days=RETICULOCYTES_FROM_DAY)
    last = wanted.first_dose_on + timedelta(days=RETICULOCYTES_TO_DAY)
    return (min(first, wanted.due_on), last) if wanted.due_on <= last else None
