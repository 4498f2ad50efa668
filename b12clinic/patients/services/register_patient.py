from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction

from b12clinic.accounts.models import Clinic, User
from b12clinic.accounts.services import audit
from b12clinic.patients.models import Patient
from b12clinic.patients.queries import look_alikes
from b12clinic.patients.services.details import (
    PatientDetails,
    check_details,
    keep_identifiers,
    set_details,
    written_down,
)
from b12clinic.patients.services.health import HealthGiven, check_health, keep_health, open_health
from b12clinic.patients.services.refusals import IdentifierTaken, LooksLikeAnother


@transaction.atomic
def register_patient(
    *,
    clinic: Clinic,
    details: PatientDetails,
    identifiers: Mapping[str, str],
    health: HealthGiven | None = None,
    despite: str = "",
    by: User,
    at: datetime,
    today: date,
) -> Patient:
    """Add a person to a clinic's register.

    `identifiers` are normalised numbers by scheme; `health` is None where nobody asked. Raises LooksLikeAnother when an
    entry looks like the same person, unless `despite` says in words why this is somebody else; IdentifierTaken when
    another patient has one of the numbers, whatever the reason; PatientRefused for anything that cannot be right.
    """
    health = health or HealthGiven()
    check_details(details, today)
    check_health(health, today, born_on=details.born_on)
    alike = look_alikes(clinic, details.name, details.born_on, identifiers)
    for one in alike:
        if one.same_identifier:
            raise IdentifierTaken(one.same_identifier, one.patient)
    if alike and not despite.strip():
        raise LooksLikeAnother(alike)
    patient = Patient(clinic=clinic)
    set_details(patient, details)
    patient.save()
    keep_identifiers(patient, identifiers)
    keep_health(patient, health, today)
    patient.save(update_fields=["allergies_asked_on"])
    audit.note(
        at=at,
        clinic=clinic,
        by=by,
        action="patient.registered",
        subject=f"patient:{patient.public_id}",
        patient_id=patient.pk,
        after=written_down(patient)
        | open_health(patient)
        | {"looks_like": [str(one.patient.public_id) for one in alike]},
        reason=despite.strip(),
    )
    return patient
