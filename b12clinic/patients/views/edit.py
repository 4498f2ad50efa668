from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from b12clinic.accounts.gate import ClinicRequest, clinic_page
from b12clinic.patients.forms.register import EntryForms, ReasonForm
from b12clinic.patients.presenters.conflict import differences, who_saved
from b12clinic.patients.presenters.links import patient_url
from b12clinic.patients.services.change_patient import change_patient
from b12clinic.patients.services.refusals import ChangedMeanwhile, LooksLikeAnother, PatientRefused
from b12clinic.patients.views.alike import ask_about_alike
from b12clinic.patients.views.entry import entry_context, note_viewed, the_patient, version_sent


@clinic_page("patients.register")
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: ClinicRequest, public_id: UUID) -> HttpResponse:
    """Put right who a patient is, how to reach them and what they agreed to."""
    at = timezone.now()
    today = request.clinic.local_date(at)
    patient = the_patient(request, public_id)
    settings: dict[str, Any] = {"clinic": request.clinic, "today": today, "patient": patient}
    context = entry_context(request, patient, today, "patients:edit")

    def page(forms: EntryForms, status: int = 200, **more: Any) -> HttpResponse:
        return render(request, "patients/edit.html", {**context, "page": forms, **more}, status=status)

    if request.method != "POST":
        note_viewed(request, patient, at)
        return page(EntryForms(None, **settings))
    if "back" in request.POST:
        return page(EntryForms(request.POST, **settings, checked=False), version=version_sent(request))
    forms, reason = EntryForms(request.POST, **settings), ReasonForm(request.POST)
    if not forms.is_valid():
        return page(forms, 422, version=version_sent(request))
    try:
        change_patient(
            patient=patient,
            version=version_sent(request),
            details=forms.patient.details,
            identifiers=forms.identifiers.numbers,
            despite=reason.cleaned_data["despite"] if reason.is_valid() else "",
            by=request.user,
            at=at,
            today=today,
        )
    except ChangedMeanwhile as lost:
        changes = differences(forms.patient, forms.identifiers.numbers, lost.patient)
        return page(forms, 409, version=lost.patient.version, lost=who_saved(lost.patient), changes=changes)
    except LooksLikeAnother as alike:
        return ask_about_alike(
            request, alike, reason, at=at, details=forms.patient.details, button="Save anyway"
        )
    except PatientRefused as refused:
        forms.refuse(refused)
        return page(forms, 422, version=version_sent(request))
    messages.success(request, "The details are saved.")
    return redirect(patient_url(patient.public_id))
