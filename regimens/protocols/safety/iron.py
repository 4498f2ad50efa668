"""Iron: it can blunt the response, and its loss can be the stomach."""

from __future__ import annotations

from b12clinic.vocabulary import Cause, Severity

from ..reading import PlanDraft, Reading
from . import sources
from .rule import rule


def _ferritin_low(reading: Reading) -> bool:
    return reading.below("ferritin", reading.policy.ferritin_low)


@rule("IRON_CHECK", Severity.INFO, sources=(sources.LOCAL,))
def iron_check(reading: Reading, draft: PlanDraft | None) -> str | None:
    latest = reading.results.latest("ferritin")
    if latest is None or not _ferritin_low(reading):
        return None
    return f"Ferritin {latest.shown()} is low: iron deficiency can blunt the response to B12; look for its cause and treat it."


@rule("GI_BLOOD_LOSS", Severity.WARN, sources=(sources.CKS, sources.LOCAL.on("ferritin limit")))
def gastrointestinal_blood_loss(reading: Reading, draft: PlanDraft | None) -> str | None:
    if reading.facts.cause != Cause.AUTOIMMUNE_GASTRITIS or not _ferritin_low(reading):
        return None
    return (
        "Autoimmune gastritis with low ferritin: refer to gastroenterology, gastric cancer is more frequent."
    )
