"""How long, and what a plan of this kind brings with it."""

from __future__ import annotations

from b12clinic.vocabulary import Cause, Certainty, Pregnancy, Severity

from ..reading import PlanDraft, Reading
from . import sources
from .allergy import has_allergy
from .rule import injectable_planned, plan_allowed, rule

_ORAL_WORKS = frozenset({Cause.DIET, Cause.FOOD_BOUND_MALABSORPTION, Cause.MEDICINE_INDUCED, Cause.UNKNOWN})


@rule("LIFELONG", Severity.INFO, sources=(sources.NG239.within("1.5"),))
def lifelong(reading: Reading, draft: PlanDraft | None) -> str | None:
    if not reading.irreversible_cause or not plan_allowed(draft):
        return None
    return "The cause does not pass: replacement is lifelong, without an end date, reviewed every year."


@rule("LIFELONG_STOP", Severity.BLOCK, sources=(sources.NG239.within("1.5"),), reach="stop")
def lifelong_stop(reading: Reading, draft: PlanDraft | None) -> str | None:
    if draft is None or not draft.stopping or draft.stop_reason.strip() or not reading.irreversible_cause:
        return None
    return "Stopping B12 in an irreversible cause needs a written reason; the deficiency will return."


@rule("GASTRIC_CA_INFO", Severity.INFO, sources=(sources.US_LABEL, sources.NG239.within("1.7")))
def gastric_cancer(reading: Reading, draft: PlanDraft | None) -> str | None:
    facts = reading.facts
    if facts.cause != Cause.AUTOIMMUNE_GASTRITIS or facts.certainty != Certainty.CONFIRMED:
        return None
    return "Autoimmune gastritis carries about three times the risk of gastric cancer: endoscopy for new upper abdominal symptoms."


@rule("PROPHYLAXIS_NO_LOAD", Severity.INFO, sources=(sources.SMPC,))
def prophylaxis(reading: Reading, draft: PlanDraft | None) -> str | None:
    if not reading.prophylaxis or not plan_allowed(draft):
        return None
    return (
        "Absorption is lost and nothing shows a deficiency: no loading, the maintenance interval from day 0."
    )


@rule("DO_NOT_RECHECK_B12", Severity.INFO, sources=(sources.NG239, sources.NHG))
def do_not_recheck(reading: Reading, draft: PlanDraft | None) -> str | None:
    if reading.family not in ("uk", "nl") or not injectable_planned(draft):
        return None
    return "Serum B12 is not rechecked on injections: it rises with every dose and tells nothing of the response."


@rule("ORAL_ALTERNATIVE", Severity.INFO, sources=(sources.NG239.within("1.5"), sources.CKS))
def oral_alternative(reading: Reading, draft: PlanDraft | None) -> str | None:
    """Shown by cause or pregnancy; where the family knows Leber's, not at all: tablets are cyanocobalamin."""
    fits = reading.facts.cause in _ORAL_WORKS or reading.facts.pregnancy == Pregnancy.PREGNANT
    if not fits or reading.neuro_urgent or reading.scd or reading.optic:
        return None
    if reading.leber_risk or has_allergy(reading):
        return None
    return "B12 by mouth, 1 mg a day or more, is an alternative here."
