from datetime import datetime
from uuid import UUID

from django.contrib import messages as flash
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from b12clinic.accounts.gate import ClinicRequest, clinic_page
from b12clinic.accounts.services import audit
from b12clinic.messages.hours import messaging_of
from b12clinic.messages.presenters.letters import batch_line, file_name
from b12clinic.messages.presenters.letters import letters as in_letters
from b12clinic.messages.queries import letter_batches_for, letters_waiting
from b12clinic.messages.services.print_letters import NotPrinted, print_letters

BATCHES_SHOWN = 50


@clinic_page("messages.retry")
@require_http_methods(["GET", "HEAD", "POST"])
def letters(request: ClinicRequest) -> HttpResponse:
    """How many letters wait, a button that makes one PDF of them, and what was made before."""
    at = timezone.now()
    if request.method == "POST":
        return _print(request, at)
    waiting = letters_waiting(request.clinic, at)
    batches = letter_batches_for(request.user, request.clinic)[:BATCHES_SHOWN]
    context = {
        "waiting": in_letters(waiting) if waiting else "",
        "one_waits": waiting == 1,
        "paused": messaging_of(request.clinic).paused_at is not None,
        "batches": [batch_line(batch, request.clinic) for batch in batches],
    }
    return render(request, "messages/letters.html", context)


@clinic_page("messages.retry")
@require_safe
def letter_batch(request: ClinicRequest, batch_id: UUID) -> HttpResponse:
    """The PDF of a batch as it was made. Every download is on the audit trail."""
    batch = get_object_or_404(letter_batches_for(request.user, request.clinic), public_id=batch_id)
    audit.note(
        at=timezone.now(),
        clinic=request.clinic,
        by=request.user,
        action="letters.downloaded",
        subject=f"letters:{batch.public_id}",
        after={"count": batch.count, "digest": batch.digest},
    )
    return HttpResponse(
        bytes(batch.content),
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'attachment; filename="{file_name(batch, request.clinic)}"',
            "Cache-Control": "no-store, private",
            "X-Content-Type-Options": "nosniff",
        },
    )


def _print(request: ClinicRequest, at: datetime) -> HttpResponse:
    try:
        batch = print_letters(clinic=request.clinic, by=request.user, at=at)
    except NotPrinted as reason:
        flash.error(request, str(reason))
    else:
        if batch is None:
            flash.warning(request, "There was no letter to print: none may go, or somebody else prints them.")
        else:
            flash.success(
                request, f"A batch of {in_letters(batch.count)} is made: download, print and post it."
            )
    return redirect("messages:letters")
