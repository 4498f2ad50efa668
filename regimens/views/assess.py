from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from b12clinic.accounts.gate import ClinicRequest, clinic_page
from b12clinic.patients.queries import patients_for
from monitoring.queries.results import newest_values, reported_values
from regimens.carried_reason import carried_reason
from regimens.facts import live_injections
from regimens.forms.assessment import AssessmentForm
from regimens.forms.typed import reason_in
from regimens.planning import pack_choices
from regimens.presenters.plan import baseline_lines
from regimens.presenters.response import next_test_rows
from regimens.queries.plans import assessments_for
from regimens.response_check import tests_to_ask
from regimens.services.assess import NotAssessed, assess, set_aside
from regimens.views.seen import seen


@clinic_page("regimens.assess")
def assess_patient(request: ClinicRequest, patient_id: UUID) -> HttpResponse:
    """Step 1: what the clinician judges, beside the labs it is judged on."""
    at = timezone.now()
    patient = get_object_or_404(patients_for(request.user), clinic=request.clinic, public_id=patient_id)
    today = patient.clinic.local_date(at)
    form = AssessmentForm(
        request.POST or None,
        packs=pack_choices(),
        injections=live_injections(patient).count(),
        initial={
            "guideline": patient.clinic.default_pack,
            "note": carried_reason(request.session, patient),
        },
    )
    if request.method == "POST" and form.is_valid():
        try:
            assessment = assess(
                patient=patient,
                judgement=form.judgement(),
                guideline=form.cleaned_data["guideline"],
                note=form.cleaned_data["note"],
                by=request.user,
                at=at,
                today=today,
            )
        except NotAssessed as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("regimens:compare", assessment.public_id)
    context = {
        "patient": patient,
        "form": form,
        "banner": seen(patient, today, by=request.user, clinic=request.clinic),
        "next_tests": next_test_rows(tests_to_ask(patient, today)),
        "baseline": baseline_lines(newest_values(reported_values(patient)), today),
    }
    return render(request, "regimens/assess.html", context, status=422 if form.errors else 200)


@require_POST
@clinic_page("regimens.assess")
def set_assessment_aside(request: ClinicRequest, assessment_id: UUID) -> HttpResponse:
    """Decide not to plan from an assessment, with a reason."""
    assessment = get_object_or_404(
        assessments_for(request.user), clinic=request.clinic, public_id=assessment_id
    )
    reason = reason_in(request.POST).strip()
    if not reason:
        messages.error(request, "Say why no plan is made from this assessment.")
        return redirect("regimens:compare", assessment.public_id)
    try:
        set_aside(assessment=assessment, reason=reason, by=request.user, at=timezone.now())
    except NotAssessed as refusal:
        messages.error(request, str(refusal))
    return redirect("regimens:chart", assessment.patient.public_id)
