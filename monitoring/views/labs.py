from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from b12clinic.accounts.gate import ClinicRequest, clinic_page
from b12clinic.accounts.services import audit
from monitoring.presenters.recent import recent_lines
from monitoring.queries import recent_results


@clinic_page("monitoring.enter_results")
def labs(request: ClinicRequest) -> HttpResponse:
    """Where lab work begins: the results recorded last in the clinic, and the way to a patient's grid."""
    at = timezone.now()
    today = request.clinic.local_date(at)
    audit.note(at=at, clinic=request.clinic, by=request.user, action="labs.viewed")
    lines = recent_lines(recent_results(request.clinic), today)
    return render(request, "monitoring/labs.html", {"lines": lines})
