from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from b12clinic.accounts.gate import ClinicRequest, clinic_page
from b12clinic.patients.models import Patient
from b12clinic.vocabulary import ResponseDecision
from monitoring.services.add_recheck import NotAdded, add_recheck
from monitoring.views.patient_page import patient_or_404
from regimens.carried_reason import carry_reason
from regimens.forms.conclusion import ConclusionForm
from regimens.models import Regimen, ResponseConclusion
from regimens.presenters.response import pathway_panel, response_panels
from regimens.presenters.response_page import interval_rows, interval_warning
from regimens.queries.chart import chart_of
from regimens.response_check import Standing, questions_of, standing_of
from regimens.services.change_interval import dates_with
from regimens.services.conclude_response import NotConcluded, Seen, conclude_response, reason_of
from regimens.services.hold import ChangedMeanwhile
from regimens.services.wanted_plan import NEW_PLAN
from regimens.views.conflict import changed_meanwhile
from regimens.views.seen import seen


@clinic_page("regimens.decide")
def conclude(request: ClinicRequest, patient_id: UUID) -> HttpResponse:
    """Sign what is concluded from the response; new dates are shown before they are signed."""
    at = timezone.now()
    patient = patient_or_404(request, patient_id)
    today = patient.clinic.local_date(at)
    chart = chart_of(patient)
    standing = standing_of(chart, patient, today)
    regimen = chart.running
    if regimen is None or standing.response is None:
        raise Http404("no response to conclude on")
    form = _form(request, standing, regimen)
    shows_dates = False
    if request.method == "POST" and form.is_valid():
        if form.changes_interval and not form.previewed:
            shows_dates = True
        else:
            answer = _sign(request, form, regimen, standing, at, today)
            if answer is not None:
                return answer
    return _page(request, patient, form, standing, regimen, today, shows_dates=shows_dates)


def _form(request: ClinicRequest, standing: Standing, regimen: Regimen) -> ConclusionForm:
    pathway = standing.pathway
    holds_back = pathway is not None and bool(pathway.open_steps)
    anyway = request.GET.get("anyway") == "1"
    return ConclusionForm(
        request.POST or None,
        questions=questions_of(standing),
        wanted=pathway.tests_to_plan if pathway else (),
        offers_change=not holds_back or anyway,
        explains=holds_back and anyway,
        initial={"version": regimen.version},
    )


def _seen(standing: Standing) -> Seen:
    response, pathway = standing.response, standing.pathway
    assert response is not None  # noqa: S101  asked before
    steps = pathway.open_steps if pathway else ()
    return Seen(
        verdict=response.verdict.value,
        day=response.day,
        sentences=[one.sentence for one in response.markers],
        tests=[test for step in steps for test in step.tests],
        questions=[step.code for step in steps if not step.tests],
    )


def _sign(
    request: ClinicRequest, form: ConclusionForm, regimen: Regimen, standing: Standing, at: Any, today: date
) -> HttpResponse | None:
    data = form.cleaned_data
    try:
        signed = conclude_response(
            regimen=regimen,
            version=data["version"],
            seen=_seen(standing),
            conclusion=form.conclusion(),
            form_key=data["form_key"],
            by=request.user,
            at=at,
            today=today,
        )
    except ChangedMeanwhile as race:
        kept = [("What do you conclude?", data["words"]), ("Reason", data["reason"])]
        return changed_meanwhile(request, race, kept)
    except NotConcluded as refusal:
        form.add_error(None, str(refusal))
        return None
    return _after(request, form, signed)


def _after(request: ClinicRequest, form: ConclusionForm, signed: ResponseConclusion) -> HttpResponse:
    """To the response; another drug or route is planned from a new assessment, with the reason carried there."""
    if signed.decision in NEW_PLAN:
        label = ResponseDecision.label_of(signed.decision)
        carry_reason(request.session, signed.patient, f"{label}: {reason_of(form.conclusion())}")
        messages.info(
            request, "Signed; it stands on the worklist until a new plan is signed. Assess and compare now."
        )
        return redirect("regimens:assess", signed.patient.public_id)
    messages.success(request, f"The conclusion on {signed.patient.name} is signed.")
    return redirect("regimens:response", signed.patient.public_id)


def _page(
    request: ClinicRequest,
    patient: Patient,
    form: ConclusionForm,
    standing: Standing,
    regimen: Regimen,
    today: date,
    *,
    shows_dates: bool,
) -> HttpResponse:
    context = {
        "patient": patient,
        "banner": seen(patient, today, by=request.user, clinic=request.clinic),
        "form": form,
        "page": response_panels(standing),
        "pathway": pathway_panel(standing.pathway),
        "dates": interval_rows(*dates_with(regimen, form.interval, today), today)
        if shows_dates and form.interval
        else None,
        "interval": form.interval if shows_dates else None,
        "warning": interval_warning(form.interval, standing) if shows_dates and form.interval else "",
    }
    return render(request, "regimens/conclude.html", context, status=422 if form.errors else 200)


@require_POST
@clinic_page("regimens.decide")
def plan_pathway_tests(request: ClinicRequest, patient_id: UUID) -> HttpResponse:
    """Want the tests that come before any change of dose, within a week."""
    at = timezone.now()
    patient = patient_or_404(request, patient_id)
    today = patient.clinic.local_date(at)
    pathway = standing_of(chart_of(patient), patient, today).pathway
    if pathway is None or not pathway.tests_to_plan:
        raise Http404("nothing to plan")
    try:
        add_recheck(
            patient=patient,
            due_on=today + timedelta(days=7),
            tests=pathway.tests_to_plan,
            why=f"Before any change of dose. {pathway.because}",
            by=request.user,
            at=at,
            today=today,
        )
    except NotAdded as refusal:
        messages.info(request, str(refusal))
    else:
        messages.success(request, "The tests are planned within a week.")
    return redirect("regimens:response", patient.public_id)
