"""Pregnancy and breastfeeding."""

from __future__ import annotations

from b12clinic.vocabulary import Pregnancy, Severity

from ..reading import PlanDraft, Reading
from . import sources
from .rule import injectable_planned, rule

_PREGNANT_OR_BREASTFEEDING = frozenset({Pregnancy.PREGNANT, Pregnancy.BREASTFEEDING})


@rule("PREG_CONFIRM_B12", Severity.WARN, sources=(sources.NEO_CYTAMEN, sources.COBALIN))
def confirm_before_treating(reading: Reading, draft: PlanDraft | None) -> str | None:
    mcv = reading.results.baseline("mcv") or reading.results.latest("mcv")
    macrocytic = mcv is not None and mcv.above(reading.policy.mcv_high)
    if reading.facts.pregnancy != Pregnancy.PREGNANT or not (reading.anaemic and macrocytic):
        return None
    if reading.diagnosis.shown:
        return None
    return (
        "Pregnant with macrocytic anaemia and no deficiency shown yet: most texts allow hydroxocobalamin only once B12 deficiency "
        "is shown (active B12 is the test), one Cobalin-H text simply says do not use."
    )


@rule("PREG_BENZYL", Severity.WARN, sources=(sources.US_LABEL.noting(" (benzyl alcohol 1.5 %)"),))
def preservative_free(reading: Reading, draft: PlanDraft | None) -> str | None:
    if reading.facts.pregnancy not in _PREGNANT_OR_BREASTFEEDING or not injectable_planned(draft):
        return None
    return "Pregnant or breastfeeding: use a preservative-free product, some vials hold benzyl alcohol."


@rule("PREG_ONE_MONTH_REVIEW", Severity.INFO, sources=(sources.NG239,))
def review_at_one_month(reading: Reading, draft: PlanDraft | None) -> str | None:
    if reading.facts.pregnancy not in _PREGNANT_OR_BREASTFEEDING:
        return None
    return "Pregnant or breastfeeding: review after one month."
