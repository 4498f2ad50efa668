"""Is the deficiency shown, and can the results be believed?"""

from __future__ import annotations

from b12clinic.vocabulary import Cause, Certainty, Medicine, Severity

from ..reading import PlanDraft, Reading
from ..written_dates import written
from . import sources
from .rule import plan_allowed, rule

_OESTROGENS = frozenset({Medicine.COMBINED_ORAL_CONTRACEPTIVE, Medicine.HRT})


@rule("DX_NOT_CONFIRMED", Severity.WARN, sources=(sources.SMPC, sources.NG239.on("support")))
def not_confirmed(reading: Reading, draft: PlanDraft | None) -> str | None:
    if not reading.dx_not_confirmed:
        return None
    if reading.signs.neuro_or_optic:
        return (
            "Nothing shows a B12 deficiency yet, so no plan is drafted; the neurological or optic signs do not wait for that. Send "
            f"{_to_send(reading)} now, seek urgent advice, and let a prescriber decide whether to treat at once on clinical grounds."
        )
    return (
        "Nothing shows a B12 deficiency yet: the plan is withheld. Confirm it first (B12 or active B12, methylmalonic acid where the "
        "kidneys allow, intrinsic factor antibody); B12 can mask folate deficiency."
    )


def _to_send(reading: Reading) -> str:
    """What can tell in this patient: with poor kidneys no metabolite, with nitrous oxide homocysteine as well."""
    metabolites = ["methylmalonic acid"] if reading.diagnosis.mma_reliable else []
    if reading.signs.nitrous_oxide:
        metabolites = ["methylmalonic acid or homocysteine"]
    return " and ".join([", ".join(["B12 or active B12", *metabolites]), "intrinsic factor antibody"])


@rule("INDETERMINATE_MMA", Severity.INFO, sources=(sources.NG239.within("1.3"),))
def indeterminate_with_mma(reading: Reading, draft: PlanDraft | None) -> str | None:
    if not (reading.b12_indeterminate and reading.diagnosis.mma_shows_deficiency):
        return None
    return "Indeterminate B12 with raised methylmalonic acid: treat as a confirmed deficiency."


@rule("RECENT_B12", Severity.WARN, sources=(sources.LOCAL.within("evidence section 2c"),))
def recent_b12(reading: Reading, draft: PlanDraft | None) -> str | None:
    if not reading.recent_b12:
        return None
    days = ", ".join(
        written(day) for day in dict.fromkeys(one.taken_on for one in reading.diagnosis.recent_b12)
    )
    return f"The serum B12 of {days} was sampled soon after a dose of B12: it does not tell of deficiency or of response."


@rule("IFA_BEFORE_TX", Severity.INFO, sources=(sources.MAYO_IFBA,))
def antibody_before_treatment(reading: Reading, draft: PlanDraft | None) -> str | None:
    facts = reading.facts
    suspected = facts.cause == Cause.AUTOIMMUNE_GASTRITIS and facts.certainty != Certainty.CONFIRMED
    if facts.cause != Cause.UNKNOWN and not suspected:
        return None
    if reading.course_begun or reading.results.all("intrinsic_factor_antibody") or not plan_allowed(draft):
        return None
    return "Draw intrinsic factor antibody before the first dose, and do not delay the dose for the result."


@rule("IFA_INTERFERENCE", Severity.WARN, sources=(sources.CARMEL_2012,))
def antibody_interference(reading: Reading, draft: PlanDraft | None) -> str | None:
    diagnosis = reading.diagnosis
    if not diagnosis.b12_above_cut_off:
        return None
    if not diagnosis.antibody_positive and not _metabolites_contradict(reading):
        return None
    return (
        "B12 is not low, yet other findings point to deficiency: intrinsic factor antibody can make an assay read falsely normal; go by "
        "methylmalonic acid or homocysteine, or ask for another method."
    )


def _metabolites_contradict(reading: Reading) -> bool:
    mcv = reading.results.baseline("mcv") or reading.results.latest("mcv")
    strong = reading.neuro_urgent or (mcv is not None and mcv.above(reading.policy.mcv_high))
    return strong and (reading.mma_raised or reading.diagnosis.homocysteine_raised)


@rule("IFA_INVALID_RECENT_INJECTION", Severity.WARN, sources=(sources.MAYO_IFBA,))
def antibody_too_soon(reading: Reading, draft: PlanDraft | None) -> str | None:
    if not reading.ifa_invalid:
        return None
    days = ", ".join(written(one.taken_on) for one in reading.antibody_invalid)
    within = reading.policy.antibody_after_injection_days
    return f"Intrinsic factor antibody of {days} was drawn {within} days or less after an injection: repeat it later; treatment goes on."


@rule(
    "COC_LOWERS_B12_INFO",
    Severity.INFO,
    sources=(sources.BNSSG,),
)
def oestrogens_lower_b12(reading: Reading, draft: PlanDraft | None) -> str | None:
    if not reading.takes(_OESTROGENS):
        return None
    return "Combined contraceptive or hormone replacement: a low total B12 may be false; active B12 or methylmalonic acid tells."


@rule("CAUSE_UNKNOWN_INVESTIGATE", Severity.WARN, sources=(sources.NG239.within("1.4"), sources.CKS))
def investigate_cause(reading: Reading, draft: PlanDraft | None) -> str | None:
    if reading.facts.cause != Cause.UNKNOWN or not plan_allowed(draft):
        return None
    return (
        "The cause is not known: intrinsic factor antibody, then parietal cell antibody, gastrin or gastroscopy if suspicion persists; "
        "tTG-IgA with total IgA, TSH, medicines, diet, surgery, nitrous oxide."
    )
