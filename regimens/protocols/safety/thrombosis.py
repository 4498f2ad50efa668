"""Too many cells: reactive platelets, thrombosis, polycythaemia."""

from __future__ import annotations

from datetime import timedelta

from b12clinic.vocabulary import Condition, Severity, Sex

from ..reading import PlanDraft, Reading
from . import sources
from .rule import Said, rule

_PRONE = frozenset(
    {Condition.THROMBOSIS_HISTORY, Condition.MYELOPROLIFERATIVE_NEOPLASM, Condition.POLYCYTHAEMIA_VERA}
)


@rule("THROMBOCYTOSIS", Severity.INFO, sources=(sources.NEO_CYTAMEN, sources.SWISS))
def thrombocytosis(reading: Reading, draft: PlanDraft | None) -> Said | None:
    latest = reading.results.latest("platelets")
    if latest is None or not latest.above(reading.policy.platelets_high) or not _first_weeks(reading):
        return None
    prone = reading.has(_PRONE)
    severity = Severity.WARN if prone else Severity.INFO
    advice = (
        "this patient is prone to thrombosis, act on it" if prone else "recheck with the next blood count"
    )
    return Said(
        severity,
        f"Platelets {latest.shown()}: they rise reactively in the first weeks of treatment; {advice}.",
    )


def _first_weeks(reading: Reading) -> bool:
    """Before treatment, or within its first weeks: later, high platelets have another cause."""
    latest = reading.results.latest("platelets")
    if latest is None or reading.first_dose_on is None:
        return True
    return latest.taken_on <= reading.first_dose_on + timedelta(weeks=reading.policy.thrombocytosis_weeks)


@rule("THROMBOSIS_RISK", Severity.WARN, sources=(sources.NEO_CYTAMEN,))
def thrombosis_risk(reading: Reading, draft: PlanDraft | None) -> str | None:
    if not reading.has(_PRONE):
        return None
    return (
        "Myeloproliferative neoplasm or an earlier thrombosis: platelets rise reactively in the first weeks; check them weekly to "
        "week 3."
    )


@rule(
    "POLYCYTHAEMIA",
    Severity.WARN,
    sources=(sources.US_LABEL, sources.LOCAL.on("haematocrit limits")),
)
def polycythaemia(reading: Reading, draft: PlanDraft | None) -> str | None:
    figures = reading.policy
    limit = (
        figures.haematocrit_high_women if reading.facts.sex == Sex.FEMALE else figures.haematocrit_high_men
    )
    known = Condition.POLYCYTHAEMIA_VERA in reading.facts.conditions
    if not known and not reading.above("haematocrit", limit):
        return None
    return "Polycythaemia: B12 deficiency can hide polycythaemia vera and treatment unmask it; haematology advice."
