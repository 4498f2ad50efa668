"""What may be read of the register; every list begins at a clinic."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from b12clinic.accounts.models import AuditEvent, Clinic, Membership
from b12clinic.patients.birth_dates import split_birth_date, turned
from b12clinic.patients.identifiers import search_prefixes
from b12clinic.patients.likeness import Entry, likeness
from b12clinic.patients.models import (
    IdentifierScheme,
    Patient,
    PatientAllergy,
    PatientCondition,
    PatientIdentifier,
    PatientMedicine,
    name_keys,
)
from b12clinic.prepared import PreparedObjects

SEARCH_LIMIT = 20

CHANGES = (
    "patient.registered",
    "patient.changed",
    "patient.health_changed",
    "patient.died",
    "patient.moved",
    "patient.returned",
)
OPEN = Q(ended_on__isnull=True)
HEALTH = (
    Prefetch("allergies", queryset=PatientAllergy.objects.filter(OPEN), to_attr="open_allergies"),
    Prefetch("conditions", queryset=PatientCondition.objects.filter(OPEN), to_attr="open_conditions"),
    Prefetch("medicines", queryset=PatientMedicine.objects.filter(OPEN), to_attr="open_medicines"),
)

_IDENTIFIERS = PreparedObjects(
    PatientIdentifier, lambda patient: PatientIdentifier.objects.filter(patient=patient)
)
_ALLERGIES = PreparedObjects(
    PatientAllergy, lambda patient: PatientAllergy.objects.filter(OPEN, patient=patient)
)
_CONDITIONS = PreparedObjects(
    PatientCondition, lambda patient: PatientCondition.objects.filter(OPEN, patient=patient)
)
_MEDICINES = PreparedObjects(
    PatientMedicine, lambda patient: PatientMedicine.objects.filter(OPEN, patient=patient)
)


@dataclass(frozen=True, slots=True)
class Found:
    """Patients with their identifiers, and whether there are more than are shown."""

    patients: tuple[Patient, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class LookAlike:
    """An entry of the register that may be the same person, and why in words.

    `same_identifier` is the scheme of a number that both have, empty if none.
    """

    patient: Patient
    why: str
    same_identifier: str = ""


def patients_for(user: Any) -> QuerySet[Patient]:
    """The patients of every clinic that a person belongs to. A page narrows it to the clinic worked in."""
    return Patient.objects.filter(clinic__in=Membership.objects.filter(user=user).values("clinic"))


def with_health(patients: QuerySet[Patient]) -> QuerySet[Patient]:
    """Patients with their clinic, identifiers and what is open of allergies, conditions and medicines.

    Five queries however many patients; the open ones are in `open_allergies`, `open_conditions`, `open_medicines`.
    """
    return patients.select_related("clinic").prefetch_related("identifiers", *HEALTH)


def read_health(patient: Patient) -> Patient:
    """One patient with the same read; four queries whose SQL is written once, since every page about a patient asks."""
    known: Any = patient
    known.read_identifiers = _IDENTIFIERS.of(patient.pk)
    known.open_allergies = _ALLERGIES.of(patient.pk)
    known.open_conditions = _CONDITIONS.of(patient.pk)
    known.open_medicines = _MEDICINES.of(patient.pk)
    return patient


def identifiers_of(patient: Patient) -> list[PatientIdentifier]:
    """The numbers of a patient, as read before, else read now."""
    return _read_or(patient, "read_identifiers", lambda: patient.identifiers.all())


def open_allergies(patient: Patient) -> list[PatientAllergy]:
    """The allergies that apply, as read by `with_health`, else read now."""
    return _read_or(patient, "open_allergies", lambda: patient.allergies.filter(OPEN))


def open_conditions(patient: Patient) -> list[PatientCondition]:
    """The conditions that apply, as read by `with_health`, else read now."""
    return _read_or(patient, "open_conditions", lambda: patient.conditions.filter(OPEN))


def open_medicines(patient: Patient) -> list[PatientMedicine]:
    """The medicines taken, as read by `with_health`, else read now."""
    return _read_or(patient, "open_medicines", lambda: patient.medicines.filter(OPEN))


def _read_or(patient: Patient, attribute: str, rows: Callable[[], Any]) -> Any:
    """What was read already; writing a query only to throw it away costs as much as a row of the page."""
    return getattr(patient, attribute) if hasattr(patient, attribute) else list(rows())


def last_change(patient: Patient) -> AuditEvent | None:
    """The newest event that changed a patient's entry."""
    events = AuditEvent.objects.filter(patient_id=patient.pk, clinic_id=patient.clinic_id, action__in=CHANGES)
    return events.select_related("actor").first()


