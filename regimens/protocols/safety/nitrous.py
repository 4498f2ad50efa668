"""Nitrous oxide: it inactivates B12, whatever the serum says."""

from __future__ import annotations

from b12clinic.vocabulary import Severity

from ..reading import PlanDraft, Reading
from . import sources
from .rule import rule


@rule("N2O_STOP", Severity.URGENT, sources=(sources.PARIS_2023,))
def stop_nitrous_oxide(reading: Reading, draft: PlanDraft | None) -> str | None:
    if not reading.signs.nitrous_oxide:
        return None
    return (
        "Nitrous oxide use: treatment works only if it stops; advise to abstain now and offer help with it."
    )


@rule("NITROUS_ANAES", Severity.WARN, sources=(sources.PARIS_2023.noting("; to be checked before use"),))
def nitrous_oxide_anaesthesia(reading: Reading, draft: PlanDraft | None) -> str | None:
    if not reading.facts.nitrous_oxide_anaesthesia_planned or not _known_deficiency(reading):
        return None
    return "Surgery with nitrous oxide is planned in a known deficiency: tell the anaesthetist, another agent is needed."


def _known_deficiency(reading: Reading) -> bool:
    by_homocysteine = reading.signs.nitrous_oxide and reading.diagnosis.homocysteine_raised
    return reading.diagnosis.shown or by_homocysteine


@rule("N2O_SERUM_UNRELIABLE", Severity.INFO, sources=(sources.PARIS_2023,))
def serum_unreliable(reading: Reading, draft: PlanDraft | None) -> str | None:
    if not reading.signs.nitrous_oxide or reading.b12_low:
        return None
    return "Serum B12 is unreliable with nitrous oxide: judge by methylmalonic acid or homocysteine."
