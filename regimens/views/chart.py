from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from b12clinic.accounts.gate import ClinicRequest, clinic_page
from monitoring.presenters.inbox import inbox_of_patient
from monitoring.views.patient_page import note_seen, patient_or_404
from regimens.dates_explained import reasons_for
from regimens.presenters.banner import banner_of
from regimens.presenters.calls import told_lines
from regimens.presenters.chart import LISTS, chart_page
from regimens.presenters.course_panel import course_panel
from regimens.queries.chart import Chart, chart_of
from regimens.queries.contacts import contacts_of
from regimens.queries.course_events import course_events_on
from regimens.response_check import standing_of

ACTS = {
    "record": "regimens.record_injection",
    "assess": "regimens.assess",
    "stop": "regimens.decide",
    "enter": "monitoring.enter_results",
    "see_to_alerts": "monitoring.take_alert",
    "see_inbox": "monitoring.view_inbox",
    "edit": "patients.register",
    "call": "regimens.call_patients",
}


@clinic_page("patients.view")
def chart(request: ClinicRequest, patient_id: UUID) -> HttpResponse:
    """One patient: the plan with its doses, injections, labs, rechecks, alerts and what was changed."""
    at = timezone.now()
    patient = patient_or_404(request, patient_id)
    today = patient.clinic.local_date(at)
    note_seen(request, patient, at)
    may = {act: request.user.has_perm(permission, patient.clinic) for act, permission in ACTS.items()}
    rows = chart_of(patient)
    standing = standing_of(rows, patient, today)
    context = {
        "patient": patient,
        "banner": banner_of(patient, today, rows),
        "page": chart_page(
            rows,
            standing,
            reasons_for(rows, patient.clinic),
            today,
            user=request.user,
            may_decide=may["stop"],
            whole=[part for part in LISTS if request.GET.get(part) == "all"],
        ),
        "inbox_url": inbox_of_patient(patient),
        "told": told_lines(contacts_of(patient.pk), today),
        "course": _course(rows, today),
        "may": may,
    }
    return render(request, "regimens/chart.html", context)


def _course(rows: Chart, today: date) -> dict[str, Any] | None:
    """What was decided on the running regimen; none where none runs."""
    running = rows.running
    if running is None:
        return None
    return course_panel(course_events_on(rows, running), today)
