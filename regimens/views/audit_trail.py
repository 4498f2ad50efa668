from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from b12clinic.accounts.gate import ClinicRequest, clinic_page
from b12clinic.accounts.presenters.clinic_tabs import clinic_tabs
from b12clinic.accounts.queries import people_of
from b12clinic.accounts.services import audit
from regimens.forms.audit_trail import filters_of, place_of, query_of, read_asked
from regimens.presenters.audit_trail import action_choices, lines_of
from regimens.queries.audit_trail import audit_page, patient_named, patients_named


@clinic_page("accounts.view_audit")
@require_safe
def audit_trail(request: ClinicRequest) -> HttpResponse:
    """Who saw or changed what in the clinic, newest first; looking is itself on the trail."""
    at = timezone.now()
    asked, unreadable = read_asked(request.GET.dict())
    events, last = audit_page(request.user, request.clinic, asked)
    audit.note(
        at=at,
        clinic=request.clinic,
        by=request.user,
        action="audit.viewed",
        after=filters_of(asked) | {"shown": len(events)},
    )
    patients = patients_named(request.clinic, [event.patient_id for event in events if event.patient_id])
    context = {
        "lines": lines_of(events, patients, request.clinic, asked),
        "asked": asked,
        "filters": filters_of(asked),
        "people": people_of(request.clinic),
        "patient": patient_named(request.clinic, asked.patient),
        "without_patient_url": query_of(asked, patient=""),
        "actions": action_choices(),
        "unreadable": unreadable,
        "next_url": query_of(asked, before=place_of(last)) if last else "",
        "first_url": query_of(asked) if asked.before else "",
        "tabs": clinic_tabs("regimens:audit"),
    }
    return render(request, "regimens/audit_trail.html", context)
