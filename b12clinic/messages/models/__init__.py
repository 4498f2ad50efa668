from .beat import Beat
from .clinic_messaging import ClinicMessaging
from .daily_word import DailyWord
from .ladder_step import LadderStep
from .letter_batch import LetterBatch
from .message import Audience, Message, MessageState
from .wording_template import WordingTemplate

__all__ = [
    "Audience",
    "Beat",
    "ClinicMessaging",
    "DailyWord",
    "LadderStep",
    "LetterBatch",
    "Message",
    "MessageState",
    "WordingTemplate",
]
