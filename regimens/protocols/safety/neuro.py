"""Nerves: what is urgent, what is an emergency, what must be asked."""

from __future__ import annotations

from b12clinic.vocabulary import Condition, Finding, Severity

from ..reading import PlanDraft, Reading
from . import sources
from .rule import rule

DIABETES = frozenset({Condition.TYPE1_DIABETES, Condition.TYPE2_DIABETES, Condition.DIABETIC_NEPHROPATHY})


def named(findings: tuple[str, ...]) -> str:
    """Findings by their labels, as they stand in a sentence."""
    return ", ".join(Finding.label_of(code).lower() for code in findings)


@rule("NEURO_URGENT", Severity.URGENT, sources=(sources.CKS, sources.BSH))
def neuro_urgent(reading: Reading, draft: PlanDraft | None) -> str | None:
    if not reading.neuro_urgent:
        return None
    signs = named(reading.signs.neuro_signs) or "answered yes by the clinician"
    return (
        f"Neurological involvement ({signs}): seek urgent haematology and neurology advice and do not delay the dose; "
        "deficiency left for months can leave permanent damage."
    )


@rule("SCD_EMERGENCY", Severity.URGENT, sources=(sources.LOTHIAN,))
def scd_emergency(reading: Reading, draft: PlanDraft | None) -> str | None:
    if not reading.scd:
        return None
    return (
        f"Possible spinal cord involvement ({named(reading.signs.cord_signs)}): same-day assessment; "
        "start B12 without waiting for results."
    )


@rule("NEURO_CONFIRM", Severity.WARN, sources=(sources.LOCAL,), overridable=False)
def neuro_confirm(reading: Reading, draft: PlanDraft | None) -> str | None:
    if not reading.signs.neuro_unanswered:
        return None
    return (
        f"Is the nervous system involved ({named(reading.signs.unsure_signs)})? Answer yes or no before signing; "
        "yes takes the neurological scheme."
    )


@rule(
    "DIABETIC_NEUROPATHY_CONFOUNDER",
    Severity.INFO,
    sources=(sources.NG239, sources.LOCAL),
)
def diabetic_neuropathy(reading: Reading, draft: PlanDraft | None) -> str | None:
    if not reading.neuro_urgent or not reading.has(DIABETES):
        return None
    return "Diabetes with neuropathy: treat the deficiency, and say beforehand that a diabetic part of the neuropathy will not improve."
