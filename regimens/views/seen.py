"""A page about a patient shows who it is about; that it was shown stands on the audit trail."""

from datetime import date
from typing import Any

from django.utils import timezone

from b12clinic.accounts.models import Clinic, User
from b12clinic.accounts.services import audit
from b12clinic.patients.models import Patient
from regimens.presenters.banner import banner_of


def seen(patient: Patient, today: date, *, by: User, clinic: Clinic) -> dict[str, Any]:
    """The banner of a patient of this clinic whom somebody now looks at, with the trace that they did."""
    audit.note(
        at=timezone.now(),
        clinic=clinic,
        by=by,
        action="patient.viewed",
        subject=f"patient:{patient.public_id}",
        patient_id=patient.pk,
    )
    return banner_of(patient, today)
