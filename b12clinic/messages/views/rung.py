from typing import Any
from uuid import uuid4

from django.contrib import messages as flash
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from b12clinic.accounts.gate import ClinicRequest, clinic_page
from b12clinic.messages.forms.set_up import RungForm
from b12clinic.messages.hours import messaging_of
from b12clinic.messages.ladder import Step, ladder_of
from b12clinic.messages.models import Audience
from b12clinic.messages.presenters.ladder import COUNTED_FROM, rung_heading
from b12clinic.messages.presenters.steps import step_label
from b12clinic.messages.services.change_ladder import RungRefused, check_rung, remove_rung, set_rung
from b12clinic.messages.services.messaging_version import MessagingChanged
from b12clinic.messages.views.set_up import version_sent


@clinic_page("accounts.set_up_clinic")
@require_http_methods(["GET", "HEAD", "POST"])
def rung(request: ClinicRequest) -> HttpResponse:
    """Change a rung, remove it, or add one where the address names no step."""
    place = _place(request)
    shown: dict[str, Any] = {
        "clinic": request.clinic,
        "rung": place,
        "version": messaging_of(request.clinic).version,
    }
    if request.method != "POST":
        return _page(request, place, RungForm(**shown))
    form = RungForm(request.POST, **shown)
    remove = "remove" in request.POST
    if not remove and not form.is_valid():
        return _page(request, place, form, status=422)
    act: dict[str, Any] = {"clinic": request.clinic, "version": version_sent(request), "by": request.user}
    try:
        if remove:
            remove_rung(rung=place, at=timezone.now(), **act)
        else:
            set_rung(rung=form.rung, at=timezone.now(), **act)
    except (MessagingChanged, RungRefused) as refused:
        return _page(request, place, RungForm(**shown), status=409, lost=str(refused))
    flash.success(request, "The rung is removed." if remove else "The rung is saved.")
    return redirect("messages:set_up")


def _place(request: ClinicRequest) -> Step:
    """The rung that the address names, or a new one at the place it names; 404 for one that cannot be."""
    asked = {name: request.GET.get(name, "") for name in ("kind", "phase", "code")}
    for step in ladder_of(request.clinic):
        if (step.kind, step.phase, step.code) == tuple(asked.values()):
            return step
    # A code of its own for ever: the ledger would take a code used before for a step already said.
    new = Step(asked["kind"], asked["phase"], f"own_{uuid4().hex[:12]}", 0, Audience.CLINIC)
    try:
        check_rung(new, request.clinic)
    except RungRefused:
        raise Http404("There is no such rung.") from None
    if asked["code"]:
        raise Http404("There is no such rung.")
    return new


def _page(
    request: ClinicRequest, place: Step, form: RungForm, status: int = 200, lost: str = ""
) -> HttpResponse:
    context = {
        "form": form,
        "heading": rung_heading(place),
        "counted": COUNTED_FROM[getattr(place.kind, "value", place.kind)],
        "step": step_label(place.code) if request.GET.get("code") else "A new rung",
        "may_remove": bool(request.GET.get("code")),
        "lost": lost,
    }
    return render(request, "messages/rung.html", context, status=status)
