from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from b12clinic.accounts.gate import ClinicRequest, clinic_page
from b12clinic.accounts.services import audit
from b12clinic.messages.forms.outbox import GROUPS, OutboxFilter
from b12clinic.messages.presenters.outbox import address, outbox_line, tabs
from b12clinic.messages.queries import Asked, outbox_counts, outbox_page


@clinic_page("messages.view")
def outbox(request: ClinicRequest) -> HttpResponse:
    """What the clinic said to whom, what waits and what failed. What is asked lives in the address."""
    at = timezone.now()
    form = OutboxFilter(request.GET)
    form.is_valid()
    kept = {name: value for name, value in form.cleaned_data.items() if value}
    group = request.GET.get("state", "")
    group = group if group in GROUPS else ""
    asked = Asked(
        states=GROUPS.get(group, ()),
        channel=kept.get("channel", ""),
        audience=kept.get("to", ""),
        after=_key(request.GET.get("after", "")),
    )
    messages, after = outbox_page(request.user, request.clinic, asked)
    audit.note(
        at=at,
        clinic=request.clinic,
        by=request.user,
        action="messages.viewed",
        after=kept | {"state": group, "shown": len(messages)},
    )
    may_retry = request.user.has_perm("messages.retry", request.clinic)
    query = kept | ({"state": group} if group else {})
    context = {
        "form": form,
        "group": group,
        "filtered": bool(kept),
        "tabs": tabs(outbox_counts(request.user, request.clinic), group, kept),
        "rows": [outbox_line(message, may_retry=may_retry) for message in messages],
        "clear_url": address({"state": group} if group else {}) if kept else "",
        "next_url": address(query | {"after": str(after)}) if after else "",
        "first_url": address(query) if asked.after else "",
        "letters_url": reverse("messages:letters") if may_retry else "",
    }
    return render(request, "messages/outbox.html", context)


def _key(text: str) -> int:
    """The key of the last row seen; anything that is none begins at the top."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
