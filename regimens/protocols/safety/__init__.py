"""Every safety rule of evidence section 6, one family a file; a new rule is a function with `@rule` in its family."""

from __future__ import annotations

from ..findings import FindingRaised
from ..reading import PlanDraft, Reading
from . import (
    age,
    allergy,
    anaemia,
    bleeding,
    diagnosis,
    dose,
    duration,
    folate,
    injection,
    iron,
    medicines,
    neuro,
    nitrous,
    optic,
    potassium,
    pregnancy,
    renal,
    response,
    thrombosis,
    timing,
    units,
)
from .rule import REGISTER, Rule

FAMILIES = (
    age,
    allergy,
    anaemia,
    bleeding,
    diagnosis,
    dose,
    duration,
    folate,
    injection,
    iron,
    medicines,
    neuro,
    nitrous,
    optic,
    potassium,
    pregnancy,
    renal,
    response,
    thrombosis,
    timing,
    units,
)
RULES: tuple[Rule, ...] = tuple(REGISTER.values())
ALERT_CODES: tuple[str, ...] = tuple(sorted(REGISTER))
"""Every alert code that the build knows."""

__all__ = ["ALERT_CODES", "FAMILIES", "RULES", "find"]


def find(reading: Reading, draft: PlanDraft | None = None) -> tuple[FindingRaised, ...]:
    """Every finding for a patient and the plan drafted for them, hardest first, then by code.

    Without a draft only what needs no plan is said. A rule looks at one patient once, so the cost is the number of rules.
    """
    raised = (rule.finding(reading, draft) for rule in RULES)
    return tuple(sorted((one for one in raised if one is not None), key=lambda finding: finding.order))
