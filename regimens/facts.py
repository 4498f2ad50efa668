"""The patient as the rules see them, built from the rows; and that picture as JSON, so that a judgement can be replayed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from b12clinic.patients.models import Patient
from monitoring.models import Result
from regimens.models import Administration, Outcome
from regimens.protocols.facts import (
    AllergyNoted,
    DoseGiven,
    LabValue,
    MedicationTaken,
    PatientFacts,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What only a clinician can say: cause, certainty, nervous system, symptoms, and whether a course goes on."""

    cause: str
    certainty: str
    cause_detail: str
    neuro: bool | None
    pregnancy: str
    gestation_weeks: int | None
    findings: frozenset[str]
    continues_course: bool


def facts_of(patient: Patient, judgement: Judgement, *, guideline: str, as_of: date) -> PatientFacts:
    """The whole picture on a day: identity, judgement, open conditions, medicines, allergies, live results, doses given."""
    return PatientFacts(
        guideline=guideline,
        as_of=as_of,
        age=patient.age_on(as_of),
        sex=patient.sex,
        weight_kg=patient.weight_kg,
        pregnancy=judgement.pregnancy,
        gestation_weeks=judgement.gestation_weeks,
        cause=judgement.cause,
        certainty=judgement.certainty,
        cause_detail=judgement.cause_detail or None,
        findings=judgement.findings,
        conditions=frozenset(patient.conditions.filter(ended_on=None).values_list("code", flat=True)),
        medications=_medicines(patient),
        allergies=_allergies(patient),
        labs=_labs(patient, as_of),
        doses_given=_doses_given(patient, as_of) if judgement.continues_course else (),
        neuro_answer=judgement.neuro,
    )


def _medicines(patient: Patient) -> tuple[MedicationTaken, ...]:
    return tuple(
        MedicationTaken(
            code=medicine.code,
            dose=medicine.dose or None,
            since=medicine.since,
            inr_target=(medicine.inr_low, medicine.inr_high)
            if medicine.inr_low is not None and medicine.inr_high is not None
            else None,
        )
        for medicine in patient.medicines.filter(ended_on=None)
    )


def _allergies(patient: Patient) -> tuple[AllergyNoted, ...]:
    return tuple(
        AllergyNoted(substance=allergy.substance, reactions=frozenset(allergy.reactions))
        for allergy in patient.allergies.filter(ended_on=None)
    )


def _labs(patient: Patient, as_of: date) -> tuple[LabValue, ...]:
    live = Result.objects.filter(
        patient=patient, taken_on__lte=as_of, superseded_by__isnull=True, entered_in_error=False
    ).order_by("taken_on", "id")
    return tuple(
        LabValue(
            analyte=result.analyte,
            value=result.number,
            text=result.coded or result.reported_value,
            unit=result.unit or None,
            taken_on=result.taken_on,
            low=result.reference_low,
            high=result.reference_high,
            comparator=result.comparator or None,
        )
        for result in live
    )


def live_injections(patient: Patient) -> Any:
    """A patient's injections that stand: given, not corrected, not entered in error; oldest first."""
    return (
        Administration.objects.filter(
            patient=patient, outcome=Outcome.GIVEN, corrected_by__isnull=True, entered_in_error=False
        )
        .select_related("dose__phase")
        .order_by("given_on", "id")
    )


def _doses_given(patient: Patient, as_of: date) -> tuple[DoseGiven, ...]:
    return tuple(
        DoseGiven(
            given_on=injection.given_on,
            drug=injection.drug,
            dose_mcg=injection.dose_mcg or 0,
            phase=injection.dose.phase.kind if injection.dose else "loading",
            route=injection.route,
        )
        for injection in live_injections(patient).filter(given_on__lte=as_of)
    )


def facts_to_json(facts: PatientFacts) -> dict[str, Any]:
    """A JSON-safe copy that `facts_from_json` reads back exactly; decimals travel as text."""
    return {name: _to_json(getattr(facts, name)) for name in PatientFacts.__slots__}


def _to_json(value: Any) -> Any:
    if isinstance(value, Decimal):
        return {"decimal": str(value)}
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple):
        return [_to_json(item) for item in value]
    if hasattr(value, "__slots__") and not isinstance(value, str):
        return {name: _to_json(getattr(value, name)) for name in value.__slots__}
    return value


def facts_from_json(data: Mapping[str, Any]) -> PatientFacts:
    """The picture as it was judged."""
    return PatientFacts(
        **{
            **{name: _scalar(value) for name, value in data.items() if name not in _LISTS},
            "as_of": date.fromisoformat(data["as_of"]),
            "findings": frozenset(data["findings"]),
            "conditions": frozenset(data["conditions"]),
            "medications": tuple(_medicine_from(item) for item in data["medications"]),
            "allergies": tuple(
                AllergyNoted(item["substance"], frozenset(item["reactions"])) for item in data["allergies"]
            ),
            "labs": tuple(_lab_from(item) for item in data["labs"]),
            "doses_given": tuple(
                DoseGiven(**{**item, "given_on": date.fromisoformat(item["given_on"])})
                for item in data["doses_given"]
            ),
        }
    )


_LISTS = frozenset({"as_of", "findings", "conditions", "medications", "allergies", "labs", "doses_given"})


def _scalar(value: Any) -> Any:
    return Decimal(value["decimal"]) if isinstance(value, dict) and "decimal" in value else value


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


def _medicine_from(item: Mapping[str, Any]) -> MedicationTaken:
    target = item["inr_target"]
    return MedicationTaken(
        code=item["code"],
        dose=item["dose"],
        since=_day(item["since"]),
        inr_target=(_scalar(target[0]), _scalar(target[1])) if target else None,
    )


def _lab_from(item: Mapping[str, Any]) -> LabValue:
    return LabValue(
        **{**{name: _scalar(value) for name, value in item.items()}, "taken_on": _day(item["taken_on"])}
    )
