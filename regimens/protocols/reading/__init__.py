"""The patient as the rules read them: the picture that selection and safety rules share."""

from monitoring.interpretation.bands import Bands, MmaUpper

from .draft import PlanDraft
from .picture import Reading
from .read import detail_is, family_of, is_irreversible, read, response_course

__all__ = [
    "Bands",
    "MmaUpper",
    "PlanDraft",
    "Reading",
    "detail_is",
    "family_of",
    "is_irreversible",
    "read",
    "response_course",
]
