from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from b12clinic.accounts.gate import ClinicRequest, clinic_page
from b12clinic.accounts.services import audit
from b12clinic.messages.forms.outbox import FOR_US, GROUPS, OutboxFilter
from b12clinic.messages.heartbeat import late_notice
from b12clinic.messages.presenters.ladder import pause_sentence
from b12clinic.messages.presenters.outbox import address, outbox_line, tabs
from b12clinic.messages.queries import Asked, count_asked, for_us, outbox_counts, outbox_page
from b12clinic.patients.queries import matching


@clinic_page("messages.view")
def outbox(request: ClinicRequest) -> HttpResponse:
    """What the clinic said to whom, what waits and what failed. What is asked lives in the address."""
    at = timezone.now()
    form = OutboxFilter(request.GET)
    form.is_valid()
    kept = {name: value for name, value in form.cleaned_data.items() if value}
    group = request.GET.get("state", "")
    group = group if group in (*GROUPS, FOR_US) else ""
    ours = for_us(request.clinic, request.membership_roles)
    asked = _asked(request, ours if group == FOR_US else Asked(states=GROUPS.get(group, ())), kept, at)
    messages, after = outbox_page(request.user, request.clinic, asked)
    _note(request, kept | {"state": group, "shown": len(messages)}, at)
    may_retry = request.user.has_perm("messages.retry", request.clinic)
    query = kept | ({"state": group} if group else {})
    counts = outbox_counts(request.user, request.clinic)
    counts[FOR_US] = count_asked(request.user, request.clinic, ours)
    paused = pause_sentence(request.clinic)
    context = {
        "form": form,
        "group": group,
        "filtered": bool(kept),
        "tabs": tabs(counts, group, kept),
        "rows": [outbox_line(message, may_retry=may_retry, paused=bool(paused)) for message in messages],
        "clear_url": address({"state": group} if group else {}) if kept else "",
        "next_url": address(query | {"after": str(after)}) if after else "",
        "first_url": address(query) if asked.after else "",
        "letters_url": reverse("messages:letters") if may_retry else "",
        "paused": paused,
        "may_pause": may_retry,
        "late": late_notice(request.clinic, at),
    }
    return render(request, "messages/outbox.html", context)


def _asked(request: ClinicRequest, group: Asked, kept: dict[str, str], at: datetime) -> Asked:
    """A tab under the filters of the address; what is for us is a choice of channel and audience of its own."""
    text = kept.get("q", "")
    today = request.clinic.local_date(at)
    return Asked(
        states=group.states,
        channel=group.channel or kept.get("channel", ""),
        audiences=group.audiences or ((kept["to"],) if "to" in kept else ()),
        kind=kept.get("kind", ""),
        patients=matching(request.clinic, text, today) if text else None,
        after=key_in(request.GET.get("after", "")),
    )


def _note(request: ClinicRequest, seen: dict[str, object], at: datetime) -> None:
    """Words searched by may name a patient and stay out of the trail."""
    told = {name: value for name, value in seen.items() if name != "q"}
    audit.note(at=at, clinic=request.clinic, by=request.user, action="messages.viewed", after=told)


def key_in(text: str) -> int:
    """The key of the last row seen; anything that is none begins at the top."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
