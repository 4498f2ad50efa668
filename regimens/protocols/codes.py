"""Every code that the build knows, for `recommend --list-codes` and for reference pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from b12clinic.vocabulary import (
    Allergen,
    Cause,
    CauseDetail,
    Certainty,
    Classification,
    Condition,
    Drug,
    Finding,
    Medicine,
    PhaseKind,
    Pregnancy,
    Reaction,
    RecheckTest,
    Route,
    Severity,
    Sex,
)
from monitoring.interpretation.analytes import ANALYTES
from regimens.protocols.pack import Pack
from regimens.protocols.safety import ALERT_CODES

_VOCABULARIES = {
    "causes": Cause,
    "cause_certainties": Certainty,
    "cause_details": CauseDetail,
    "findings": Finding,
    "conditions": Condition,
    "medications": Medicine,
    "allergy_substances": Allergen,
    "reactions": Reaction,
    "sexes": Sex,
    "pregnancy": Pregnancy,
    "drugs": Drug,
    "routes": Route,
    "phases": PhaseKind,
    "severities": Severity,
    "classifications": Classification,
}


def known_codes(packs: Mapping[str, Pack]) -> dict[str, Any]:
    """Lists of codes by kind; `analytes` with the units that each accepts, `protocols` by pack."""
    lists: dict[str, Any] = {
        name: [member.value for member in vocabulary] for name, vocabulary in _VOCABULARIES.items()
    }
    lists["guidelines"] = sorted(packs)
    lists["protocols"] = {code: sorted(pack.by_code) for code, pack in sorted(packs.items())}
    lists["analytes"] = sorted(ANALYTES)
    lists["units"] = {code: list(analyte.accepted_units) for code, analyte in sorted(ANALYTES.items())}
    lists["tests"] = [*sorted(ANALYTES), *(test.value for test in RecheckTest)]
    lists["alerts"] = list(ALERT_CODES)
    return lists
