from .alert import Alert
from .inbox_item import InboxItem
from .lab_file import (
    DecimalMark,
    LabDoor,
    LabEncoding,
    LabFile,
    LabFileState,
    LabFormat,
    LabProfile,
    WaitingRow,
)
from .read_row import ReadRow
from .recheck import Recheck, RecheckAnswer, RecheckState
from .reported_unit import ReportedUnit
from .result import Result
from .symptom_score import DOMAINS, SymptomScore

__all__ = [
    "DOMAINS",
    "Alert",
    "DecimalMark",
    "InboxItem",
    "LabDoor",
    "LabEncoding",
    "LabFile",
    "LabFileState",
    "LabFormat",
    "LabProfile",
    "ReadRow",
    "Recheck",
    "RecheckAnswer",
    "RecheckState",
    "ReportedUnit",
    "Result",
    "SymptomScore",
    "WaitingRow",
]
