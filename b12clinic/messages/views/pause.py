from django.contrib import messages as flash
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from b12clinic.accounts.gate import ClinicRequest, clinic_page
from b12clinic.messages.forms.set_up import PauseForm
from b12clinic.messages.models import MessageState
from b12clinic.messages.presenters.ladder import pause_sentence, severe_heading
from b12clinic.messages.presenters.outbox import address
from b12clinic.messages.queries import Asked, count_asked
from b12clinic.messages.services.pause_messages import PauseRefused, lift_pause, pause_messages
from b12clinic.messages.wording import REACTION


@clinic_page("messages.retry")
@require_http_methods(["GET", "HEAD", "POST"])
def pause(request: ClinicRequest) -> HttpResponse:
    """The one switch: pause all messages of the clinic with a reason, or let them go again."""
    if request.method != "POST":
        return _page(request, PauseForm())
    lift, at = "lift" in request.POST, timezone.now()
    form = PauseForm(request.POST)
    if not lift and not form.is_valid():
        return _page(request, form, status=422)
    try:
        if lift:
            lift_pause(clinic=request.clinic, by=request.user, at=at)
        else:
            pause_messages(clinic=request.clinic, why=form.cleaned_data["why"], by=request.user, at=at)
    except PauseRefused as refused:
        return _page(request, PauseForm(), status=409, lost=str(refused))
    flash.success(
        request, "Messages go out again, unless no longer owed." if lift else "All messages wait now."
    )
    return redirect("messages:outbox")


def _page(request: ClinicRequest, form: PauseForm, status: int = 200, lost: str = "") -> HttpResponse:
    paused = pause_sentence(request.clinic)
    severe = Asked(states=(MessageState.OWED.value,), kind=REACTION)
    number = count_asked(request.user, request.clinic, severe)
    context = {
        "form": form,
        "paused": paused,
        "lost": lost,
        "severe": severe_heading(number, paused=bool(paused)),
        "severe_url": address({"kind": REACTION, "state": "waiting"}),
    }
    return render(request, "messages/pause.html", context, status=status)
