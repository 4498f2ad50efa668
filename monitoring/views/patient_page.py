"""What every page about one patient does first: find them in the clinic worked in, and note that they were seen."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from b12clinic.accounts.gate import ClinicRequest
from b12clinic.accounts.services import audit
from b12clinic.patients.models import Patient
from b12clinic.patients.presenters.banner import banner_facts
from b12clinic.patients.presenters.links import patient_url
from b12clinic.patients.queries import patients_for, read_health


def patient_or_404(
    request: ClinicRequest,
    patient_id: UUID,
    told: Callable[[QuerySet[Patient]], QuerySet[Patient]] = lambda patients: patients,
) -> Patient:
    """A patient of the clinic worked in, with what the banner shows and what `told` adds; 404 for anybody else's."""
    mine = patients_for(request.user).select_related("clinic").filter(clinic=request.clinic)
    return read_health(get_object_or_404(told(mine), public_id=patient_id))


def note_seen(request: ClinicRequest, patient: Patient, at: datetime) -> None:
    """Leave on the audit trail that this person looked at this patient."""
    audit.note(
        at=at,
        clinic=request.clinic,
        by=request.user,
        action="patient.viewed",
        subject=f"patient:{patient.public_id}",
        patient_id=patient.pk,
    )


def banner(patient: Patient, today: date) -> dict[str, Any]:
    """Who the page is about, with the way to the chart; the template adds the regimen as of `today`."""
    facts = banner_facts(patient, today)
    return {
        **{name: getattr(facts, name) for name in facts.__slots__},
        "url": patient_url(patient.public_id),
        "today": today,
    }
