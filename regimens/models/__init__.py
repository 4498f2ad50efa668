from .administration import Administration, Authority, Outcome
from .assessment import Assessment, AssessmentSetAside, Neuro
from .contact_attempt import ContactAttempt
from .direction import Direction
from .dose import Dose, DoseMove, DoseState
from .neuro_review import NeuroReview
from .pause import Pause
from .planned_pause import PlannedPause
from .product import Product
from .regimen import FindingOverride, Phase, PlannedRecheck, Regimen, RegimenState, Revision, RevisionKind
from .response_conclusion import ResponseConclusion
from .saved_view import SavedView

__all__ = [
    "Administration",
    "Assessment",
    "AssessmentSetAside",
    "Authority",
    "ContactAttempt",
    "Direction",
    "Dose",
    "DoseMove",
    "DoseState",
    "FindingOverride",
    "Neuro",
    "NeuroReview",
    "Outcome",
    "Pause",
    "Phase",
    "PlannedPause",
    "PlannedRecheck",
    "Product",
    "Regimen",
    "RegimenState",
    "ResponseConclusion",
    "Revision",
    "RevisionKind",
    "SavedView",
]
