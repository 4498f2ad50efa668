from datetime import datetime

from django.db import transaction

from b12clinic.accounts.models import User
from b12clinic.patients.models import Patient
from b12clinic.patients.services.hold import hold
from b12clinic.patients.services.leave import set_days
from b12clinic.patients.services.refusals import PatientRefused


@transaction.atomic
def note_return(*, patient: Patient, version: int, reason: str, by: User, at: datetime) -> Patient:
    """Take back that a patient died or moved: noted by mistake, or come back. Raises ChangedMeanwhile, PatientRefused."""
    held = hold(patient, version)
    if held.is_followed:
        raise PatientRefused("This patient is in the clinic's care already.")
    set_days(held, {"died_on": None, "moved_on": None}, "patient.returned", reason, by, at)
    return held
