from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from b12clinic.accounts.gate import ClinicRequest, clinic_page
from b12clinic.patients.forms.health import HealthForms
from b12clinic.patients.forms.page import grown
from b12clinic.patients.presenters.conflict import who_saved
from b12clinic.patients.presenters.links import patient_url
from b12clinic.patients.services.change_health import change_health
from b12clinic.patients.services.refusals import ChangedMeanwhile, PatientRefused
from b12clinic.patients.views.entry import entry_context, note_viewed, the_patient, version_sent


@clinic_page("patients.change_health")
@require_http_methods(["GET", "HEAD", "POST"])
def health(request: ClinicRequest, public_id: UUID) -> HttpResponse:
    """A patient's allergies, conditions and medicines: what is new is added, what no longer applies ends."""
    at = timezone.now()
    today = request.clinic.local_date(at)
    patient = the_patient(request, public_id)
    context = entry_context(request, patient, today, "patients:health")

    def page(forms: HealthForms, status: int = 200, **more: Any) -> HttpResponse:
        return render(request, "patients/health.html", {**context, "health": forms, **more}, status=status)

    if request.method != "POST":
        note_viewed(request, patient, at)
        return page(HealthForms(None, today=today, patient=patient))
    if "more" in request.POST:
        data = grown(request.POST, request.POST["more"])
        forms = HealthForms(data, today=today, patient=patient, checked=False)
        return page(forms, version=version_sent(request))
    forms = HealthForms(request.POST, today=today, patient=patient)
    if not forms.is_valid():
        return page(forms, 422, version=version_sent(request))
    try:
        change_health(
            patient=patient,
            version=version_sent(request),
            health=forms.given,
            reason=forms.answer.cleaned_data["reason"],
            by=request.user,
            at=at,
            today=today,
        )
    except ChangedMeanwhile as lost:
        return page(forms, 409, version=lost.patient.version, lost=who_saved(lost.patient))
    except PatientRefused as refused:
        forms.answer.add_error(refused.field if refused.field == "reason" else None, refused.sentence)
        return page(forms, 422, version=version_sent(request))
    messages.success(request, "Allergies, conditions and medicines are saved.")
    return redirect(patient_url(patient.public_id))
