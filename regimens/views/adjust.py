from datetime import date, datetime
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from b12clinic.accounts.gate import ClinicRequest, clinic_page
from b12clinic.vocabulary import PhaseKind
from regimens.carried_reason import carried_reason, put_down_reason
from regimens.forms.adjustment import AdjustmentForm
from regimens.models import Assessment
from regimens.order_check import findings_on_spacing
from regimens.planning import blocks, first_day, policy_for, preview, recommendation_for, specs_of
from regimens.presenters.plan import preview_of
from regimens.presenters.response import next_test_rows
from regimens.protocols.cause_finding import next_tests
from regimens.protocols.recommendation import Recommendation
from regimens.queries.plans import assessments_for, running_regimen
from regimens.services.sign_regimen import NotSigned, sign_regimen
from regimens.views.seen import seen


@clinic_page("regimens.assess")
def adjust(request: ClinicRequest, assessment_id: UUID) -> HttpResponse:
    """Step 3: first day, interval and reasons, with every date shown before anything is saved."""
    assessment, recommendation, today = _chosen(request, assessment_id, timezone.now())
    form = _form(request, assessment, recommendation, today)
    status = 200 if not form.is_bound or form.is_valid() else 422
    return _page(request, assessment, recommendation, form, today, status=status)


@require_POST
@clinic_page("regimens.sign_plan")
def sign(request: ClinicRequest, assessment_id: UUID) -> HttpResponse:
    """Step 4: the prescriber signs what the preview showed."""
    at = timezone.now()
    assessment, recommendation, today = _chosen(request, assessment_id, at)
    form = _form(request, assessment, recommendation, today)
    if form.is_valid() and not form.previewed:
        messages.warning(
            request, "You changed the plan after its dates were shown. Look at them again, then sign."
        )
        return _page(request, assessment, recommendation, form, today, status=200)
    if form.is_valid() and form.reasons_given():
        try:
            regimen = sign_regimen(
                assessment=assessment,
                protocol_code=request.POST["protocol"],
                adjustment=form.adjustment(),
                overrides=form.overrides,
                replaces_because=form.cleaned_data.get("replaces_because", ""),
                by=request.user,
                at=at,
                today=today,
            )
        except NotSigned as refusal:
            form.add_error(None, str(refusal))
        else:
            put_down_reason(request.session, assessment.patient)
            messages.success(request, f"The plan for {assessment.patient.name} is signed.")
            return redirect("regimens:chart", regimen.patient.public_id)
    return _page(request, assessment, recommendation, form, today, status=422)


def _chosen(
    request: ClinicRequest, assessment_id: UUID, at: datetime
) -> tuple[Assessment, Recommendation, date]:
    assessment = get_object_or_404(
        assessments_for(request.user), clinic=request.clinic, public_id=assessment_id
    )
    today = assessment.clinic.local_date(at)
    code = request.POST.get("protocol") or request.GET.get("protocol", "")
    try:
        return assessment, recommendation_for(assessment, code, today), today
    except KeyError as unknown:
        raise Http404("No guideline holds this protocol.") from unknown


def _form(
    request: ClinicRequest, assessment: Assessment, recommendation: Recommendation, today: date
) -> AdjustmentForm:
    running = running_regimen(assessment.patient)
    return AdjustmentForm(
        request.POST or None,
        clinic_weekdays=assessment.clinic.open_weekdays,
        today=today,
        blocks=blocks(recommendation),
        replaces=running is not None and running.assessment_id != assessment.pk,
        has_maintenance=any(phase.spec.kind is PhaseKind.MAINTENANCE for phase in recommendation.phases),
        initial={
            "starts_on": max(first_day(recommendation) or today, today),
            "replaces_because": carried_reason(request.session, assessment.patient),
        },
    )


def _page(
    request: ClinicRequest,
    assessment: Assessment,
    recommendation: Recommendation,
    form: AdjustmentForm,
    today: date,
    *,
    status: int,
) -> HttpResponse:
    usable = form.dated
    adjustment = form.adjustment() if usable else form.proposed()
    specs = specs_of(recommendation, adjustment)
    forecast = preview(specs, assessment.clinic, adjustment, policy_for(assessment.clinic))
    context = {
        "assessment": assessment,
        "recommendation": recommendation,
        "form": form,
        "ready": usable,
        "spacing": findings_on_spacing(recommendation, specs, adjustment.reason)
        if adjustment.maintenance
        else (),
        "banner": seen(assessment.patient, today, by=request.user, clinic=request.clinic),
        "next_tests": next_test_rows(next_tests(recommendation.situation.reading)),
        "preview": preview_of(recommendation, adjustment, specs, forecast, today),
    }
    return render(request, "regimens/adjust.html", context, status=status)
