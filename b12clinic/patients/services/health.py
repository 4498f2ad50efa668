"""A patient's allergies, conditions and medicines as they are now, as handed to the services that write them down."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from b12clinic.patients.models import Patient, PatientAllergy, PatientCondition, PatientMedicine
from b12clinic.patients.services.refusals import PatientRefused
from b12clinic.patients.wording import hidden_in
from b12clinic.vocabulary import Allergen, Coded, Condition, Medicine

CODE_LENGTH = 48
DOSE_LENGTH = 60
LOWEST_INR, HIGHEST_INR = Decimal("1.0"), Decimal("6.0")


@dataclass(frozen=True, slots=True)
class AllergyGiven:
    """A substance, as a code of the vocabulary or in words, with the reactions seen, as codes."""

    substance: str
    reactions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MedicineGiven:
    """A medicine, as a code of the vocabulary or in words; `inr_low` to `inr_high` is the INR aimed at."""

    code: str
    dose: str = ""
    since: date | None = None
    inr_low: Decimal | None = None
    inr_high: Decimal | None = None


@dataclass(frozen=True, slots=True)
class HealthGiven:
    """Everything that applies now. `allergies_asked` says whether anybody asked: then no allergy means none known."""

    allergies_asked: bool = False
    allergies: tuple[AllergyGiven, ...] = ()
    conditions: tuple[str, ...] = ()
    medicines: tuple[MedicineGiven, ...] = ()


def check_health(health: HealthGiven, today: date, *, born_on: date) -> None:
    """Raise PatientRefused for the first thing that cannot be written down."""
    for sentence in _problems(health, today, born_on):
        raise PatientRefused(sentence)


def _problems(health: HealthGiven, today: date, born_on: date) -> Iterator[str]:
    if health.allergies and not health.allergies_asked:
        yield "An allergy is listed, so the answer to “allergies” is yes."
    yield from _code_problems("substance", Allergen, [allergy.substance for allergy in health.allergies])
    yield from _code_problems("condition", Condition, health.conditions)
    yield from _code_problems("medicine", Medicine, [medicine.code for medicine in health.medicines])
    for allergy in health.allergies:
        if any(not code.strip() or len(code) > CODE_LENGTH for code in allergy.reactions):
            yield f"Name each reaction with at most {CODE_LENGTH} letters."
    for medicine in health.medicines:
        yield from find_medicine_problems(medicine, today, born_on)


def _code_problems(kind: str, words: type[Coded], codes: Sequence[str]) -> Iterator[str]:
    for code in codes:
        yield from find_code_problems(kind, words, code)
    if len({code.casefold() for code in codes}) < len(codes):
        yield f"The same {kind} is listed twice."


def find_code_problems(kind: str, words: type[Coded], code: str) -> Iterator[str]:
    """What stops one substance, condition or medicine from being written down under this code or in these words."""
    if not code.strip():
        yield f"Name the {kind}, or leave its row empty."
    if len(code) > CODE_LENGTH:
        yield f"Write a {kind} with at most {CODE_LENGTH} letters."
    hidden = hidden_in(words, code)
    if hidden:
        yield f"Choose “{hidden}” from the list instead of writing it, so that the safety rules see it."


def find_medicine_problems(medicine: MedicineGiven, today: date, born_on: date | None) -> Iterator[str]:
    """What stops one medicine from being written down, in sentences."""
    low, high = medicine.inr_low, medicine.inr_high
    if len(medicine.dose) > DOSE_LENGTH:
        yield f"Write the dose with at most {DOSE_LENGTH} letters."
    if medicine.since and (medicine.since > today or (born_on and medicine.since < born_on)):
        yield "The day since which a medicine is taken lies before birth or in the future."
    if (low is None) != (high is None):
        yield "An INR range needs its lower and its upper end."
    elif low is not None and high is not None:
        if medicine.code in Medicine.codes() and medicine.code != Medicine.WARFARIN:
            yield f"{Medicine.label_of(medicine.code)} is not steered by INR; leave the INR range empty."
        if not LOWEST_INR <= low < high <= HIGHEST_INR:
            yield f"An INR range runs upwards and lies between {LOWEST_INR} and {HIGHEST_INR}."


def open_health(patient: Patient) -> dict[str, Any]:
    """What applies now, as plain values for the audit trail."""
    return {
        "allergies_asked_on": str(patient.allergies_asked_on or ""),
        "allergies": {
            row.substance: sorted(row.reactions) for row in patient.allergies.filter(ended_on__isnull=True)
        },
        "conditions": sorted(row.code for row in patient.conditions.filter(ended_on__isnull=True)),
        "medicines": {
            row.code: _medicine_words(row) for row in patient.medicines.filter(ended_on__isnull=True)
        },
    }


def _medicine_words(row: PatientMedicine) -> str:
    since = f"since {row.since}" if row.since else ""
    inr = f"INR {row.inr_low} to {row.inr_high}" if row.inr_low is not None else ""
    return ", ".join(part for part in (row.dose, since, inr) if part)


def keep_health(patient: Patient, health: HealthGiven, today: date) -> None:
    """Make a patient's open rows say exactly this: what is new is added, what fell away or changed is ended, none deleted.

    Sets `allergies_asked_on` on the patient, unsaved, when the question was answered first or answered otherwise.
    """
    allergies = {
        given.substance: PatientAllergy(substance=given.substance, reactions=sorted(given.reactions))
        for given in health.allergies
    }
    moved = _keep(patient, patient.allergies.filter(ended_on__isnull=True), "substance", allergies, today)
    _keep(
        patient,
        patient.conditions.filter(ended_on__isnull=True),
        "code",
        {code: PatientCondition(code=code) for code in health.conditions},
        today,
    )
    _keep(
        patient,
        patient.medicines.filter(ended_on__isnull=True),
        "code",
        {given.code: PatientMedicine(**_medicine_fields(given)) for given in health.medicines},
        today,
    )
    if not health.allergies_asked:
        patient.allergies_asked_on = None
    elif moved or patient.allergies_asked_on is None:
        patient.allergies_asked_on = today


Row = TypeVar("Row", PatientAllergy, PatientCondition, PatientMedicine)
_SAID = ("substance", "reactions", "code", "dose", "since", "inr_low", "inr_high")


def _keep(patient: Patient, open_rows: Any, key: str, wanted: dict[str, Row], today: date) -> bool:
    """End what is no longer so, add what is new; whether anything was written."""
    same: set[str] = set()
    ended = []
    for row in open_rows:
        code = getattr(row, key)
        if code in wanted and _says(row) == _says(wanted[code]):
            same.add(code)
        else:
            ended.append(row.pk)
    open_rows.filter(pk__in=ended).update(ended_on=today)
    added = [row for code, row in wanted.items() if code not in same]
    for row in added:
        row.patient, row.noted_on = patient, today
        row.save()
    return bool(ended or added)


def _says(row: PatientAllergy | PatientCondition | PatientMedicine) -> list[Any]:
    return [getattr(row, field, None) for field in _SAID]


def _medicine_fields(given: MedicineGiven) -> dict[str, Any]:
    one_place = {
        end: value.quantize(Decimal("0.1")) if value is not None else None
        for end, value in (("inr_low", given.inr_low), ("inr_high", given.inr_high))
    }
    return {"code": given.code, "dose": given.dose, "since": given.since} | one_place
