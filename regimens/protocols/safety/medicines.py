"""Medicines that cause the deficiency or blunt its treatment."""

from __future__ import annotations

from b12clinic.vocabulary import H2_BLOCKERS, PROTON_PUMP_INHIBITORS, Condition, Medicine, Severity

from ..reading import PlanDraft, Reading
from . import sources
from .rule import rule

CAUSAL_MEDICINES = (
    PROTON_PUMP_INHIBITORS
    | H2_BLOCKERS
    | {
        Medicine.METFORMIN,
        Medicine.COLCHICINE,
        Medicine.PREGABALIN,
        Medicine.TOPIRAMATE,
        Medicine.PHENOBARBITAL,
        Medicine.PRIMIDONE,
    }
)
_IMPAIR_ORAL_UPTAKE = frozenset({Medicine.COLCHICINE, Medicine.AMINOSALICYLIC_ACID})


def _named(medicines: frozenset[str]) -> str:
    return ", ".join(Medicine.label_of(code).lower() for code in sorted(medicines))


@rule("DRUG_CAUSE_REVIEW", Severity.INFO, sources=(sources.NG239.within("1.5"),))
def review_causal_medicine(reading: Reading, draft: PlanDraft | None) -> str | None:
    taken = reading.medicines & CAUSAL_MEDICINES
    if not taken:
        return None
    return f"Takes {_named(taken)}: review the need; B12 continues while the exposure does."


@rule("ALCOHOL_INTERACTION", Severity.INFO, sources=(sources.US_LABEL.at("drug interactions"),))
def impaired_oral_uptake(reading: Reading, draft: PlanDraft | None) -> str | None:
    if Condition.ALCOHOL_EXCESS not in reading.facts.conditions and not reading.takes(_IMPAIR_ORAL_UPTAKE):
        return None
    return "Alcohol excess (for more than 2 weeks), colchicine or aminosalicylic acid: B12 by mouth is absorbed badly."


@rule("CHLORAMPHENICOL", Severity.WARN, sources=(sources.NEO_CYTAMEN, sources.US_LABEL))
def chloramphenicol(reading: Reading, draft: PlanDraft | None) -> str | None:
    if Medicine.CHLORAMPHENICOL not in reading.medicines:
        return None
    return "Systemic chloramphenicol may blunt the response of the marrow: watch the blood count."
