"""When treatment does not answer, and what can look like it."""

from __future__ import annotations

from b12clinic.vocabulary import Cause, CauseDetail, Severity

from ..reading import PlanDraft, Reading, detail_is
from . import sources
from .rule import rule


@rule(
    "INADEQUATE_RESPONSE",
    Severity.WARN,
    sources=(sources.LOTHIAN, sources.US_LABEL, sources.LOCAL.within("evidence section 4").on("limits")),
)
def inadequate_response(reading: Reading, draft: PlanDraft | None) -> str | None:
    if not reading.inadequate_response:
        return None
    reasons = "; ".join(flag.sentence for flag in reading.response)
    return (
        f"The response is inadequate ({reasons}): reassess the diagnosis, missed doses, injection technique and whether the cause is "
        "addressed, then iron, folate, thyroid, kidneys, inflammation and medicines."
    )


@rule("CHECK_COPPER_THIAMINE", Severity.INFO, sources=(sources.LOCAL,))
def copper_and_thiamine(reading: Reading, draft: PlanDraft | None) -> str | None:
    suspicious = reading.neuro_urgent or reading.low_white_cells or reading.low_platelets
    bariatric = reading.facts.cause == Cause.BARIATRIC_SURGERY and suspicious
    if not bariatric and not detail_is(reading.facts, CauseDetail.ROUX_EN_Y):
        return None
    return "After bariatric surgery copper or thiamine deficiency can mimic or accompany this: measure both."
