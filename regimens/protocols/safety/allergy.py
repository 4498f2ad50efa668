"""Allergy to cobalamin, cobalt and what a vial holds."""

from __future__ import annotations

from b12clinic.vocabulary import Allergen, Condition, Reaction, Severity

from ..reading import PlanDraft, Reading
from ..reading.exposure import is_oral
from . import sources
from .rule import Said, injectable_planned, rule


def has_allergy(reading: Reading) -> bool:
    """Whether ALLERGY_COBALAMIN or ALLERGY_COBALT fires."""
    return reading.cobalamin_allergy or reading.cobalt_allergy


@rule(
    "ALLERGY_COBALAMIN",
    Severity.BLOCK,
    sources=(sources.SMPC.at("contraindications"), sources.US_LABEL),
    reach="plan",
)
def allergy_cobalamin(reading: Reading, draft: PlanDraft | None) -> str | None:
    if not reading.cobalamin_allergy:
        return None
    return (
        "A reaction to a cobalamin is recorded: every cobalamin is contraindicated, do not swap one for another; "
        "ask an allergy specialist."
    )


@rule(
    "ALLERGY_COBALT",
    Severity.BLOCK,
    sources=(sources.US_LABEL.at("contraindications"), sources.SWISS),
    reach="plan",
)
def allergy_cobalt(reading: Reading, draft: PlanDraft | None) -> Said | None:
    if not reading.cobalt_allergy:
        return None
    if reading.cobalt_block:
        return Said(
            Severity.BLOCK,
            "Sensitivity to cobalt or cobalamin that was systemic, or a pack whose label contraindicates it: no injection "
            "before an allergy specialist has advised; the US label suggests an intradermal test dose.",
        )
    return Said(
        Severity.WARN,
        "Sensitivity to cobalt or cobalamin without a systemic reaction recorded: ask what happened and weigh benefit and risk.",
    )


@rule("REFER_ALLERGY", Severity.INFO, sources=(sources.SMPC, sources.US_LABEL))
def refer_allergy(reading: Reading, draft: PlanDraft | None) -> str | None:
    return (
        "Refer to an allergy specialist for testing or a graded introduction."
        if has_allergy(reading)
        else None
    )


@rule(
    "BENZYL_ALLERGY",
    Severity.BLOCK,
    sources=(sources.US_LABEL.noting(" (benzyl alcohol 1.5 %)"),),
    reach="product",
)
def benzyl_allergy(reading: Reading, draft: PlanDraft | None) -> str | None:
    if not any(one.substance == Allergen.BENZYL_ALCOHOL for one in reading.facts.allergies):
        return None
    return "Allergy to benzyl alcohol: use a product without it (some cyanocobalamin vials hold 1.5 %)."


@rule("PSORIASIS_CONTACT", Severity.INFO, sources=(sources.SWISS,))
def psoriasis_contact(reading: Reading, draft: PlanDraft | None) -> str | None:
    eczema = any(
        one.substance == Allergen.COBALT and Reaction.CONTACT_DERMATITIS in one.reactions
        for one in reading.facts.allergies
    )
    if not eczema and Condition.PSORIASIS not in reading.facts.conditions:
        return None
    return "Psoriasis or cobalt eczema may flare after cobalamin: tell the patient what to look for."


@rule(
    "ANAPHYLAXIS_OBS",
    Severity.INFO,
    sources=(sources.US_LABEL.at("warnings"), sources.LOCAL),
)
def anaphylaxis_obs(reading: Reading, draft: PlanDraft | None) -> str | None:
    injected_before = any(not is_oral(dose) for dose in reading.facts.doses_given)
    if injected_before or not injectable_planned(draft):
        return None
    return "First injection: observe for 15 to 30 minutes with adrenaline at hand; anaphylaxis and death are reported."
