from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from b12clinic.accounts.gate import ClinicRequest, clinic_page
from b12clinic.patients.presenters.links import patient_url
from monitoring.forms.reasons import EndAlertForm
from monitoring.models import Alert
from monitoring.presenters.words import units_on_screen
from monitoring.queries import alerts_for
from monitoring.services.alerts import AlertOver, end_alert
from monitoring.services.take_alert import AlertNotFree, take_alert
from monitoring.views.patient_page import banner, next_page, note_seen, patient_or_404


@clinic_page("monitoring.take_alert")
@require_POST
def take(request: ClinicRequest, alert_id: UUID) -> HttpResponse:
    """Become the owner of an alert that has none, and go back to where it was seen."""
    alert = _alert_or_404(request, alert_id)
    back = next_page(request) or patient_url(alert.patient.public_id)
    try:
        take_alert(alert=alert, by=request.user, at=timezone.now())
    except AlertNotFree as lost:
        return render(request, "409.html", {"sentence": str(lost), "back_url": back}, status=409)
    messages.success(request, "The alert is yours.")
    return redirect(back)


@clinic_page("monitoring.end_alert")
def end(request: ClinicRequest, alert_id: UUID) -> HttpResponse:
    """Close an alert with what was done about it."""
    at = timezone.now()
    alert = _alert_or_404(request, alert_id)
    form = EndAlertForm(request.POST or None)
    race = _ended(alert.ended_by.display_name, alert.how) if alert.ended_by else ""
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            end_alert(alert=alert, how=form.cleaned_data["how"], by=request.user, at=at)
        except AlertOver as over:
            race, status = race or str(over), 409
        else:
            messages.success(request, "The alert was ended.")
            return redirect("monitoring:results", alert.patient.public_id)
    elif form.errors:
        status = 422
    patient = patient_or_404(request, alert.patient.public_id)
    note_seen(request, patient, at)
    context = {
        "patient": patient,
        "banner": banner(patient, request.clinic.local_date(at)),
        "alert": alert,
        "sentence": units_on_screen(alert.sentence),
        "form": form,
        "race": race,
    }
    return render(request, "monitoring/end_alert.html", context, status=status)


def _alert_or_404(request: ClinicRequest, alert_id: UUID) -> Alert:
    mine = alerts_for(request.user).filter(clinic=request.clinic)
    return get_object_or_404(mine.select_related("patient", "clinic", "ended_by"), public_id=alert_id)


def _ended(by: str, how: str) -> str:
    return f"{by} ended this alert: {how}"
