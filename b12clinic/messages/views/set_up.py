from typing import Any

from django.contrib import messages as flash
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from b12clinic.accounts.gate import ClinicRequest, clinic_page
from b12clinic.accounts.presenters.clinic_tabs import clinic_tabs
from b12clinic.messages.forms.set_up import HoursForm
from b12clinic.messages.hours import messaging_of
from b12clinic.messages.ladder import ladder_of
from b12clinic.messages.models import LadderStep
from b12clinic.messages.presenters.ladder import ladder_groups, pause_sentence
from b12clinic.messages.services.change_ladder import reset_ladder
from b12clinic.messages.services.messaging_version import MessagingChanged
from b12clinic.messages.services.set_up_messaging import set_up_messaging


@clinic_page("accounts.set_up_clinic")
@require_http_methods(["GET", "HEAD", "POST"])
def set_up(request: ClinicRequest) -> HttpResponse:
    """The clinic's hours, its ladder and the switch that pauses all its messages."""
    if request.method != "POST":
        return _page(request, HoursForm.showing(request.clinic))
    form = HoursForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        set_up_messaging(
            clinic=request.clinic,
            details=form.details,
            version=form.cleaned_data["version"],
            by=request.user,
            at=timezone.now(),
        )
    except MessagingChanged as lost:
        return _lost_race(request, str(lost))
    flash.success(request, "The hours are saved.")
    return redirect("messages:set_up")


@clinic_page("accounts.set_up_clinic")
@require_POST
def reset(request: ClinicRequest) -> HttpResponse:
    """Climb the product's ladder again."""
    try:
        reset_ladder(clinic=request.clinic, version=version_sent(request), by=request.user, at=timezone.now())
    except MessagingChanged as lost:
        return _lost_race(request, str(lost))
    flash.success(request, "The ladder that comes with the product is used again.")
    return redirect("messages:set_up")


def version_sent(request: ClinicRequest) -> int:
    """The version that the page showed; 0, which no clinic has, when it says none."""
    sent = request.POST.get("version", "")
    return int(sent) if sent.isdecimal() and len(sent) < 10 else 0


def _lost_race(request: ClinicRequest, lost: str) -> HttpResponse:
    """What was typed is kept; saving again over what is stored now is done knowingly."""
    request.clinic.refresh_from_db()
    again = request.POST.copy()
    again["version"] = str(messaging_of(request.clinic).version)
    form = HoursForm(again) if "sends_from" in again else HoursForm.showing(request.clinic)
    return _page(request, form, status=409, lost=lost)


def _page(request: ClinicRequest, form: HoursForm, status: int = 200, **more: Any) -> HttpResponse:
    context = {
        "form": form,
        "groups": ladder_groups(ladder_of(request.clinic)),
        "own": LadderStep.objects.filter(clinic=request.clinic).exists(),
        "version": messaging_of(request.clinic).version,
        "paused": pause_sentence(request.clinic),
        "tabs": clinic_tabs("messages:set_up"),
        **more,
    }
    return render(request, "messages/set_up.html", context, status=status)
