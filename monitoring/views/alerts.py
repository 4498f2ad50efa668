from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from b12clinic.accounts.gate import ClinicRequest, clinic_page
from monitoring.forms.reasons import EndAlertForm
from monitoring.presenters.words import units_on_screen
from monitoring.queries import alerts_for
from monitoring.services.alerts import AlertOver, end_alert
from monitoring.views.patient_page import banner, note_seen, patient_or_404


@clinic_page("monitoring.end_alert")
def end(request: ClinicRequest, alert_id: UUID) -> HttpResponse:
    """Close an alert with what was done about it."""
    at = timezone.now()
    mine = alerts_for(request.user).filter(clinic=request.clinic)
    alert = get_object_or_404(mine.select_related("patient", "clinic", "ended_by"), public_id=alert_id)
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


def _ended(by: str, how: str) -> str:
    return f"{by} ended this alert: {how}"
