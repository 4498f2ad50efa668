from datetime import date

from django.http import HttpResponse
from django.shortcuts import render

from b12clinic.accounts.gate import ClinicRequest
from regimens.models import Administration
from regimens.presenters.record import last_lines
from regimens.views.seen import seen


def closed_entry(request: ClinicRequest, entry: Administration, why: str, today: date) -> HttpResponse:
    """Instead of a form that would be refused: why this entry cannot be put right any more, and where the newest one is."""
    context = {
        "entry": entry,
        "why": why,
        "line": last_lines([entry], today)[0],
        "banner": seen(entry.patient, today, by=request.user, clinic=request.clinic),
    }
    return render(request, "regimens/closed_entry.html", context)
