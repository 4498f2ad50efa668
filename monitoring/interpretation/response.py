"""Is the treatment working? What should have moved by now and has not (evidence section 4)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Protocol

from .measured import Measured, Results
from .symptom_trend import ScoredSymptoms
from .units import reticulocytes_absolute


class ResponseFigures(Protocol):
    """The figures that a response is judged by; a clinic's policy holds them."""

    @property
    def reticulocytes_from_day(self) -> int: ...
    @property
    def reticulocytes_to_day(self) -> int: ...
    @property
    def reticulocytes_hct(self) -> Decimal: ...
    @property
    def hb_rise_g_per_l(self) -> Decimal: ...
    @property
    def hb_rise_from_day(self) -> int: ...
    @property
    def hb_normal_day(self) -> int: ...
    @property
    def mcv_high(self) -> Decimal: ...
    @property
    def mcv_normal_day(self) -> int: ...
    @property
    def mma_normal_day(self) -> int: ...
    @property
    def symptoms_day(self) -> int: ...


@dataclass(frozen=True, slots=True)
class ResponseFlag:
    """One marker that has not answered: which, one sentence, and whether the figure is local policy."""

    marker: str
    sentence: str
    local_policy: bool


@dataclass(frozen=True, slots=True)
class Course:
    """What the judgement needs besides the results.

    `hb_limit`: anaemia is below it (g/L). `mma_is_raised` tells whether a value is above its limit; it is only asked
    where the kidneys allow the question (`mma_readable`). `symptoms_unchanged`: None where symptoms were not scored;
    `symptoms` are the scores that say so.
    """

    first_dose_on: date
    as_of: date
    hb_limit: Decimal
    mma_is_raised: Callable[[Measured], bool]
    mma_readable: bool
    symptoms_unchanged: bool | None = None
    symptoms: ScoredSymptoms | None = None

    @property
    def symptoms_day(self) -> int:
        """Days from the first dose to the last scores; where they are not known, to the day of the question."""
        scored_on = self.symptoms.scored_on if self.symptoms else self.as_of
        return (scored_on - self.first_dose_on).days

    def day_of(self, measured: Measured) -> int:
        """Days from the first dose to the sample."""
        return (measured.taken_on - self.first_dose_on).days

    def on_day(self, day: int) -> date:
        """The date of a day counted from the first dose."""
        return self.first_dose_on + timedelta(days=day)


def unanswered(results: Results, course: Course, figures: ResponseFigures) -> tuple[ResponseFlag, ...]:
    """Every marker that should have answered by now and has not, judged by its latest value on treatment."""
    flags: list[ResponseFlag] = []
    if was_anaemic(results, course, figures):
        flags.extend(_reticulocytes(results, course, figures))
        flags.extend(_haemoglobin(results, course, figures))
    flags.extend(_mcv(results, course, figures))
    flags.extend(_mma(results, course, figures))
    flags.extend(_symptoms(course, figures))
    return tuple(flags)


def was_anaemic(results: Results, course: Course, figures: ResponseFigures) -> bool:
    """Whether there was an anaemia to mend: haemoglobin or haematocrit low before the first dose."""
    hb, hct = results.baseline("haemoglobin"), results.baseline("haematocrit")
    low_hb = hb is not None and hb.below(course.hb_limit)
    return low_hb or (hct is not None and hct.below(figures.reticulocytes_hct))


def _reticulocytes(results: Results, course: Course, figures: ResponseFigures) -> Iterator[ResponseFlag]:
    hb = results.on_treatment("haemoglobin")
    if hb is not None and hb.number is not None and not hb.below(course.hb_limit):
        return
    late = _without_a_rise(results, course, figures)
    if late is not None:
        sentence = f"no rise of reticulocytes by day {course.day_of(late)} ({late.shown()})"
        yield ResponseFlag("reticulocytes", sentence, False)
        return
    latest = results.on_treatment("reticulocytes")
    if latest is not None and _below_twice_normal(results, course, figures, latest):
        yield ResponseFlag(
            "reticulocytes",
            f"reticulocytes {latest.shown()} are not twice the laboratory's upper limit while the haematocrit is below "
            f"{figures.reticulocytes_hct} %",
            False,
        )


