from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction

from b12clinic.accounts.models import User
from b12clinic.accounts.services import audit
from b12clinic.jobs.services.ask import ask
from b12clinic.patients.models import Patient
from b12clinic.patients.queries import look_alikes
from b12clinic.patients.services.details import (
    PatientDetails,
    check_details,
    keep_identifiers,
    set_details,
    written_down,
)
from b12clinic.patients.services.hold import differences, hold
from b12clinic.patients.services.refusals import LooksLikeAnother, PatientRefused
from b12clinic.patients.subjects import FACTS_CHANGED

READ_BY_RULES = frozenset({"born_on", "sex", "weight_kg"})


@transaction.atomic
def change_patient(
    *,
    patient: Patient,
    version: int,
    details: PatientDetails,
    identifiers: Mapping[str, str],
    despite: str = "",
    by: User,
    at: datetime,
    today: date,
) -> Patient:
    """Put a patient's details and numbers right; nothing is written when nothing differs.

    `version` is the one that the page showed. Raises ChangedMeanwhile, PatientRefused, IdentifierTaken, and
    LooksLikeAnother when a new name or date of birth makes the entry look like someone else's without `despite`.
    """
    held = hold(patient, version)
    check_details(details, today)
    if any(left_on and left_on < details.born_on for left_on in (held.died_on, held.moved_on)):
        raise PatientRefused(
            "The date of birth lies after the day noted for death or moving away.", "born_on"
        )
    before = written_down(held)
    renamed = (held.name, held.born_on) != (details.name, details.born_on)
    set_details(held, details)
    keep_identifiers(held, identifiers)
    alike = look_alikes(held.clinic, held.name, held.born_on, {}, exclude=held) if renamed else ()
    if alike and not despite.strip():
        raise LooksLikeAnother(alike)
    was, becomes = differences(before, written_down(held))
    if not becomes:
        return held
    held.version += 1
    held.save()
    audit.note(
        at=at,
        clinic=held.clinic,
        by=by,
        action="patient.changed",
        subject=f"patient:{held.public_id}",
        patient_id=held.pk,
        before=was,
        after=becomes | ({"looks_like": [str(one.patient.public_id) for one in alike]} if alike else {}),
        reason=despite.strip(),
    )
    if READ_BY_RULES & becomes.keys():
        ask(kind=FACTS_CHANGED, subject_id=held.pk)
    return held
