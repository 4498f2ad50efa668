from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from b12clinic.accounts.gate import ClinicRequest, clinic_page
from monitoring.forms.reasons import WhyForm
from monitoring.forms.result_row import ResultRowForm, correction_row
from monitoring.interpretation.analytes import ANALYTES
from monitoring.models import Result
from monitoring.presenters.rechecks import note_line, recheck_line
from monitoring.presenters.results import results_by_analyte, value_as_reported
from monitoring.presenters.words import full_day, test_in_words
from monitoring.queries import results_for, signed_notes
from monitoring.queries.clinic_ranges import clinic_ranges
from monitoring.services.correct_result import ResultOver, correct_result, result_entered_in_error
from monitoring.services.record_results import ResultsRefused
from monitoring.views.patient_page import banner, note_seen, patient_or_404


@clinic_page("monitoring.enter_results")
def results(request: ClinicRequest, patient_id: UUID) -> HttpResponse:
    """A patient's results by analyte, newest first, with corrections; `?analyte=` shows one of them whole."""
    at = timezone.now()
    today = request.clinic.local_date(at)
    patient = patient_or_404(request, patient_id)
    only = request.GET.get("analyte", "")
    only = only if only in ANALYTES else ""
    rows = list(patient.results.select_related("recorded_by").newest_first())
    rechecks = patient.rechecks.wanted().select_related("patient").prefetch_related("answers")
    note_seen(request, patient, at)
    context = {
        "patient": patient,
        "banner": banner(patient, today),
        "groups": results_by_analyte(
            rows,
            ranges=clinic_ranges(rows),
            today=today,
            zone=request.clinic.time_zone,
            only=only,
            may_change=True,
        ),
        "rechecks": [recheck_line(recheck, today) for recheck in rechecks],
        "notes": [note_line(answer, today) for answer in signed_notes(patient)],
        "only": test_in_words(only) if only else "",
    }
    return render(request, "monitoring/results.html", context)


@clinic_page("monitoring.enter_results")
def correct(request: ClinicRequest, result_id: UUID) -> HttpResponse:
    """Correct a value, unit, day or range: a new row, with the reason; the old one stays visible."""
    at = timezone.now()
    today = request.clinic.local_date(at)
    result = _result_or_404(request, result_id)
    row = correction_row(result, request.POST or None)
    why = WhyForm(request.POST or None)
    if request.method == "POST" and all([row.is_valid(), why.is_valid()]):
        try:
            correct_result(
                result=result,
                entry=row.entry(),
                why=why.cleaned_data["why"],
                by=request.user,
                at=at,
                today=today,
            )
        except ResultOver as over:
            return _correct_page(request, result, row, why, race=str(over), status=409)
        except ResultsRefused as refused:
            row.refuse([refusal.stop for refusal in refused.refusals])
        else:
            messages.success(request, f"{test_in_words(result.analyte)} corrected.")
            return redirect("monitoring:results", result.patient.public_id)
    return _correct_page(request, result, row, why, status=422 if row.problems or why.errors else 200)


@clinic_page("monitoring.enter_results")
def entered_in_error(request: ClinicRequest, result_id: UUID) -> HttpResponse:
    """Say that a value was never this patient's; it counts no more and is still shown."""
    at = timezone.now()
    today = request.clinic.local_date(at)
    result = _result_or_404(request, result_id)
    why = WhyForm(request.POST or None)
    race, status = "", 422 if why.errors else 200
    if request.method == "POST" and why.is_valid():
        try:
            result_entered_in_error(
                result=result, why=why.cleaned_data["why"], by=request.user, at=at, today=today
            )
        except ResultOver as over:
            race, status = str(over), 409
        else:
            messages.success(request, f"{test_in_words(result.analyte)} marked as entered in error.")
            return redirect("monitoring:results", result.patient.public_id)
    context = _about(request, result) | {"why": why, "race": race}
    return render(request, "monitoring/entered_in_error.html", context, status=status)


def _result_or_404(request: ClinicRequest, result_id: UUID) -> Result:
    mine = results_for(request.user).filter(patient__clinic=request.clinic)
    return get_object_or_404(mine, public_id=result_id)


def _correct_page(
    request: ClinicRequest, result: Result, row: ResultRowForm, why: WhyForm, *, race: str = "", status: int
) -> HttpResponse:
    context = _about(request, result) | {"row": row, "why": why, "race": race}
    return render(request, "monitoring/correct.html", context, status=status)


def _about(request: ClinicRequest, result: Result) -> dict[str, object]:
    """The patient, and the recorded value in words."""
    at = timezone.now()
    patient = patient_or_404(request, result.patient.public_id)
    note_seen(request, patient, at)
    return {
        "patient": patient,
        "banner": banner(patient, request.clinic.local_date(at)),
        "label": test_in_words(result.analyte),
        "recorded": f"{value_as_reported(result)} of {full_day(result.taken_on)}",
    }
