from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import render

from b12clinic.accounts.gate import ClinicRequest
from b12clinic.accounts.services import audit
from b12clinic.patients.forms.register import ReasonForm
from b12clinic.patients.presenters.lines import day
from b12clinic.patients.presenters.search_rows import look_alike_rows
from b12clinic.patients.services.details import PatientDetails
from b12clinic.patients.services.refusals import LooksLikeAnother
from b12clinic.patients.views.entry import sent_again


def ask_about_alike(
    request: ClinicRequest,
    alike: LooksLikeAnother,
    reason: ReasonForm,
    *,
    at: datetime,
    details: PatientDetails,
    button: str,
) -> HttpResponse:
    """Before anything is saved: the entries that look like the same person, and what to do about each."""
    rows = look_alike_rows(alike.look_alikes, request.clinic.local_date(at))
    audit.note(
        at=at,
        clinic=request.clinic,
        by=request.user,
        action="patient.look_alikes_shown",
        after={"looks_like": [str(row.public_id) for row in rows]},
    )
    asked_before = "despite" in request.POST
    context = {
        "typed": f"{details.name}, born {day(details.born_on)}",
        "rows": rows,
        "button": button,
        "sent": sent_again(request),
        "form": reason if asked_before else ReasonForm(),
    }
    return render(request, "patients/look_alike.html", context, status=422 if asked_before else 200)
