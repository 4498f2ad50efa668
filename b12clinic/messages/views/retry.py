from datetime import datetime
from uuid import UUID

from django.contrib import messages as flash
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from b12clinic.accounts.gate import ClinicRequest, clinic_page
from b12clinic.accounts.services import audit
from b12clinic.messages.forms.outbox import RetryForm
from b12clinic.messages.models import Message, MessageState
from b12clinic.messages.presenters.outbox import facts, outbox_line
from b12clinic.messages.queries import messages_for
from b12clinic.messages.services.retry import RETRIABLE, NotRetried
from b12clinic.messages.services.retry import retry as send_again


@clinic_page("messages.retry")
def retry(request: ClinicRequest, public_id: UUID) -> HttpResponse:
    """Send a failed or uncertain message again, with a reason."""
    at = timezone.now()
    message = get_object_or_404(messages_for(request.user, request.clinic), public_id=public_id)
    form = RetryForm(request.POST or None)
    status = 200 if message.state in RETRIABLE else 409
    if request.method == "POST" and form.is_valid():
        try:
            send_again(message=message, reason=form.cleaned_data["reason"], by=request.user, at=at)
        except NotRetried:
            message.refresh_from_db()
            status = 409
        else:
            flash.success(request, "It goes out again with the next run.")
            return redirect("messages:outbox")
    elif form.errors:
        status = 422
    note_seen(request, message, at)
    context = {
        "form": form,
        "facts": facts(outbox_line(message, may_retry=True)),
        "uncertain": message.state == MessageState.UNCERTAIN,
        "late": status == 409,
    }
    return render(request, "messages/retry.html", context, status=status)


def note_seen(request: ClinicRequest, message: Message, at: datetime) -> None:
    """A page about a message to or about a patient shows the patient."""
    if message.patient_id:
        audit.note(
            at=at,
            clinic=request.clinic,
            by=request.user,
            action="patient.viewed",
            subject=f"message:{message.pk}",
            patient_id=message.patient_id,
        )
