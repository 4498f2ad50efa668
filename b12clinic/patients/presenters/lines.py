"""Patients in words: dates, ages, numbers, allergies, medicines."""

from collections.abc import Iterable
from datetime import date

from b12clinic.patients.identifiers import grouped
from b12clinic.patients.models import (
    IdentifierScheme,
    Patient,
    PatientAllergy,
    PatientIdentifier,
    PatientMedicine,
)
from b12clinic.patients.queries import identifiers_of
from b12clinic.vocabulary import Allergen, Medicine, Reaction

SHORT_SCHEMES = {
    IdentifierScheme.NHS_NUMBER: "NHS",
    IdentifierScheme.CHI_NUMBER: "CHI",
    IdentifierScheme.BSN: "BSN",
    IdentifierScheme.MEDICAL_RECORD: "Record",
}


def day(value: date) -> str:
    """2 Mar 1948."""
    return f"{value.day} {value:%b %Y}"


def age(patient: Patient, today: date) -> str:
    """Completed years, at the day of death for someone who died."""
    return f"{patient.age_on(patient.died_on or today)} y"


def number(identifier: PatientIdentifier) -> str:
    """NHS 999 000 0018."""
    scheme = IdentifierScheme(identifier.scheme)
    return f"{SHORT_SCHEMES[scheme]} {grouped(identifier.scheme, identifier.value)}"


def numbers(patient: Patient) -> str:
    """Every number of a patient, those of a national scheme first; empty when there is none."""
    order = list(SHORT_SCHEMES)
    ranked = sorted(identifiers_of(patient), key=lambda one: order.index(IdentifierScheme(one.scheme)))
    return " · ".join(number(one) for one in ranked)


def allergy(row: PatientAllergy) -> str:
    """Cobalt (rash, wheeze)."""
    reactions = ", ".join(Reaction.label_of(code).lower() for code in row.reactions)
    return f"{Allergen.label_of(row.substance)} ({reactions or 'reaction not recorded'})"


def medicine(row: PatientMedicine) -> str:
    """Warfarin 3 mg/day, INR 2.0 to 3.0, since 4 May 2024."""
    inr = f"INR {row.inr_low} to {row.inr_high}" if row.inr_low is not None else ""
    since = f"since {day(row.since)}" if row.since else ""
    return joined((f"{Medicine.label_of(row.code)} {row.dose}".strip(), inr, since))


def left_care(patient: Patient) -> str:
    """Died 3 Feb 2026, or moved away; empty for someone in the clinic's care."""
    if patient.died_on:
        return f"Died {day(patient.died_on)}"
    return f"Moved away {day(patient.moved_on)}" if patient.moved_on else ""


def joined(parts: Iterable[str]) -> str:
    """The parts that say something, with commas."""
    return ", ".join(part for part in parts if part)
