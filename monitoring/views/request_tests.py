from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from b12clinic.accounts.gate import ClinicRequest, clinic_page
from monitoring.forms.wanted_tests import WantedTestsForm
from monitoring.presenters.request_form import request_form
from monitoring.presenters.words import full_day
from monitoring.queries import rechecks_for
from monitoring.services.add_recheck import NotAdded, add_recheck
from monitoring.views.patient_page import banner, note_seen, patient_or_404


@clinic_page("monitoring.enter_results")
def add(request: ClinicRequest, patient_id: UUID) -> HttpResponse:
    """Want tests that no plan asked for, with the reason; the request form follows."""
    at = timezone.now()
    patient = patient_or_404(request, patient_id)
    today = request.clinic.local_date(at)
    form = WantedTestsForm(request.POST or None, today=today)
    if request.method == "POST" and form.is_valid():
        try:
            recheck = add_recheck(patient=patient, by=request.user, at=at, today=today, **form.cleaned_data)
        except NotAdded as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"Wanted by {full_day(recheck.due_on)}.")
            return redirect("monitoring:request_form", recheck.public_id)
    note_seen(request, patient, at)
    context = {"patient": patient, "banner": banner(patient, today), "form": form}
    return render(request, "monitoring/add_recheck.html", context, status=422 if form.errors else 200)


@clinic_page("monitoring.enter_results")
def request_page(request: ClinicRequest, recheck_id: UUID) -> HttpResponse:
    """The request for the laboratory, to print: who it is about, what is asked for and why, who asks and where."""
    at = timezone.now()
    mine = rechecks_for(request.user).filter(clinic=request.clinic)
    recheck = get_object_or_404(
        mine.select_related("patient", "clinic").prefetch_related("answers"), public_id=recheck_id
    )
    patient = patient_or_404(request, recheck.patient.public_id)
    today = request.clinic.local_date(at)
    note_seen(request, patient, at)
    context = {
        "patient": patient,
        "banner": banner(patient, today),
        "wanted": request_form(recheck),
        "asked_on": full_day(today),
        "asked_by": request.user.display_name,
    }
    return render(request, "monitoring/request_form.html", context)
