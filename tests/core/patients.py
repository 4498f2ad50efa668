"""Plain patients for the core's tests: a well woman of 60 on 6 January 2025, changed one thing at a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from b12clinic.vocabulary import Drug, IntervalUnit, PhaseKind, Route
from regimens.protocols.facts import AllergyNoted, DoseGiven, LabValue, MedicationTaken, PatientFacts
from regimens.protocols.intervals import Interval
from regimens.protocols.phasespec import PhaseSpec
from regimens.protocols.policy import DEFAULT, Policy
from regimens.protocols.reading import Bands, MmaUpper, PlanDraft, Reading, read
from regimens.protocols.safety import find

D = Decimal
TODAY = date(2025, 1, 6)

UK_BANDS = Bands(
    {"ng/L": (D(180), D(350)), "pg/mL": (D(180), D(350)), "pmol/L": (D(133), D(258))},
    {"pmol/L": (D(25), D(70))},
    "NG239",
)
US_BANDS = Bands({"pg/mL": (D(200), D(400))}, {"pmol/L": (D(25), D(70))}, "LabCorp")
UK_MMA = MmaUpper(D(280), D(360), "local policy")
US_MMA = MmaUpper(D(400), D(400), "local policy")

UNITS = {
    "total_b12": "ng/L",
    "active_b12": "pmol/L",
    "methylmalonic_acid": "nmol/L",
    "homocysteine": "umol/L",
    "haemoglobin": "g/L",
    "haematocrit": "%",
    "mcv": "fL",
    "red_cells": "10*12/L",
    "white_cells": "10*9/L",
    "neutrophils": "10*9/L",
    "platelets": "10*9/L",
    "reticulocytes": "10*9/L",
    "folate": "ug/L",
    "ferritin": "ug/L",
    "creatinine": "umol/L",
    "egfr": "mL/min/{1.73_m2}",
    "potassium": "mmol/L",
    "inr": "1",
}


def lab(
    analyte: str,
    value: Any,
    unit: str | None = "",
    on: date = TODAY,
    *,
    low: Any = None,
    high: Any = None,
    comparator: str | None = None,
) -> LabValue:
    """A result; text in `value` that is no number is a word. The unit defaults to the analyte's usual one."""
    text = str(value)
    number = D(text) if text.replace(".", "", 1).replace("-", "", 1).isdigit() else None
    shown = UNITS.get(analyte) if unit == "" and number is not None else unit or None
    return LabValue(
        analyte,
        number,
        text,
        shown,
        on,
        None if low is None else D(str(low)),
        None if high is None else D(str(high)),
        comparator,
    )


def labs(**values: Any) -> tuple[LabValue, ...]:
    """Today's results in usual units: `labs(haemoglobin=92, mcv=118)`."""
    return tuple(lab(analyte, value) for analyte, value in values.items())


def medicine(code: str, dose: str | None = None, since: date | None = None, **more: Any) -> MedicationTaken:
    return MedicationTaken(code, dose, since, **more)


def allergy(substance: str, *reactions: str) -> AllergyNoted:
    return AllergyNoted(substance, frozenset(reactions))


def given(*days: date, phase: str = "loading", dose_mcg: int = 1000, **more: Any) -> tuple[DoseGiven, ...]:
    return tuple(
        DoseGiven(day, more.get("drug", "hydroxocobalamin"), dose_mcg, phase, more.get("route"))
        for day in days
    )


def patient(**changes: Any) -> PatientFacts:
    """The well woman of 60, UK, cause diet confirmed, changed. Sets may be given as any iterable of codes."""
    for name in ("findings", "conditions"):
        if name in changes:
            changes[name] = frozenset(changes[name])
    plain = PatientFacts(
        guideline="uk", as_of=TODAY, age=60, sex="female", cause="diet", certainty="confirmed"
    )
    return replace(plain, **changes)


def reading(policy: Policy = DEFAULT, **changes: Any) -> Reading:
    """The patient, read with the bands of the guideline named."""
    facts = patient(**changes)
    us = facts.guideline.startswith("us")
    return read(facts, US_BANDS if us else UK_BANDS, US_MMA if us else UK_MMA, policy)


def phase(
    kind: PhaseKind = PhaseKind.MAINTENANCE,
    dose_mcg: int = 1000,
    every: tuple[int, IntervalUnit] = (3, IntervalUnit.MONTH),
    **more: Any,
) -> PhaseSpec:
    route = Route.ORAL if kind is PhaseKind.ORAL else Route.IM
    return PhaseSpec(kind, more.pop("drug", Drug.HYDROXOCOBALAMIN), dose_mcg, route, Interval(*every), **more)


PLAN = PlanDraft(
    pack_code="uk",
    drug="hydroxocobalamin",
    route="im",
    parenteral=True,
    allowed=True,
)
WITHHELD = replace(PLAN, allowed=False)
BY_MOUTH = replace(PLAN, drug="cyanocobalamin", route="oral", parenteral=False)


def plan(**changes: Any) -> PlanDraft:
    return replace(PLAN, **changes)


def codes(draft: PlanDraft | None = None, policy: Policy = DEFAULT, **changes: Any) -> dict[str, str]:
    """Every finding of the patient and the draft: code to severity."""
    return {one.code: one.severity.value for one in find(reading(policy, **changes), draft)}


def said(code: str, draft: PlanDraft | None = None, **changes: Any) -> str:
    """The sentence of one finding; KeyError where it does not fire."""
    return {one.code: one.message for one in find(reading(**changes), draft)}[code]
