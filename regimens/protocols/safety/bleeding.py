"""Bleeding into a muscle: anticoagulants, INR, platelets, clotting disorders."""

from __future__ import annotations

from b12clinic.vocabulary import ANTICOAGULANTS, ANTIPLATELETS, Condition, Medicine, Severity

from ..reading import PlanDraft, Reading
from . import sources
from .rule import rule

_BLEEDING_DISORDERS = frozenset({Condition.HAEMOPHILIA, Condition.VON_WILLEBRAND})
_PLATELETS = (sources.LOCAL.noting(" (secondary summaries only)"),)


@rule("ANTICOAG_IM", Severity.WARN, sources=(sources.SPS, sources.GREEN_BOOK.on("technique")))
def anticoagulated(reading: Reading, draft: PlanDraft | None) -> str | None:
    dual = len(reading.medicines & ANTIPLATELETS) > 1
    if not dual and not reading.takes(ANTICOAGULANTS):
        return None
    taken = sorted(reading.medicines & (ANTICOAGULANTS | (ANTIPLATELETS if dual else frozenset())))
    named = ", ".join(Medicine.label_of(code).lower() for code in taken)
    tablets = "" if reading.leber_risk else "consider oral B12; "
    return (
        f"Takes {named}: {tablets}for an injection the deltoid, "
        "a 23 to 25 G needle, under 3 mL, firm pressure for 2 minutes or more without rubbing."
    )


@rule(
    "INR_HIGH",
    Severity.BLOCK,
    sources=(sources.SPS, sources.LOCAL.on("limit without a target range")),
    reach="im",
)
def inr_high(reading: Reading, draft: PlanDraft | None) -> str | None:
    latest = reading.results.latest("inr")
    if latest is None or not reading.inr_high:
        return None
    return (
        f"INR {latest.lab.text} is above the target range (or above {reading.policy.inr_limit} where none is known): hold the "
        f"intramuscular injection, bridge with {_instead(reading)}; off-label for UK hydroxocobalamin."
    )


def _instead(reading: Reading) -> str:
    """What can be given without a muscle; tablets are cyanocobalamin, which Leber in patient or family bars."""
    return (
        "deep subcutaneous hydroxocobalamin" if reading.leber_risk else "oral 1 mg a day or deep subcutaneous"
    )


@rule("PLT_LOW_BLOCK_IM", Severity.BLOCK, sources=_PLATELETS, reach="im")
def platelets_bar_im(reading: Reading, draft: PlanDraft | None) -> str | None:
    if not reading.platelets_bar_im:
        return None
    return (
        f"Platelets {_platelets(reading)}, below {reading.policy.platelets_bar_im}: no intramuscular injection; "
        f"{_instead(reading)} meanwhile. Platelets low from B12 deficiency recover within 1 to 2 weeks."
    )


@rule("PLT_LOW_WARN", Severity.WARN, sources=_PLATELETS)
def platelets_warn(reading: Reading, draft: PlanDraft | None) -> str | None:
    if reading.platelets_bar_im or not reading.below("platelets", reading.policy.platelets_warn):
        return None
    return f"Platelets {_platelets(reading)}: a 25 to 27 G needle and pressure for 5 to 10 minutes, or subcutaneous or oral instead."


@rule("THROMBOCYTOPENIA_INFO", Severity.INFO, sources=_PLATELETS)
def thrombocytopenia(reading: Reading, draft: PlanDraft | None) -> str | None:
    if not reading.low_platelets or reading.below("platelets", reading.policy.platelets_warn):
        return None
    return f"Platelets {_platelets(reading)}: low from B12 deficiency they recover within 1 to 2 weeks; recheck with the blood count."


@rule("BLEEDING_DISORDER", Severity.WARN, sources=(sources.LOCAL,))
def bleeding_disorder(reading: Reading, draft: PlanDraft | None) -> str | None:
    if not reading.has(_BLEEDING_DISORDERS):
        return None
    return "Haemophilia or von Willebrand disease: ask the specialist first; prefer subcutaneous to intramuscular."


def _platelets(reading: Reading) -> str:
    latest = reading.results.latest("platelets")
    return "" if latest is None else latest.shown()
