from uuid import UUID

from django.contrib import messages as flash
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from b12clinic.accounts.gate import ClinicRequest, clinic_page
from b12clinic.messages.forms.outbox import SettleForm
from b12clinic.messages.models import MessageState
from b12clinic.messages.presenters.outbox import facts, outbox_line
from b12clinic.messages.queries import messages_for
from b12clinic.messages.services.retry import RETRIABLE
from b12clinic.messages.services.settle_by_hand import NotSettled, settle_by_hand
from b12clinic.messages.views.retry import note_seen


@clinic_page("messages.retry")
def settle(request: ClinicRequest, public_id: UUID) -> HttpResponse:
    """End a failed or uncertain message without sending it again, with a reason."""
    at = timezone.now()
    message = get_object_or_404(messages_for(request.user, request.clinic), public_id=public_id)
    form = SettleForm(request.POST or None, message=message)
    status = 200 if message.state in RETRIABLE else 409
    if status == 200 and request.method == "POST" and form.is_valid():
        how, reason = form.ended, form.cleaned_data["reason"]
        try:
            settle_by_hand(message=message, how=how, reason=reason, by=request.user, at=at)
        except NotSettled:
            message.refresh_from_db()
            status = 409
        else:
            flash.success(request, "It is settled, and nobody is asked about it any more.")
            return redirect("messages:outbox")
    elif status == 200 and form.errors:
        status = 422
    note_seen(request, message, at)
    context = {
        "form": form,
        "facts": facts(outbox_line(message, may_retry=True)),
        "uncertain": message.state == MessageState.UNCERTAIN,
        "late": status == 409,
    }
    return render(request, "messages/settle.html", context, status=status)
