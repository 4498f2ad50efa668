"""Route, site and needle (evidence section 7)."""

from __future__ import annotations

from b12clinic.vocabulary import Severity, Sex, Site

from ..reading import PlanDraft, Reading
from . import sources
from .rule import injectable_planned, rule

INTRAVENOUS = "iv"


@rule(
    "NO_IV",
    Severity.BLOCK,
    sources=(sources.US_LABEL.at("administration"),),
    reach="route",
    overridable=False,
)
def not_intravenous(reading: Reading, draft: PlanDraft | None) -> str | None:
    if draft is None or draft.route != INTRAVENOUS:
        return None
    return "Not into a vein: the dose is lost in the urine. Intravenous hydroxocobalamin is for cyanide poisoning alone."


@rule("SITE_DG", Severity.WARN, sources=(sources.TECHNIQUE,))
def dorsogluteal(reading: Reading, draft: PlanDraft | None) -> str | None:
    if draft is None or draft.site != Site.DORSOGLUTEAL:
        return None
    return "Avoid the dorsogluteal site: the sciatic nerve is near and the needle often ends in fat; take deltoid, thigh or ventrogluteal."


@rule("NEEDLE_LENGTH_38MM", Severity.INFO, sources=(sources.ACIP,))
def long_needle(reading: Reading, draft: PlanDraft | None) -> str | None:
    weight, figures = reading.facts.weight_kg, reading.policy
    limit = figures.long_needle_women_kg if reading.facts.sex == Sex.FEMALE else figures.long_needle_men_kg
    if weight is None or weight <= limit or not injectable_planned(draft):
        return None
    return f"Weighs more than {limit} kg: a 38 mm needle for the deltoid."
