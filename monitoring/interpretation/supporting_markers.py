"""The markers that support a judgement without deciding it, and those that are no sign of response."""

from __future__ import annotations

from .measured import Measured, surely_above
from .verdict import BOUND, Case, Said, Verdict, absent, at_least, at_most, cannot, said

_HAEMOLYSIS_FALLS_BY_DAY, _HAEMOLYSIS_GONE_BY_DAY = 14, 30
_PLATELETS_RECOVER_BY_DAY = 14
_METABOLITES_NORMAL_BY_DAY = 14


def homocysteine(case: Case, marker: str) -> Said:
    """Normal after two weeks; one that stays raised has other reasons too."""
    now, before, limit = case.now(marker), case.results.baseline(marker), case.figures.homocysteine_high
    if now is None:
        return absent(marker)
    if before is None or not before.above(limit):
        return cannot(case, now, f"it was not measured above {limit} umol/L before the first dose")
    if at_most(now, limit):
        return said(case, now, f"at or below {limit}", Verdict.ADEQUATE)
    if case.day(now) < _METABOLITES_NORMAL_BY_DAY:
        return said(case, now, f"at or below {limit} by day {_METABOLITES_NORMAL_BY_DAY}", Verdict.TOO_EARLY)
    others = "kidneys, folate or vitamin B6 deficiency and hypothyroidism raise it too"
    return said(case, now, f"at or below {limit}", Verdict.CANNOT_JUDGE, f"since {others}")


def haemolysis(case: Case, marker: str) -> Said:
    """LDH and bilirubin, by the laboratory's own limit: lower after two weeks, normal after a month."""
    now, before = case.now(marker), case.results.baseline(marker)
    if now is None:
        return absent(marker)
    high = None if before is None else before.lab.high
    if before is None or before.lab.value is None or high is None:
        return cannot(case, now, "no value with the laboratory's range is known from before the first dose")
    if not surely_above(before.lab.value, before.lab.comparator, high):
        return cannot(case, now, "it was not raised before the first dose")
    return _haemolysis_then(case, now, before)


def _haemolysis_then(case: Case, now: Measured, before: Measured) -> Said:
    day, high, within = case.day(now), now.lab.high, "within the laboratory's range"
    if now.lab.comparator is not None:
        return cannot(case, now, BOUND)
    if high is not None and now.lab.value is not None and now.lab.value <= high:
        return said(case, now, within, Verdict.ADEQUATE)
    if day < _HAEMOLYSIS_FALLS_BY_DAY:
        return said(case, now, f"to fall by day {_HAEMOLYSIS_FALLS_BY_DAY}", Verdict.TOO_EARLY)
    if day >= _HAEMOLYSIS_GONE_BY_DAY:
        if high is None:
            return cannot(case, now, "the laboratory gave no range")
        return said(case, now, within, Verdict.INADEQUATE)
    fallen = before.number is not None and now.below(before.number)
    return said(case, now, f"below {before.shown()}", Verdict.ADEQUATE if fallen else Verdict.INADEQUATE)


def platelets(case: Case, marker: str) -> Said:
    """Recovered after two weeks where they were low."""
    now, before, figures = case.now(marker), case.results.baseline(marker), case.figures
    if now is None:
        return absent(marker)
    if now.above(figures.platelets_high):
        return cannot(case, now, "a reactive rise is expected in the first weeks of treatment")
    if before is None or not before.below(figures.platelets_low):
        return cannot(
            case, now, f"they were not measured below {figures.platelets_low} before the first dose"
        )
    expected = f"at or above {figures.platelets_low}"
    if at_least(now, figures.platelets_low):
        return said(case, now, expected, Verdict.ADEQUATE)
    if not now.below(figures.platelets_low):
        return cannot(case, now, BOUND)
    if case.day(now) < _PLATELETS_RECOVER_BY_DAY:
        return said(case, now, f"{expected} by day {_PLATELETS_RECOVER_BY_DAY}", Verdict.TOO_EARLY)
    return said(case, now, expected, Verdict.INADEQUATE)


def potassium(case: Case, marker: str) -> Said:
    """Watched for safety, never a sign of response."""
    now = case.now(marker)
    if now is None:
        return absent(marker)
    low = "; it is low: correct it and check again" if now.below(case.figures.potassium_low) else ""
    return cannot(
        case, now, f"a fall in the first 48 hours is watched for safety and is no sign of response{low}"
    )


def serum_b12(case: Case, marker: str) -> Said:
    """No response marker on treatment."""
    now = case.results.on_treatment(marker)
    if now is None:
        return absent(marker)
    return cannot(case, now, "serum B12 on treatment is not a response marker")
