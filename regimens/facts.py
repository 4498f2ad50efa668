"""The patient as the rules see them, built from the rows; and that picture as JSON, so that a judgement can be replayed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from b12clinic.patients.models import Patient
from b12clinic.patients.queries import open_allergies, open_conditions, open_medicines
from b12clinic.vocabulary import PhaseKind
from monitoring.interpretation.symptom_trend import Scores, since_first_dose
from monitoring.queries.results import reported_values
from monitoring.queries.symptoms import live_scores
from regimens.models import Administration, Outcome, Phase
from regimens.protocols.facts import (
    AllergyNoted,
    DoseGiven,
    LabValue,
    MedicationTaken,
    PatientFacts,
    ScoredSymptoms,
)
from regimens.protocols.policy import DEFAULT
from regimens.queries.injections import InjectionRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What only a clinician can say: cause, certainty, nervous system, symptoms, and whether a course goes on.

    nitrous_oxide_planned: an operation with nitrous oxide is planned.
    """

    cause: str
    certainty: str
    cause_detail: str
    neuro: bool | None
    pregnancy: str
    gestation_weeks: int | None
    findings: frozenset[str]
    continues_course: bool
    nitrous_oxide_planned: bool = False


def facts_of(
    patient: Patient,
    judgement: Judgement,
    *,
    guideline: str,
    as_of: date,
    results: Sequence[LabValue] | None = None,
    injections: Iterable[DoseGiven] | None = None,
    scores: Sequence[Scores] | None = None,
    phases: Iterable[Phase] | None = None,
) -> PatientFacts:
    """The whole picture on a day: identity, judgement, health, live results, doses given and how symptoms answered.

    results: what stands, the newest first, injections and scores: oldest first, phases: of the running regimen, where a
    page has read them already; else they are read here.
    """
    known = reported_values(patient) if results is None else results
    given = _doses_given(patient, injections, as_of) if judgement.continues_course else ()
    tablets = _tablets_since(patient, phases, as_of) if judgement.continues_course and not given else None
    began_on = min((one.given_on for one in given), default=tablets)
    scored = _scored(patient, scores, began_on, as_of)
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
        conditions=frozenset(condition.code for condition in open_conditions(patient)),
        medications=_medicines(patient),
        allergies=_allergies(patient),
        labs=_up_to(as_of, known),
        doses_given=given,
        neuro_answer=judgement.neuro,
        nitrous_oxide_anaesthesia_planned=judgement.nitrous_oxide_planned,
        symptoms_unchanged=scored.not_better if scored is not None and scored.change else None,
        symptoms=scored,
        tablets_since=tablets,
    )


def _scored(
    patient: Patient, scores: Sequence[Scores] | None, began_on: date | None, as_of: date
) -> ScoredSymptoms | None:
    """How the symptoms answered by their scores; nobody answers to a treatment that has not begun."""
    if began_on is None:
        return None
    return since_first_dose(
        live_scores(patient) if scores is None else scores,
        first_dose_on=began_on,
        as_of=as_of,
        points=DEFAULT.symptom_change_points,
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
        for medicine in open_medicines(patient)
    )


def _allergies(patient: Patient) -> tuple[AllergyNoted, ...]:
    return tuple(
        AllergyNoted(substance=allergy.substance, reactions=frozenset(allergy.reactions))
        for allergy in open_allergies(patient)
    )


def _up_to(as_of: date, known: Sequence[LabValue]) -> tuple[LabValue, ...]:
    """Oldest first; as a rule no result is of a later day, and the first tells."""
    if not known or known[0].taken_on <= as_of:
        return tuple(reversed(known))
    return tuple(one for one in reversed(known) if one.taken_on <= as_of)


def live_injections(patient: Patient | int) -> Any:
    """A patient's injections that stand: given, not corrected, not entered in error; oldest first."""
    return (
        Administration.objects.filter(
            patient=patient, outcome=Outcome.GIVEN, corrected_by__isnull=True, entered_in_error=False
        )
        .select_related("dose__phase")
        .order_by("given_on", "id")
    )


def tablets_begun_on(phases: Iterable[Phase]) -> date | None:
    """The day from which the running regimen gives tablets, where it begins with them or a decision named the day."""
    days = [
        phase.starts_on or phase.regimen.starts_on
        for phase in phases
        if phase.kind == PhaseKind.ORAL and (phase.starts_on or not phase.ordinal)
    ]
    return min(days, default=None)


def running_tablets(patient: Patient) -> Any:
    """The phases by mouth of the patient's running regimen."""
    oral = Phase.objects.filter(regimen__patient=patient, regimen__ended_on=None, kind=PhaseKind.ORAL)
    return oral.select_related("regimen")


def _tablets_since(patient: Patient, phases: Iterable[Phase] | None, as_of: date) -> date | None:
    day = tablets_begun_on(running_tablets(patient) if phases is None else phases)
    return day if day is not None and day <= as_of else None


def _doses_given(
    patient: Patient, injections: Iterable[DoseGiven] | None, as_of: date
) -> tuple[DoseGiven, ...]:
    if injections is None:
        injections = [
            dose_given(one, one.dose.phase.kind if one.dose else None) for one in live_injections(patient)
        ]
    return tuple(one for one in injections if one.given_on <= as_of)


def dose_given(injection: Administration | InjectionRow, phase_kind: str | None) -> DoseGiven:
    """An injection as the rules see it; one that fulfils no dose of a plan counts as loading."""
    return DoseGiven(
        given_on=injection.given_on,
        drug=injection.drug,
        dose_mcg=injection.dose_mcg or 0,
        phase=phase_kind or PhaseKind.LOADING.value,
        route=injection.route,
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
    if isinstance(value, LabValue):
        return {name: _to_json(item) for name, item in value._asdict().items()}
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
            "symptoms": _symptoms_from(data.get("symptoms")),
            "tablets_since": _day(data.get("tablets_since")),
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


_LISTS = frozenset(
    {
        "as_of",
        "symptoms",
        "tablets_since",
        "findings",
        "conditions",
        "medications",
        "allergies",
        "labs",
        "doses_given",
    }
)


def _scalar(value: Any) -> Any:
    return Decimal(value["decimal"]) if isinstance(value, dict) and "decimal" in value else value


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


def _symptoms_from(item: Mapping[str, Any] | None) -> ScoredSymptoms | None:
    if item is None:
        return None
    return ScoredSymptoms(**{**item, "scored_on": date.fromisoformat(item["scored_on"])})


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
