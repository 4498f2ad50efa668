"""Who is planned for."""

from __future__ import annotations

from b12clinic.vocabulary import Severity

from ..reading import PlanDraft, Reading
from . import sources
from .rule import rule


@rule(
    "AGE_EXCLUDED",
    Severity.BLOCK,
    sources=(sources.NG239.noting(" (from 16 years)"), sources.LOCAL),
    reach="plan",
)
def age_excluded(reading: Reading, draft: PlanDraft | None) -> str | None:
    if not reading.age_excluded:
        return None
    least = reading.policy.minimum_age_years
    return f"Aged {reading.facts.age}, under {least}: this service plans for adults; refer to paediatrics."
