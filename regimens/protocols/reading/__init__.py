"""The patient as the rules read them: the picture that selection and safety rules share."""

from monitoring.interpretation.bands import Bands, MmaUpper

from .draft import PlanDraft

__all__ = ["Bands", "MmaUpper", "PlanDraft"]