def search(clinic: Clinic, text: str, today: date) -> Found:
    """Patients of a clinic whose name, date of birth or number begins with the text, by name; the newest for no text.

    A name is found from its first word or its last, a date of birth in any of the usual forms (with a name beside it,
    both must fit). At most three queries, however many patients.
    """
    if not text.strip():
        newest = Patient.objects.filter(clinic=clinic).order_by("-id")
        return _first(newest.prefetch_related("identifiers"))
    return _first(matching(clinic, text, today).prefetch_related("identifiers").order_by("name_key", "id"))


def matching(clinic: Clinic, text: str, today: date) -> QuerySet[Patient]:
    """Everybody whom `search` would find for a text, in no order."""
    wanted = _described(clinic, text, today) | Q(pk__in=_numbered(clinic, text))
    return Patient.objects.filter(wanted, clinic=clinic)


def described(clinic: Clinic, text: str, today: date) -> QuerySet[Patient]:
    """The patients whose name or date of birth the text begins or is; with both, both must fit."""
    return Patient.objects.filter(_described(clinic, text, today), clinic=clinic)


def _described(clinic: Clinic, text: str, today: date) -> Q:
    born_on, rest = split_birth_date(text, today, month_first=clinic.country == "US")
    key = name_keys(rest)[0]
    # The clinic stands beside each name, since each is found by an index of its own.
    by_name = Q(clinic=clinic, name_key__startswith=key) | Q(clinic=clinic, name_turned_key__startswith=key)
    if born_on and key:
        return Q(born_on=born_on) & by_name
    if born_on:
        return Q(born_on=born_on)
    return by_name if key else Q(pk__in=())


def _first(patients: QuerySet[Patient]) -> Found:
    rows = tuple(patients[: SEARCH_LIMIT + 1])
    return Found(patients=rows[:SEARCH_LIMIT], more=len(rows) > SEARCH_LIMIT)


def _numbered(clinic: Clinic, text: str) -> list[int]:
    """Keys of the patients with a number that begins with the text; read apart so that both reads use an index."""
    if not search_prefixes(text):
        return []
    return list(numbered(clinic, text).values_list("patient_id", flat=True)[: SEARCH_LIMIT + 1])


def numbered(clinic: Clinic, text: str) -> QuerySet[PatientIdentifier]:
    """The numbers that begin with the text, spaces and hyphens left out; none for a single character."""
    begins = [Q(value__startswith=prefix) for prefix in search_prefixes(text)]
    if not begins:
        return PatientIdentifier.objects.none()
    return PatientIdentifier.objects.filter(reduce(or_, begins), clinic=clinic).order_by()


def look_alikes(
    clinic: Clinic,
    name: str,
    born_on: date,
    identifiers: Mapping[str, str],
    exclude: Patient | None = None,
) -> tuple[LookAlike, ...]:
    """Patients of a clinic who may be the person described, those with the same number first.

    `identifiers` holds normalised numbers by scheme; `exclude` is the person's own entry.
    """
    numbered = identifier_holders(clinic, identifiers, exclude)
    days = [day for day in (born_on, turned(born_on)) if day]
    others = Patient.objects.filter(clinic=clinic).exclude(pk=exclude.pk if exclude else 0)
    near = others.filter(Q(born_on__in=days) | Q(pk__in=numbered)).prefetch_related("identifiers")
    entry = Entry(*name_keys(name), born_on)
    found = [_look_alike(entry, other, numbered.get(other.pk, "")) for other in near]
    return tuple(
        sorted((one for one in found if one.why), key=lambda one: (not one.same_identifier, one.patient.pk))
    )


def identifier_holders(
    clinic: Clinic, identifiers: Mapping[str, str], exclude: Patient | None = None
) -> dict[int, str]:
    """Who in a clinic already has one of these numbers: key of the patient to the scheme."""
    if not identifiers:
        return {}
    same = (Q(scheme=scheme, value=value) for scheme, value in identifiers.items())
    rows = PatientIdentifier.objects.filter(reduce(or_, same), clinic=clinic)
    return dict(rows.exclude(patient=exclude).values_list("patient_id", "scheme"))


def _look_alike(entry: Entry, other: Patient, scheme: str) -> LookAlike:
    why = likeness(entry, Entry(other.name_key, other.name_turned_key, other.born_on))
    if scheme:
        why = f"Same {IdentifierScheme(scheme).label}"
    return LookAlike(patient=other, why=why, same_identifier=scheme)
