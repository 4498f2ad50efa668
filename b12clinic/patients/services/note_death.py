from datetime import date, datetime

from django.db import transaction

from b12clinic.accounts.models import User
from b12clinic.patients.leaving import on_death
from b12clinic.patients.models import Patient
from b12clinic.patients.services.hold import hold
from b12clinic.patients.services.leave import check_day, set_days


@transaction.atomic
def note_death(
    *, patient: Patient, version: int, died_on: date, reason: str, by: User, at: datetime, today: date
) -> Patient:
    """Note that a patient died; `reason` says how the clinic knows. A running plan is stopped with it.

    Raises ChangedMeanwhile and PatientRefused.
    """
    held = hold(patient, version)
    check_day(held, "died_on", died_on, today)
    set_days(held, {"died_on": died_on}, "patient.died", reason, by, at)
    on_death(patient=held, by=by, at=at, today=today)
    return held
