"""The register's list, ready to print."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from b12clinic.patients.models import Patient
from b12clinic.patients.presenters import lines
from b12clinic.patients.presenters.links import patient_url
from b12clinic.patients.queries import SEARCH_LIMIT, Found, LookAlike
from b12clinic.vocabulary import Sex


@dataclass(frozen=True, slots=True)
class PatientRow:
    """One line of a list of patients. `why` says why an entry looks like somebody else's."""

    public_id: UUID
    name: str
    url: str
    born: str
    age: str
    sex: str
    numbers: str
    left: str
    why: str = ""


def patient_row(patient: Patient, today: date, why: str = "") -> PatientRow:
    return PatientRow(
        public_id=patient.public_id,
        name=patient.name,
        url=patient_url(patient.public_id),
        born=lines.day(patient.born_on),
        age=lines.age(patient, today),
        sex=Sex.label_of(patient.sex),
        numbers=lines.numbers(patient),
        left=lines.left_care(patient),
        why=why,
    )


def found_rows(found: Found, today: date) -> list[PatientRow]:
    return [patient_row(patient, today) for patient in found.patients]


def look_alike_rows(look_alikes: Iterable[LookAlike], today: date) -> list[PatientRow]:
    return [patient_row(one.patient, today, one.why) for one in look_alikes]


def count_sentence(found: Found, text: str) -> str:
    """How many are shown, and what to do when there are more."""
    count = len(found.patients)
    if not text:
        return (
            "The newest in the register." if not found.more else f"The newest {SEARCH_LIMIT} in the register."
        )
    if found.more:
        return f"The first {SEARCH_LIMIT} that fit; type more to narrow it down."
    return "1 patient fits." if count == 1 else f"{count} patients fit."
