from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from b12clinic.accounts.gate import ClinicRequest, clinic_page
from b12clinic.paper import NotOnPaper
from b12clinic.patients.models import Patient
from monitoring.presenters.words import full_day
from monitoring.views.patient_page import note_seen, patient_or_404
from regimens.presenters.banner import banner_of
from regimens.presenters.response import response_panels, sentence_of
from regimens.presenters.response_page import (
    SPANS,
    conclusion_rows,
    figures_of,
    pdf_url,
    picture_of,
    span_tabs,
)
from regimens.presenters.response_paper import response_paper
from regimens.presenters.response_picture import DECIDING
from regimens.queries.chart import Chart, chart_of
from regimens.queries.conclusions import conclusions_of
from regimens.response_check import Standing, standing_of
from regimens.response_paper import response_on_paper


@clinic_page("patients.view")
def response(request: ClinicRequest, patient_id: UUID) -> HttpResponse:
    """How treatment is answered: every marker on one time axis, each one's answer in words, and what was concluded."""
    at = timezone.now()
    patient = patient_or_404(request, patient_id)
    note_seen(request, patient, at)
    chart, span = chart_of(patient), _span(request)
    today = patient.clinic.local_date(at)
    standing = standing_of(chart, patient, today)
    context = _shown(patient, chart, standing, today, span) | {
        "patient": patient,
        "tabs": span_tabs(patient.public_id, span),
        "pdf_url": pdf_url(patient.public_id, span),
        "may": {
            "score": request.user.has_perm("monitoring.enter_results", patient.clinic),
            "conclude": chart.running is not None
            and standing.response is not None
            and request.user.has_perm("regimens.decide", patient.clinic),
        },
    }
    return render(request, "regimens/response.html", context)


@clinic_page("patients.view")
@require_safe
def response_pdf(request: ClinicRequest, patient_id: UUID) -> HttpResponse:
    """The same as a PDF, to file or to send; whoever makes one has seen the patient."""
    at = timezone.now()
    patient = patient_or_404(request, patient_id)
    note_seen(request, patient, at)
    chart, span = chart_of(patient), _span(request)
    today = patient.clinic.local_date(at)
    shown = _shown(patient, chart, standing_of(chart, patient, today), today, span)
    as_of = f"{full_day(today)} at {at.astimezone(ZoneInfo(patient.clinic.time_zone)):%H:%M}"
    try:
        printed = response_on_paper(
            patient.clinic, response_paper(patient.clinic, shown, as_of, SPANS[span]), at
        )
    except NotOnPaper as reason:
        messages.error(request, str(reason))
        return redirect("regimens:response", patient.public_id)
    name = f"response-{today:%Y-%m-%d}-{str(patient.public_id)[:8]}.pdf"
    return HttpResponse(
        printed.content,
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store, private",
            "X-Content-Type-Options": "nosniff",
        },
    )


def _span(request: ClinicRequest) -> str:
    """The stretch of time that is asked for."""
    asked = request.GET.get("span", "all")
    return asked if asked in SPANS else "all"


def _shown(patient: Patient, chart: Chart, standing: Standing, today: date, span: str) -> dict[str, Any]:
    """What page and paper both show."""
    return {
        "banner": banner_of(patient, today),
        "picture": picture_of(chart, standing, today, span),
        "page": response_panels(standing),
        "sentence": sentence_of(standing),
        "figures": figures_of(standing.situation),
        "conclusions": conclusion_rows(conclusions_of(patient), today),
    }


@clinic_page("patients.view")
def picture(request: ClinicRequest, patient_id: UUID) -> HttpResponse:
    """The pictures of what decides, without a page around them: the chart asks for them once it stands."""
    at = timezone.now()
    patient = patient_or_404(request, patient_id)
    today = patient.clinic.local_date(at)
    note_seen(request, patient, at)
    chart = chart_of(patient)
    drawn = picture_of(chart, standing_of(chart, patient, today), today, markers=DECIDING)
    if drawn is None:
        raise Http404("Nothing is drawn before the first day of treatment.")
    return render(request, "regimens/_response_picture.html", {"picture": drawn})
