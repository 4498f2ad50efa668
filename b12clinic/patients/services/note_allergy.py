from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction

from b12clinic.accounts.models import User
from b12clinic.accounts.services import audit
from b12clinic.jobs.services.ask import ask
from b12clinic.patients.models import Patient, PatientAllergy
from b12clinic.patients.services.health import open_health
from b12clinic.patients.services.hold import differences
from b12clinic.patients.subjects import FACTS_CHANGED


@transaction.atomic
def note_allergy(
    *,
    patient: Patient,
    substance: str,
    reactions: Iterable[str],
    reason: str,
    by: User,
    at: datetime,
    today: date,
) -> None:
    """Add an allergy that has just shown itself; reactions seen before to the same substance stay on record.

    substance and reactions are codes of the vocabulary. Asks for the safety rules of a running plan to be run again.
    """
    held = (
        Patient.objects.select_for_update(no_key=True, of=("self",))
        .select_related("clinic")
        .get(pk=patient.pk)
    )
    before = open_health(held)
    known = held.allergies.filter(substance=substance, ended_on__isnull=True).first()
    seen = sorted({*(known.reactions if known else ()), *reactions})
    if known is not None and known.reactions == seen:
        return
    if known is not None:
        PatientAllergy.objects.filter(pk=known.pk).update(ended_on=today)
    PatientAllergy.objects.create(patient=held, substance=substance, reactions=seen, noted_on=today)
    held.allergies_asked_on = today
    held.version += 1
    held.save(update_fields=["allergies_asked_on", "version"])
    was, becomes = differences(before, open_health(held))
    audit.note(
        at=at,
        clinic=held.clinic,
        by=by,
        action="patient.health_changed",
        subject=f"patient:{held.public_id}",
        patient_id=held.pk,
        before=was,
        after=becomes,
        reason=reason,
    )
    ask(kind=FACTS_CHANGED, subject_id=held.pk)
