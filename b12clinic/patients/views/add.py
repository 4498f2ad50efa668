from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from b12clinic.accounts.gate import ClinicRequest, clinic_page
from b12clinic.patients.forms.page import grown
from b12clinic.patients.forms.register import EntryForms, ReasonForm
from b12clinic.patients.presenters.banner import ADULT_AGE
from b12clinic.patients.presenters.links import patient_url
from b12clinic.patients.services.refusals import LooksLikeAnother, PatientRefused
from b12clinic.patients.services.register_patient import register_patient
from b12clinic.patients.views.alike import ask_about_alike


@clinic_page("patients.register")
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: ClinicRequest) -> HttpResponse:
    """Register a patient: who, how to reach them, what they agreed to, and their health where the role allows."""
    at = timezone.now()
    today = request.clinic.local_date(at)
    settings: dict[str, Any] = {
        "clinic": request.clinic,
        "today": today,
        "with_health": request.user.has_perm("patients.change_health", request.clinic),
    }
    if request.method != "POST":
        return _page(request, EntryForms(None, **settings))
    if "more" in request.POST or "back" in request.POST:
        data = grown(request.POST, request.POST.get("more", ""))
        return _page(request, EntryForms(data, **settings, checked=False))
    page, reason = EntryForms(request.POST, **settings), ReasonForm(request.POST)
    if not page.is_valid():
        return _page(request, page, status=422)
    try:
        patient = register_patient(
            clinic=request.clinic,
            details=page.patient.details,
            identifiers=page.identifiers.numbers,
            health=page.health_given,
            despite=reason.cleaned_data["despite"] if reason.is_valid() else "",
            by=request.user,
            at=at,
            today=today,
        )
    except LooksLikeAnother as alike:
        return ask_about_alike(
            request, alike, reason, at=at, details=page.patient.details, button="Register anyway"
        )
    except PatientRefused as refused:
        page.refuse(refused)
        return _page(request, page, status=422)
    messages.success(request, f"{patient.name} is in the register.")
    if patient.age_on(today) < ADULT_AGE:
        messages.warning(
            request, f"{patient.name} is under {ADULT_AGE}: the planner is for adults and offers no plan."
        )
    return redirect(patient_url(patient.public_id))


def _page(request: ClinicRequest, page: EntryForms, status: int = 200) -> HttpResponse:
    return render(request, "patients/add.html", {"page": page}, status=status)
