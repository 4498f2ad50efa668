"""Eyes: optic neuropathy, and why cyanocobalamin is not for Leber's."""

from __future__ import annotations

from b12clinic.vocabulary import Condition, Drug, Medicine, Severity

from ..reading import PlanDraft, Reading
from . import sources
from .neuro import named
from .rule import rule

_LEBER_SOURCES = (sources.US_LABEL.at("warnings"), sources.NEO_CYTAMEN)


def cyanocobalamin_is_meant(reading: Reading, draft: PlanDraft | None) -> bool:
    """Whether cyanocobalamin is the guideline's own drug, was asked for, or is in the plan before any swap."""
    drafted = None if draft is None else draft.drug_before_swap
    wanted = (reading.facts.requested_drug, drafted)
    return Drug.CYANOCOBALAMIN in wanted or reading.family == "us"


def cyanocobalamin_in_leber(reading: Reading, draft: PlanDraft | None) -> bool:
    """Whether LHON_CYANO fires: Leber in patient or family, and cyanocobalamin by any route, meant or being taken."""
    if not reading.leber_risk:
        return False
    return cyanocobalamin_is_meant(reading, draft) or _takes_cyanocobalamin(reading)


def _takes_cyanocobalamin(reading: Reading) -> bool:
    """Tablets, or a course whose last dose was cyanocobalamin."""
    last = max(reading.facts.doses_given, key=lambda dose: dose.given_on, default=None)
    given = last is not None and last.drug == Drug.CYANOCOBALAMIN
    return given or Medicine.ORAL_CYANOCOBALAMIN in reading.medicines


@rule("LHON_CYANO", Severity.BLOCK, sources=_LEBER_SOURCES, reach="drug")
def lhon_cyano(reading: Reading, draft: PlanDraft | None) -> str | None:
    if not cyanocobalamin_in_leber(reading, draft):
        return None
    return (
        "Leber optic neuropathy in the patient or the family: no cyanocobalamin by any route, severe and swift optic "
        "atrophy is reported; use hydroxocobalamin."
    )


@rule("SWITCH_TO_HYDROXO", Severity.INFO, sources=(sources.NEO_CYTAMEN, sources.COBALIN))
def switch_to_hydroxo(reading: Reading, draft: PlanDraft | None) -> str | None:
    if not cyanocobalamin_in_leber(reading, draft):
        return None
    return "The plan takes hydroxocobalamin in place of cyanocobalamin; stop any cyanocobalamin by mouth."


@rule("OPTIC_URGENT", Severity.URGENT, sources=(sources.LOTHIAN,))
def optic_urgent(reading: Reading, draft: PlanDraft | None) -> str | None:
    if not reading.optic:
        return None
    return (
        f"Visual signs ({named(reading.signs.optic_signs)}): same-day eye assessment, and ask about Leber optic "
        "neuropathy in the patient and the family before any cyanocobalamin."
    )


@rule("TOBACCO_AMBLYOPIA", Severity.INFO, sources=(sources.NEO_CYTAMEN,))
def tobacco_amblyopia(reading: Reading, draft: PlanDraft | None) -> str | None:
    if Condition.TOBACCO_AMBLYOPIA not in reading.facts.conditions:
        return None
    return "Tobacco amblyopia: hydroxocobalamin by the same scheme as for Leber optic neuropathy is licensed for it."
