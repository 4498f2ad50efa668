"""What every page about one patient does first: find them in the clinic worked in, and note that they were seen."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils.http import url_has_allowed_host_and_scheme

from b12clinic.accounts.gate import ClinicRequest
from b12clinic.accounts.services import audit
from b12clinic.patients.models import Patient
from b12clinic.patients.presenters.banner import banner_facts
from b12clinic.patients.presenters.links import patient_url
from b12clinic.patients.queries import read_health
from monitoring.queries import patient_at_hand


def patient_or_404(request: ClinicRequest, patient_id: UUID) -> Patient:
    """A patient of the clinic worked in, with what the banner shows and how many results wait; 404 for anybody else's."""
    patient = patient_at_hand(request.clinic, patient_id)
    if patient is None:
        raise Http404
    return read_health(patient)


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


def next_page(request: ClinicRequest) -> str:
    """Where the user came from and goes on to, when that is a page of ours."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(asked, allowed_hosts=None, require_https=request.is_secure())
    return asked if asked.startswith("/") and ours else ""
