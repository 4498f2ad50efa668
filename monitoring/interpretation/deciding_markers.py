"""The markers that decide whether a response is adequate: blood count, methylmalonic acid and symptoms."""

from __future__ import annotations

from dataclasses import replace

from .expectations import begins_on
from .measured import Measured
from .response import fallen_haemoglobin, has_risen, was_anaemic
from .symptom_trend import Change, ScoredSymptoms
from .verdict import BOUND, Case, Said, Verdict, absent, answered, at_least, at_most, cannot, said

_NAMES = {"symptoms": "Symptoms", "neurological_signs": "Neurological signs"}


def haemoglobin(case: Case, marker: str) -> Said:
    """At least 10 g/L up from week 2, normal from week 8, where there was anaemia. One that has fallen is said to have."""
    now, before = case.now(marker), case.results.baseline(marker)
    if now is None:
        return absent(marker)
    fallen = fallen_haemoglobin(case.results, case.course)
    if not was_anaemic(case.results, case.course, case.figures):
        since = f"; it has fallen from {fallen.shown()} below {case.course.hb_limit}" if fallen else ""
        return cannot(case, now, f"no anaemia was measured before the first dose{since}")
    figures, day, limit = case.figures, case.day(now), case.course.hb_limit
    normal = f"at or above {limit}"
    if at_least(now, limit):
        return answered(case, now, normal)
    rise = f"at least {figures.hb_rise_g_per_l} g/L above {before.shown()}" if before is not None else ""
    expected = normal if day >= figures.hb_normal_day else rise
    if marker in case.flags:
        return said(case, now, expected, Verdict.INADEQUATE)
    if now.lab.comparator is not None:
        return cannot(case, now, BOUND)
    if not rise:
        return said(case, now, f"{normal} from day {figures.hb_normal_day}", Verdict.TOO_EARLY)
    if day < figures.hb_rise_from_day:
        why = "but it has fallen" if fallen else ""
        return said(case, now, f"{rise} from day {figures.hb_rise_from_day}", Verdict.TOO_EARLY, why)
    return said(case, now, rise, Verdict.ADEQUATE)


def mcv(case: Case, marker: str) -> Said:
    """At or below 100 fL after three months where it was above; lower before the second week, it tells nothing."""
    now, before, figures = case.now(marker), case.results.baseline(marker), case.figures
    if now is None:
        return absent(marker)
    if before is None or not before.above(figures.mcv_high):
        return cannot(case, now, f"it was not measured above {figures.mcv_high} fL before the first dose")
    expected = f"at or below {figures.mcv_high}"
    if marker in case.flags:
        return said(case, now, expected, Verdict.INADEQUATE)
    if at_most(now, figures.mcv_high):
        return answered(case, now, expected)
    if not now.above(figures.mcv_high):
        return cannot(case, now, BOUND)
    return said(case, now, f"{expected} from day {figures.mcv_normal_day}", Verdict.TOO_EARLY)


def reticulocytes(case: Case, marker: str) -> Said:
    """Up by day 7 to 10 where there was anaemia."""
    now, figures = case.now(marker), case.figures
    if now is None:
        return absent(marker)
    if not was_anaemic(case.results, case.course, figures):
        return cannot(case, now, "no anaemia was measured before the first dose")
    if marker in case.flags:
        sentence = case.flags[marker].sentence
        return Verdict.INADEQUATE, f"{sentence[0].upper()}{sentence[1:]}: inadequate."
    risen = _first_rise(case, marker)
    first, last = figures.reticulocytes_from_day, figures.reticulocytes_to_day
    if risen is not None:
        return said(case, risen, f"to have risen by day {first} to {last}", Verdict.ADEQUATE)
    if case.day(now) < first:
        return said(case, now, f"to have risen by day {first} to {last}", Verdict.TOO_EARLY)
    if case.day(now) > last:
        return cannot(case, now, f"no rise can be looked for in samples up to day {last}")
    if case.results.baseline(marker) is None:
        return cannot(case, now, "neither a count from before the first dose nor an upper limit is on record")
    return cannot(case, now, "the counts cannot all be compared with the one from before the first dose")


def _first_rise(case: Case, marker: str) -> Measured | None:
    """The first count that is up since treatment can have raised it."""
    before, course = case.results.baseline(marker), case.course
    last = course.on_day(case.figures.reticulocytes_to_day)
    for one in case.results.between(marker, course.on_day(begins_on(marker)), last):
        if not one.blocked and has_risen(case.results, before, one):
            return one
    return None


def methylmalonic_acid(case: Case, marker: str) -> Said:
    """At or below its upper limit from week 8, where the kidneys allow it to be read."""
    now, before, is_raised = case.now(marker), case.results.baseline(marker), case.course.mma_is_raised
    if now is None:
        return absent(marker)
    if not case.course.mma_readable:
        return cannot(case, now, "with an eGFR below 60 it may be raised without a deficiency")
    if marker in case.flags:
        return said(case, now, "at or below its upper limit", Verdict.INADEQUATE)
    if is_raised(now):
        from_day = case.figures.mma_normal_day
        return said(case, now, f"at or below its upper limit from day {from_day}", Verdict.TOO_EARLY)
    if now.lab.comparator in (">", ">=") or is_raised(_without_comparator(now)):
        return cannot(case, now, BOUND)
    if before is not None and not is_raised(before):
        return cannot(case, now, "it was not raised before the first dose")
    return answered(case, now, "at or below its upper limit")


def _without_comparator(measured: Measured) -> Measured:
    return replace(measured, lab=measured.lab._replace(comparator=None))


def symptoms(case: Case, marker: str) -> Said:
    """Symptom scores or neurological signs, which have changed or not."""
    day, from_day = case.course.symptoms_day, case.figures.symptoms_day
    name, unchanged, scored = _NAMES[marker], case.course.symptoms_unchanged, case.course.symptoms
    if unchanged is None:
        never = "before" if scored is not None else "since"
        return Verdict.CANNOT_JUDGE, f"{name} cannot be judged: they were not scored {never} the first dose."
    if marker == "symptoms" and scored is not None:
        return _scored(case, scored)
    if not unchanged:
        return (
            Verdict.CANNOT_JUDGE,
            f"{name} changed by day {day}: whether for the better is asked of the patient.",
        )
    verdict = Verdict.INADEQUATE if "symptoms" in case.flags else Verdict.TOO_EARLY
    return verdict, f"{name} unchanged on day {day}, expected to change by day {from_day}: {verdict.words}."


def _scored(case: Case, scored: ScoredSymptoms) -> Said:
    """What the patient's own scores say; where some are better and others worse, a clinician must weigh them."""
    day, from_day = case.course.symptoms_day, case.figures.symptoms_day
    stand = f"Symptom scores {scored.change} on day {day} ({scored.words})"
    if scored.change == Change.BETTER.value and day < begins_on("symptoms"):
        return Verdict.TOO_EARLY, f"{stand}, by treatment not before day {begins_on('symptoms')}: too early."
    if scored.change == Change.BETTER.value:
        return Verdict.ADEQUATE, f"{stand}: adequate."
    if scored.change == Change.MIXED.value:
        return Verdict.CANNOT_JUDGE, f"{stand}: some better, some worse; weigh them with the patient."
    verdict = Verdict.INADEQUATE if "symptoms" in case.flags else Verdict.TOO_EARLY
    return verdict, f"{stand}, expected to be better by day {from_day}: {verdict.words}."
