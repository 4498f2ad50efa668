from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from b12clinic.accounts.gate import ClinicRequest, clinic_page
from monitoring.views.patient_page import note_seen, patient_or_404
from regimens.presenters.banner import banner_of
from regimens.presenters.response import response_panels
from regimens.presenters.response_page import SPANS, conclusion_rows, figures_of, picture_of, span_tabs
from regimens.presenters.response_picture import DECIDING
from regimens.queries.chart import chart_of
from regimens.queries.conclusions import conclusions_of
from regimens.response_check import standing_of


@clinic_page("patients.view")
def response(request: ClinicRequest, patient_id: UUID) -> HttpResponse:
    """How treatment is answered: every marker on one time axis, each one's answer in words, and what was concluded."""
    at = timezone.now()
    patient = patient_or_404(request, patient_id)
    today = patient.clinic.local_date(at)
    note_seen(request, patient, at)
    span = request.GET.get("span", "all")
    span = span if span in SPANS else "all"
    chart = chart_of(patient)
    standing = standing_of(chart, patient, today)
    context = {
        "patient": patient,
        "banner": banner_of(patient, today),
        "picture": picture_of(chart, standing, today, span),
        "tabs": span_tabs(patient.public_id, span),
        "page": response_panels(standing),
        "figures": figures_of(standing.situation),
        "conclusions": conclusion_rows(conclusions_of(patient), today),
        "may": {
            "score": request.user.has_perm("monitoring.enter_results", patient.clinic),
            "conclude": chart.running is not None
            and standing.response is not None
            and request.user.has_perm("regimens.decide", patient.clinic),
        },
    }
    return render(request, "regimens/response.html", context)


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
        raise Http404("Nothing is drawn before the first injection.")
    return render(request, "regimens/_response_picture.html", {"picture": drawn})
