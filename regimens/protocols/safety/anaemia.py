"""Severe anaemia and falling cell lines."""

from __future__ import annotations

from b12clinic.vocabulary import Finding, Severity

from ..reading import PlanDraft, Reading
from . import sources
from .rule import rule

_STRAIN = frozenset({Finding.DYSPNOEA, Finding.PALPITATIONS})


def _hb(reading: Reading) -> str:
    latest = reading.results.latest("haemoglobin")
    return "" if latest is None else latest.shown()


@rule("SEVERE_ANAEMIA", Severity.URGENT, sources=(sources.WHO, sources.CKS))
def severe_anaemia(reading: Reading, draft: PlanDraft | None) -> str | None:
    if not reading.below("haemoglobin", reading.policy.severe_anaemia_hb):
        return None
    return f"Severe anaemia (haemoglobin {_hb(reading)}): urgent haematology advice, and do not delay B12."


@rule("TRANSFUSION_CAUTION", Severity.URGENT, sources=(sources.BSH, sources.NG24))
def transfusion_caution(reading: Reading, draft: PlanDraft | None) -> str | None:
    figures = reading.policy
    strained = bool(reading.facts.findings & _STRAIN)
    very_low = reading.below("haemoglobin", figures.transfusion_hb)
    if not very_low and not (strained and reading.below("haemoglobin", figures.severe_anaemia_hb)):
        return None
    return (
        f"Haemoglobin {_hb(reading)}: transfuse only if unstable, one unit slowly, watching for circulatory overload; "
        "haematology advice first."
    )


@rule("PANCYTOPENIA_URGENT", Severity.URGENT, sources=(sources.CKS, sources.LOCAL.on("limits")))
def pancytopenia(reading: Reading, draft: PlanDraft | None) -> str | None:
    if not (reading.anaemic and reading.low_white_cells and reading.low_platelets):
        return None
    return "Haemoglobin, white cells and platelets are all low: urgent haematology advice."
