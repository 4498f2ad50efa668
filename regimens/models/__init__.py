from .administration import Administration, Outcome
from .assessment import Assessment, AssessmentSetAside, Neuro
from .dose import Dose, DoseMove, DoseState
from .product import Product
from .regimen import FindingOverride, Phase, PlannedRecheck, Regimen, RegimenState, Revision, RevisionKind

__all__ = [
    "Administration",
    "Assessment",
    "AssessmentSetAside",
    "Dose",
    "DoseMove",
    "DoseState",
    "FindingOverride",
    "Neuro",
    "Outcome",
    "Phase",
    "PlannedRecheck",
    "Product",
    "Regimen",
    "RegimenState",
    "Revision",
    "RevisionKind",
]
