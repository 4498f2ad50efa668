"""Units that must be settled before a number is believed."""

from __future__ import annotations

from dataclasses import replace

from b12clinic.vocabulary import Severity
from monitoring.interpretation.units import UNIT_AMBIGUOUS, UNIT_IMPLAUSIBLE, rounded

from ..reading import PlanDraft, Reading
from . import sources
from .rule import Said, rule

_SOURCES = (sources.LOCAL.within("evidence section 2b"), sources.CONVERSION)


def _doubts(reading: Reading, code: str) -> Said | None:
    found = [doubt for one in reading.results.everything() for doubt in one.doubts if doubt.code == code]
    if not found:
        return None
    hardest = min((doubt.severity for doubt in found), key=lambda severity: severity.rank)
    return Said(hardest, " ".join(doubt.sentence for doubt in found))


@rule("UNIT_AMBIGUOUS", Severity.BLOCK, sources=_SOURCES, reach="result", overridable=False)
def unit_ambiguous(reading: Reading, draft: PlanDraft | None) -> Said | None:
    return _doubts(reading, UNIT_AMBIGUOUS)


@rule("UNIT_IMPLAUSIBLE", Severity.BLOCK, sources=_SOURCES, reach="result", overridable=False)
def unit_implausible(reading: Reading, draft: PlanDraft | None) -> Said | None:
    return _doubts(reading, UNIT_IMPLAUSIBLE)


@rule(
    "UNIT_MMOL_HB",
    Severity.INFO,
    sources=(replace(sources.CONVERSION, spoken="conversion factor 16.114 from mmol/L (Fe)"),),
)
def haemoglobin_in_mmol(reading: Reading, draft: PlanDraft | None) -> str | None:
    molar = [
        one
        for one in reading.results.all("haemoglobin")
        if one.reported_unit == "mmol/L" and one.number is not None
    ]
    if not molar:
        return None
    shown = "; ".join(
        f"{one.shown()} is {rounded('haemoglobin', one.number, 'g/L')} g/L" for one in molar if one.number
    )
    return f"Haemoglobin was given in mmol/L: {shown}. Confirm the unit."