def _without_a_rise(results: Results, course: Course, figures: ResponseFigures) -> Measured | None:
    """The last sample of the days on which a rise is due, where no sample up to then shows one."""
    before = results.baseline("reticulocytes")
    taken = [
        one
        for one in results.between(
            "reticulocytes", course.on_day(1), course.on_day(figures.reticulocytes_to_day)
        )
        if not one.blocked
    ]
    due = [one for one in taken if course.day_of(one) >= figures.reticulocytes_from_day]
    return due[-1] if due and all(has_risen(results, before, one) is False for one in taken) else None


def has_risen(results: Results, before: Measured | None, now: Measured) -> bool | None:
    """Whether a count is above the value before treatment; without one, above the laboratory's upper limit.

    None where the two cannot be compared.
    """
    if before is None:
        high = now.lab.high
        return None if high is None or now.lab.value is None else now.lab.value > high
    earlier, later = _comparable(results, before, now)
    return None if earlier is None or later is None else later > earlier


def _comparable(results: Results, before: Measured, now: Measured) -> tuple[Decimal | None, Decimal | None]:
    if before.unit == now.unit:
        return before.number, now.number
    return _absolute(results, before), _absolute(results, now)


def _absolute(results: Results, measured: Measured) -> Decimal | None:
    if measured.number is None or measured.unit != "%":
        return measured.number
    same_day = [
        one
        for one in results.all("red_cells")
        if one.taken_on == measured.taken_on and one.number is not None
    ]
    return reticulocytes_absolute(measured.number, same_day[-1].number or Decimal(0)) if same_day else None


def _below_twice_normal(results: Results, course: Course, figures: ResponseFigures, now: Measured) -> bool:
    high, value, hct = now.lab.high, now.lab.value, results.on_treatment("haematocrit")
    if high is None or value is None or hct is None or course.day_of(now) < figures.reticulocytes_from_day:
        return False
    return hct.taken_on == now.taken_on and hct.below(figures.reticulocytes_hct) and value < 2 * high


def _haemoglobin(results: Results, course: Course, figures: ResponseFigures) -> Iterator[ResponseFlag]:
    now, before = results.on_treatment("haemoglobin"), results.baseline("haemoglobin")
    if now is None or not now.below(course.hb_limit):
        return
    day = course.day_of(now)
    if day >= figures.hb_normal_day:
        yield ResponseFlag("haemoglobin", f"haemoglobin {now.shown()} is not normal by day {day}", True)
    elif (
        day >= figures.hb_rise_from_day
        and before is not None
        and _rise(before, now) < figures.hb_rise_g_per_l
    ):
        yield ResponseFlag(
            "haemoglobin",
            f"haemoglobin rose by less than {figures.hb_rise_g_per_l} g/L by day {day} "
            f"({before.shown()} to {now.shown()})",
            True,
        )


def fallen_haemoglobin(results: Results, course: Course) -> Measured | None:
    """The haemoglobin before the first dose where the last one is surely below it and low; None where it is not."""
    now, before = results.on_treatment("haemoglobin"), results.baseline("haemoglobin")
    if now is None or before is None or before.number is None or before.lab.comparator is not None:
        return None
    return before if now.below(before.number) and now.below(course.hb_limit) else None


def _rise(before: Measured, now: Measured) -> Decimal:
    return (now.number or Decimal(0)) - (before.number or Decimal(0))


def _mcv(results: Results, course: Course, figures: ResponseFigures) -> Iterator[ResponseFlag]:
    now, before = results.on_treatment("mcv"), results.baseline("mcv")
    if now is None or before is None or not before.above(figures.mcv_high):
        return
    day = course.day_of(now)
    if day >= figures.mcv_normal_day and now.above(figures.mcv_high):
        yield ResponseFlag(
            "mcv", f"MCV {now.shown()} is still above {figures.mcv_high} fL on day {day}", True
        )


def _mma(results: Results, course: Course, figures: ResponseFigures) -> Iterator[ResponseFlag]:
    now = results.on_treatment("methylmalonic_acid")
    if now is None or not course.mma_readable or course.day_of(now) < figures.mma_normal_day:
        return
    if course.mma_is_raised(now):
        day = course.day_of(now)
        sentence = f"methylmalonic acid {now.shown()} is still above its upper limit on day {day}"
        yield ResponseFlag("methylmalonic_acid", sentence, True)


def _symptoms(course: Course, figures: ResponseFigures) -> Iterator[ResponseFlag]:
    day = course.symptoms_day
    if course.symptoms_unchanged and day >= figures.symptoms_day:
        stand = course.symptoms.change if course.symptoms else "unchanged"
        yield ResponseFlag("symptoms", f"symptoms are {stand} on day {day}", True)
