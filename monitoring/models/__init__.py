from .alert import Alert
from .inbox_item import InboxItem
from .lab_file import LabEncoding, LabFile, LabFileState, LabFormat, LabProfile, WaitingRow
from .recheck import Recheck, RecheckAnswer, RecheckState
from .result import Result
from .symptom_score import DOMAINS, SymptomScore

__all__ = [
    "DOMAINS",
    "Alert",
    "InboxItem",
    "LabEncoding",
    "LabFile",
    "LabFileState",
    "LabFormat",
    "LabProfile",
    "Recheck",
    "RecheckAnswer",
    "RecheckState",
    "Result",
    "SymptomScore",
    "WaitingRow",
]
