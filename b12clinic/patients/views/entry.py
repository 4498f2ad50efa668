"""What every page about one entry of the register begins with."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.urls import reverse

from b12clinic.accounts.gate import ClinicRequest
from b12clinic.accounts.services import audit
from b12clinic.patients.models import Patient
from b12clinic.patients.presenters.banner import banner_facts
from b12clinic.patients.presenters.links import patient_url
from b12clinic.patients.queries import patients_for, with_health

TABS = (
    ("Details", "patients:edit", "patients.register"),
    ("Allergies, conditions, medicines", "patients:health", "patients.change_health"),
)


def the_patient(request: ClinicRequest, public_id: UUID) -> Patient:
    """A patient of the clinic worked in, with identifiers and health; 404 for anyone else's."""
    mine = patients_for(request.user).filter(clinic=request.clinic)
    return get_object_or_404(with_health(mine), public_id=public_id)


def note_viewed(request: ClinicRequest, patient: Patient, at: datetime) -> None:
    """Leave on the audit trail that this entry was shown."""
    audit.note(
        at=at,
        clinic=patient.clinic,
        by=request.user,
        action="patient.viewed",
        subject=f"patient:{patient.public_id}",
        patient_id=patient.pk,
    )


def entry_context(request: ClinicRequest, patient: Patient, today: date, current: str) -> dict[str, Any]:
    """Banner, tabs and the version that the page shows."""
    facts = banner_facts(patient, today)
    return {
        "patient": patient,
        "banner": {
            **{name: getattr(facts, name) for name in facts.__slots__},
            "url": patient_url(patient.public_id),
            "today": today,
        },
        "chart_url": patient_url(patient.public_id),
        "version": patient.version,
        "tabs": [
            {"label": label, "url": reverse(name, args=[patient.public_id]), "current": name == current}
            for label, name, permission in TABS
            if request.user.has_perm(permission, request.clinic)
        ],
    }


def version_sent(request: ClinicRequest) -> int:
    """The version that the page showed; 0, which no row has, when it says none."""
    sent = request.POST.get("version", "")
    return int(sent) if sent.isdecimal() and len(sent) < 10 else 0


def sent_again(request: ClinicRequest) -> list[tuple[str, str]]:
    """All that was sent, to be carried by a page that asks one question more."""
    left_out = {"csrfmiddlewaretoken", "despite", "ask", "back"}
    return [
        (name, value) for name, values in request.POST.lists() if name not in left_out for value in values
    ]
