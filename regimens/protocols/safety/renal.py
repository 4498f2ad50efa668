"""Kidneys: an unreliable methylmalonic acid, aluminium, and another reason for anaemia."""

from __future__ import annotations

from b12clinic.vocabulary import Condition, Drug, Severity

from ..reading import PlanDraft, Reading
from . import sources
from .rule import rule

_STAGE_BELOW_45 = frozenset({Condition.CKD_4, Condition.CKD_5})


@rule("RENAL_MMA", Severity.INFO, sources=(sources.LABCORP,))
def mma_unreliable(reading: Reading, draft: PlanDraft | None) -> str | None:
    if not reading.diagnosis.renal_impairment:
        return None
    limit = reading.policy.egfr_mma_reliable
    return f"eGFR below {limit}: methylmalonic acid rises without deficiency; no plan on methylmalonic acid alone."


@rule("RENAL_ALU", Severity.WARN, sources=(sources.US_LABEL.at("aluminium"), sources.DIVINE))
def aluminium(reading: Reading, draft: PlanDraft | None) -> str | None:
    if not reading.renal_aluminium or not cyanocobalamin_by_default(reading, draft):
        return None
    limit = reading.policy.egfr_aluminium
    return (
        f"eGFR below {limit}: aluminium from cyanocobalamin vials accumulates, and high-dose B vitamins did harm in "
        "diabetic nephropathy (how far that holds for injections is uncertain); an injection plan takes hydroxocobalamin "
        "on the same days."
    )


def cyanocobalamin_by_default(reading: Reading, draft: PlanDraft | None) -> bool:
    """Whether cyanocobalamin is the guideline's drug for the injection, or was asked for."""
    drafted = draft.drug_before_swap if draft is not None and draft.parenteral else None
    return reading.family == "us" or Drug.CYANOCOBALAMIN in (drafted, reading.facts.requested_drug)


@rule("CONSIDER_CKD_ANAEMIA", Severity.INFO, sources=(sources.LOCAL,))
def anaemia_of_kidney_disease(reading: Reading, draft: PlanDraft | None) -> str | None:
    figures, mcv = reading.policy, reading.results.latest("mcv")
    if mcv is None or mcv.below(figures.mcv_low) or mcv.above(figures.mcv_high):
        return None
    if not reading.anaemic or reading.b12_low or not _poor_kidneys(reading):
        return None
    return f"Normocytic anaemia with eGFR below {figures.egfr_ckd_anaemia} and B12 not low: think of anaemia of kidney disease."


def _poor_kidneys(reading: Reading) -> bool:
    if reading.results.latest("egfr") is not None:
        return reading.below("egfr", reading.policy.egfr_ckd_anaemia)
    return reading.has(_STAGE_BELOW_45)
