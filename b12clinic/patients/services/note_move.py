from datetime import date, datetime

from django.db import transaction

from b12clinic.accounts.models import User
from b12clinic.patients.models import Patient
from b12clinic.patients.services.hold import hold
from b12clinic.patients.services.leave import check_day, set_days


@transaction.atomic
def note_move(
    *, patient: Patient, version: int, moved_on: date, reason: str, by: User, at: datetime, today: date
) -> Patient:
    """Note that a patient is cared for elsewhere; `reason` says where. Raises ChangedMeanwhile and PatientRefused."""
    held = hold(patient, version)
    check_day(held, "moved_on", moved_on, today)
    set_days(held, {"moved_on": moved_on}, "patient.moved", reason, by, at)
    return held
