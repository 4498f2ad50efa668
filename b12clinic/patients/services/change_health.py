from datetime import date, datetime

from django.db import transaction

from b12clinic.accounts.models import User
from b12clinic.accounts.services import audit
from b12clinic.jobs.services.ask import ask
from b12clinic.patients.models import Patient
from b12clinic.patients.services.health import HealthGiven, check_health, keep_health, open_health
from b12clinic.patients.services.hold import differences, hold
from b12clinic.patients.services.refusals import PatientRefused
from b12clinic.patients.subjects import FACTS_CHANGED


@transaction.atomic
def change_health(
    *,
    patient: Patient,
    version: int,
    health: HealthGiven,
    reason: str = "",
    by: User,
    at: datetime,
    today: date,
) -> Patient:
    """Make a patient's allergies, conditions and medicines exactly what is given: rows are added and ended, never deleted.

    A row that is given with other words ends, and a new one begins. Taking back or altering a noted allergy, or the
    answer that somebody asked, needs a reason. Asks for the safety rules of a running plan to be run again. Raises
    ChangedMeanwhile and PatientRefused; nothing is written when nothing differs.
    """
    held = hold(patient, version)
    check_health(health, today, born_on=held.born_on)
    before = open_health(held)
    keep_health(held, health, today)
    was, becomes = differences(before, open_health(held))
    if not becomes:
        return held
    if _takes_back(was, becomes) and not reason.strip():
        raise PatientRefused("Say why what was noted about allergies is taken back or altered.", "reason")
    held.version += 1
    held.save(update_fields=["allergies_asked_on", "version"])
    audit.note(
        at=at,
        clinic=held.clinic,
        by=by,
        action="patient.health_changed",
        subject=f"patient:{held.public_id}",
        patient_id=held.pk,
        before=was,
        after=becomes,
        reason=reason.strip(),
    )
    ask(kind=FACTS_CHANGED, subject_id=held.pk)
    return held


def _takes_back(was: dict, becomes: dict) -> bool:
    """Whether something noted about allergies is no longer so: more reactions are no loss, fewer are."""
    if was.get("allergies_asked_on") and not becomes["allergies_asked_on"]:
        return True
    now = becomes.get("allergies", was.get("allergies", {}))
    return any(
        substance not in now or not set(reactions) <= set(now[substance])
        for substance, reactions in was.get("allergies", {}).items()
    )
