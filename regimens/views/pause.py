from datetime import date, datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from b12clinic.accounts.gate import ClinicRequest, clinic_page
from b12clinic.accounts.models import User
from regimens.forms.course import PauseForm, ResumeForm
from regimens.models import PlannedPause, Regimen
from regimens.presenters.course_panel import course_panel, is_loading, planned_line
from regimens.queries.course_events import course_events
from regimens.queries.plans import regimens_for
from regimens.services.hold import ChangedMeanwhile
from regimens.services.pause_regimen import NotPaused, pause_regimen
from regimens.services.plan_pause import call_off_pause, plan_pause
from regimens.services.resume_regimen import NotResumed, resume_regimen
from regimens.views.conflict import changed_meanwhile
from regimens.views.seen import seen


@clinic_page("regimens.decide")
def pause(request: ClinicRequest, regimen_id: UUID) -> HttpResponse:
    """Let a regimen rest until a day, with a warning where early injections would be missed."""
    at = timezone.now()
    regimen = get_object_or_404(regimens_for(request.user), clinic=request.clinic, public_id=regimen_id)
    today = regimen.clinic.local_date(at)
    form = PauseForm(request.POST or None, today=today, initial={"version": regimen.version})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            _sign(regimen, data, by=request.user, at=at, today=today)
        except ChangedMeanwhile as race:
            return changed_meanwhile(request, race, [("Why is it paused?", data["reason"])])
        except NotPaused as refusal:
            form.add_error(None, str(refusal))
        else:
            begins = f"from {data['from_on']:%-d %b} " if data["from_on"] > today else ""
            messages.success(
                request,
                f"The regimen of {regimen.patient.name} is paused {begins}until {data['until_on']:%-d %b %Y}.",
            )
            return redirect("regimens:chart", regimen.patient.public_id)
    return _page(request, "regimens/pause.html", regimen, form, today)


def _sign(regimen: Regimen, data: dict[str, Any], *, by: User, at: datetime, today: date) -> None:
    """From today at once, from a later day as a plan."""
    asked: dict[str, Any] = {"regimen": regimen, "by": by, "at": at, "today": today}
    if data["from_on"] > today:
        plan_pause(**asked, **data)
    else:
        pause_regimen(**asked, **{name: value for name, value in data.items() if name != "from_on"})


@clinic_page("regimens.decide")
@require_POST
def call_off(request: ClinicRequest, regimen_id: UUID) -> HttpResponse:
    """Take back a pause that has not begun."""
    at = timezone.now()
    regimen = get_object_or_404(regimens_for(request.user), clinic=request.clinic, public_id=regimen_id)
    today, version = regimen.clinic.local_date(at), request.POST.get("version", "")
    try:
        call_off_pause(
            regimen=regimen,
            version=int(version) if version.isdecimal() else -1,
            by=request.user,
            at=at,
            today=today,
        )
    except ChangedMeanwhile as race:
        return changed_meanwhile(request, race, [])
    except NotPaused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"The planned pause of {regimen.patient.name} is called off.")
    return redirect("regimens:pause", regimen.public_id)


@clinic_page("regimens.decide")
def resume(request: ClinicRequest, regimen_id: UUID) -> HttpResponse:
    """Go on before the day that was signed; the dose waited for stands as late as it is."""
    at = timezone.now()
    regimen = get_object_or_404(regimens_for(request.user), clinic=request.clinic, public_id=regimen_id)
    today = regimen.clinic.local_date(at)
    form = ResumeForm(request.POST or None, initial={"version": regimen.version})
    if request.method == "POST" and form.is_valid():
        try:
            resume_regimen(regimen=regimen, by=request.user, at=at, today=today, **form.cleaned_data)
        except ChangedMeanwhile as race:
            return changed_meanwhile(request, race, [("Anything to note?", form.cleaned_data["reason"])])
        except NotResumed as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"The regimen of {regimen.patient.name} goes on.")
            return redirect("regimens:chart", regimen.patient.public_id)
    return _page(request, "regimens/resume.html", regimen, form, today)


def _page(
    request: ClinicRequest, template: str, regimen: Regimen, form: forms.Form, today: date
) -> HttpResponse:
    context = {
        "regimen": regimen,
        "banner": seen(regimen.patient, today, by=request.user, clinic=request.clinic),
        "form": form,
        "course": course_panel(course_events(regimen), today),
        "loading": is_loading(regimen),
        "planned": planned_line(PlannedPause.objects.filter(regimen=regimen, settled_on=None).first(), today),
    }
    return render(request, template, context, status=422 if form.errors else 200)
