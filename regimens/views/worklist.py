from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from b12clinic.accounts.gate import ClinicRequest, clinic_page
from b12clinic.accounts.services import audit
from b12clinic.messages.heartbeat import late_notice
from monitoring.presenters.inbox import Now
from monitoring.presenters.lab_files import waiting_in_words
from regimens.presenters.decisions import decision_rows
from regimens.presenters.worklist import new_results, worklist_page
from regimens.queries.decisions import decisions_for
from regimens.queries.worklist import worklist_for


@clinic_page("patients.view")
def worklist(request: ClinicRequest) -> HttpResponse:
    """The first page of the day: what waits for a clinician, each with its age and owner."""
    at = timezone.now()
    now = Now(at, request.clinic, request.user)
    today = now.today
    waiting = worklist_for(request.clinic, request.user, today)
    audit.note(at=at, clinic=request.clinic, by=request.user, action="worklist.viewed")
    context = {
        "waiting": waiting,
        "late": late_notice(request.clinic, at),
        "page": worklist_page(waiting, now),
        "results": new_results(waiting.results, now),
        "may_take": request.user.has_perm("monitoring.take_alert", request.clinic),
        "waiting_rows": waiting_in_words(waiting.lab_rows, at),
        "may_see_inbox": request.user.has_perm("monitoring.view_inbox", request.clinic),
        "decisions": decision_rows(decisions_for(request.clinic, today), today, at),
        "may_decide": request.user.has_perm("regimens.decide", request.clinic),
        "may_import": request.user.has_perm("monitoring.import_results", request.clinic),
        "may_enter": request.user.has_perm("monitoring.enter_results", request.clinic),
    }
    return render(request, "regimens/worklist.html", context)
