"""Potassium falls as the marrow recovers."""

from __future__ import annotations

from b12clinic.vocabulary import DIURETICS, Condition, Medicine, Severity
from monitoring.interpretation.critical import potassium_act

from ..reading import PlanDraft, Reading
from . import sources
from .rule import rule

CARDIAC_DISEASE = frozenset(
    {
        Condition.ISCHAEMIC_HEART_DISEASE,
        Condition.HEART_FAILURE,
        Condition.ATRIAL_FIBRILLATION,
        Condition.ARRHYTHMIA,
        Condition.MECHANICAL_AORTIC_VALVE,
    }
)
_RISKY_CONDITIONS = CARDIAC_DISEASE | {Condition.EATING_DISORDER, Condition.ALCOHOL_EXCESS}
_RISKY_MEDICINES = DIURETICS | {Medicine.DIGOXIN}


@rule(
    "HYPOK_RISK",
    Severity.WARN,
    sources=(sources.US_LABEL, sources.SMPC, sources.LOCAL.on("trigger")),
)
def hypokalaemia_risk(reading: Reading, draft: PlanDraft | None) -> str | None:
    reasons = _reasons(reading)
    if not reasons:
        return None
    return (
        f"Potassium may fall as the marrow recovers ({'; '.join(reasons)}): measure it before treatment, after 48 hours and on "
        "day 7, with an ECG where the heart is diseased; arrhythmia and sudden death are reported."
    )


def _reasons(reading: Reading) -> list[str]:
    figures = reading.policy
    reasons = []
    if reading.below("haemoglobin", figures.hypokalaemia_hb):
        reasons.append(f"haemoglobin below {figures.hypokalaemia_hb} g/L")
    if reading.below("haematocrit", figures.hypokalaemia_hct):
        reasons.append(f"haematocrit below {figures.hypokalaemia_hct} %")
    at_risk = reading.has(_RISKY_CONDITIONS) or reading.takes(_RISKY_MEDICINES)
    if at_risk and reading.below("haemoglobin", figures.hypokalaemia_hb_with_risk):
        reasons.append(f"haemoglobin below {figures.hypokalaemia_hb_with_risk} g/L with a further risk")
    if _baseline_potassium_low(reading):
        reasons.append(f"potassium below {figures.potassium_low} mmol/L before treatment")
    return reasons


def _baseline_potassium_low(reading: Reading) -> bool:
    potassium = reading.results.baseline("potassium") or reading.results.latest("potassium")
    return potassium is not None and potassium.below(reading.policy.potassium_low)


@rule("K_LOW", Severity.URGENT, sources=(sources.LOCAL,))
def potassium_low(reading: Reading, draft: PlanDraft | None) -> str | None:
    figures, latest = reading.policy, reading.results.latest("potassium")
    if latest is None or not latest.below(figures.potassium_low):
        return None
    act = potassium_act(latest.below, figures, begun=bool(reading.facts.doses_given))
    return f"Potassium {latest.shown()}: {act}. Do not withhold B12."
