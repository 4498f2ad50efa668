from .alert import Alert
from .recheck import Recheck, RecheckAnswer, RecheckState
from .result import Result

__all__ = ["Alert", "Recheck", "RecheckAnswer", "RecheckState", "Result"]
