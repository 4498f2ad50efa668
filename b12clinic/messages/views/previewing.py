"""On whom a wording is previewed: the patient chosen, the one who fits what was typed, else whoever is next."""

from typing import Any
from uuid import UUID

from django.utils import timezone

from b12clinic.accounts.gate import ClinicRequest
from b12clinic.accounts.services import audit
from b12clinic.messages.default_wordings import Text
from b12clinic.messages.previews import preview_for
from b12clinic.messages.services.change_wording import Place
from b12clinic.patients.models import Patient
from b12clinic.patients.presenters.search_rows import found_rows
from b12clinic.patients.queries import Found, patients_for, search


def preview_context(request: ClinicRequest, place: Place, typed: Text) -> dict[str, Any]:
    """The preview, or the patients to choose from, or why there is none."""
    at = timezone.now()
    today = request.clinic.local_date(at)
    text = request.POST.get("q", "").strip()[:100]
    found = _chosen(request) or (search(request.clinic, text, today) if text else None)
    if found is not None and not found.patients:
        return {"nobody": "Nobody fits. Try the last name alone, the date of birth or a number."}
    if found is not None and len(found.patients) > 1:
        _note(request, at=at, action="patient.searched", after={"text": text, "found": len(found.patients)})
        return {"candidates": found_rows(found, today)}
    patient = found.patients[0] if found else None
    preview = preview_for(clinic=request.clinic, place=place, typed=typed, patient=patient, today=today)
    if preview is None:
        return {"nobody": "Nobody is owed such a message now; choose a patient."}
    _note(
        request,
        at=at,
        action="patient.viewed",
        subject=f"patient:{preview.patient.public_id}",
        patient_id=preview.patient.pk,
    )
    return {"preview": preview}


def _chosen(request: ClinicRequest) -> Found | None:
    """The patient whose button was pressed."""
    try:
        public_id = UUID(request.POST.get("patient", ""))
    except ValueError:
        return None
    mine: list[Patient] = list(patients_for(request.user).filter(clinic=request.clinic, public_id=public_id))
    return Found(patients=tuple(mine), more=False)


def _note(request: ClinicRequest, **what: Any) -> None:
    audit.note(clinic=request.clinic, by=request.user, **what)
