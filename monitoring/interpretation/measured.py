"""Reported values made comparable: canonical numbers, words, and which of several samples to look at."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from operator import attrgetter

from .analytes import ANALYTES
from .lab_value import LabValue
from .units import UnitFinding, canonical_unit_for, check_reported, normalise_unit, to_canonical

_taken_on = attrgetter("taken_on")
POSITIVE, NEGATIVE = "positive", "negative"

_WORDS = {
    "positive": POSITIVE,
    "pos": POSITIVE,
    "detected": POSITIVE,
    "negative": NEGATIVE,
    "neg": NEGATIVE,
    "not detected": NEGATIVE,
}


@dataclass(frozen=True, slots=True)
class Measured:
    """One reported value, read: `number` in `unit` (canonical), or `word` (`positive`, `negative`, other), with its doubts."""

    lab: LabValue
    number: Decimal | None
    unit: str
    reported_unit: str | None
    word: str | None
    doubts: tuple[UnitFinding, ...]

    @property
    def taken_on(self) -> date:
        """The day of the sample."""
        return self.lab.taken_on

    @property
    def blocked(self) -> bool:
        """Whether a doubt about the unit must be settled before the value may be used."""
        return any(doubt.unusable for doubt in self.doubts)

    def below(self, limit: Decimal) -> bool:
        """Whether the value is surely below the limit (canonical unit); `>` is never below, `<` is from the limit down."""
        if self.number is None:
            return False
        return surely_below(self.number, self.lab.comparator, limit)

    def above(self, limit: Decimal) -> bool:
        """Whether the value is surely above the limit (canonical unit)."""
        if self.number is None:
            return False
        return surely_above(self.number, self.lab.comparator, limit)

    def shown(self) -> str:
        """The value in the laboratory's own words, with its unit."""
        comparator = self.lab.comparator or ""
        return f"{comparator}{self.lab.text} {self.lab.unit or ''}".strip()


def surely_below(number: Decimal, comparator: str | None, limit: Decimal) -> bool:
    """`n < limit` for a reported number: `<n` is below from `n = limit` down, `>n` never is."""
    if comparator is None:
        return number < limit
    if comparator == "<":
        return number <= limit
    return comparator == "<=" and number < limit


def surely_above(number: Decimal, comparator: str | None, limit: Decimal) -> bool:
    """`n > limit` for a reported number: `>n` is above from `n = limit` up, `<n` never is."""
    if comparator is None:
        return number > limit
    if comparator == ">":
        return number >= limit
    return comparator == ">=" and number > limit


def measure(lab: LabValue, *, on_treatment: bool = False) -> Measured:
    """Read one value. A unit that is missing or not accepted leaves `number` empty and a doubt behind."""
    if lab.value is None:
        return Measured(lab, None, "", lab.unit, _word(lab.text), ())
    reported = normalise_unit(lab.analyte, lab.unit)
    doubts = tuple(
        check_reported(lab.analyte, lab.value, lab.unit, (lab.low, lab.high), on_treatment=on_treatment)
    )
    if reported is None:
        return Measured(lab, None, "", None, None, doubts)
    number = to_canonical(lab.analyte, lab.value, reported)
    word = _word_of_number(lab) if ANALYTES[lab.analyte].coded else None
    return Measured(lab, number, canonical_unit_for(lab.analyte, reported), reported, word, doubts)


def _word(text: str) -> str:
    plain = text.strip().casefold()
    return _WORDS.get(plain, plain)


def _word_of_number(lab: LabValue) -> str | None:
    """An antibody reported as a number is positive above the laboratory's limit and negative within it."""
    if lab.value is None or lab.high is None:
        return None
    if surely_above(lab.value, lab.comparator, lab.high):
        return POSITIVE
    return None if lab.comparator in (">", ">=") else NEGATIVE


class Results:
    """All values known on a day, by analyte, oldest first.

    Baseline is what was taken up to and on the day of the first dose; on treatment is what came after it. A value whose
    unit is in doubt is kept in `all` and never returned as the latest.
    """

    def __init__(
        self,
        labs: Iterable[LabValue],
        *,
        as_of: date,
        first_dose_on: date | None,
        on_treatment: Callable[[LabValue], bool] = lambda lab: False,
    ) -> None:
        self._first_dose_on = first_dose_on
        self._is_on_treatment = on_treatment
        self._read: dict[int, Measured] = {}
        self._by_analyte: dict[str, list[LabValue]] = {}
        in_order = sorted(labs, key=_taken_on)
        for lab in in_order[: bisect_right(in_order, as_of, key=_taken_on)]:
            if lab.analyte in ANALYTES:
                self._by_analyte.setdefault(lab.analyte, []).append(lab)

    def all(self, analyte: str) -> list[Measured]:
        """Every value of the analyte, in doubt or not, oldest first."""
        return [self.measured(lab) for lab in self._by_analyte.get(analyte, ())]

    def between(self, analyte: str, first: date, last: date) -> list[Measured]:
        """Every value of the analyte taken from one day to another, in doubt or not, oldest first."""
        labs = self._by_analyte.get(analyte, ())
        since, until = bisect_left(labs, first, key=_taken_on), bisect_right(labs, last, key=_taken_on)
        return [self.measured(lab) for lab in labs[since:until]]

    def labs(self, analyte: str) -> Sequence[LabValue]:
        """Every value of the analyte as reported, unread, oldest first."""
        return self._by_analyte.get(analyte, ())

    def everything(self) -> Iterable[Measured]:
        """Every value of every analyte."""
        return (one for analyte in self._by_analyte for one in self.all(analyte))

    def measured(self, lab: LabValue) -> Measured:
        """One of these values, read, once: of ten years of results most are never looked at."""
        found = self._read.get(id(lab))
        if found is None:
            found = self._read[id(lab)] = measure(lab, on_treatment=self._is_on_treatment(lab))
        return found

    def _last(self, labs: Sequence[LabValue]) -> Measured | None:
        usable = (one for one in map(self.measured, reversed(labs)) if not one.blocked)
        return next(usable, None)

    def latest(self, analyte: str) -> Measured | None:
        """The last usable value."""
        return self._last(self._by_analyte.get(analyte, ()))

    def baseline(self, analyte: str) -> Measured | None:
        """The last usable value up to and on the day of the first dose; without a dose, the last one."""
        first = self._first_dose_on
        if first is None:
            return self.latest(analyte)
        labs = self._by_analyte.get(analyte, ())
        return self._last(labs[: bisect_right(labs, first, key=_taken_on)])

    def on_treatment(self, analyte: str) -> Measured | None:
        """The last usable value taken after the day of the first dose."""
        first = self._first_dose_on
        if first is None:
            return None
        labs = self._by_analyte.get(analyte, ())
        return self._last(labs[bisect_right(labs, first, key=_taken_on) :])

    def number(self, analyte: str) -> Decimal | None:
        """The last usable value in its canonical unit."""
        latest = self.latest(analyte)
        return None if latest is None else latest.number

    def below(self, analyte: str, limit: Decimal) -> bool:
        """Whether the last usable value is surely below the limit; false where there is none."""
        latest = self.latest(analyte)
        return latest is not None and latest.below(limit)

    def above(self, analyte: str, limit: Decimal) -> bool:
        """Whether the last usable value is surely above the limit; false where there is none."""
        latest = self.latest(analyte)
        return latest is not None and latest.above(limit)
