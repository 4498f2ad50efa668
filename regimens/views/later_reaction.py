from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from b12clinic.accounts.gate import ClinicRequest, clinic_page
from regimens.forms.reaction import LaterReactionForm
from regimens.presenters.record import last_lines, reaction_sentence
from regimens.queries.doses import correctable_for
from regimens.services.correct_administration import note_later_reaction, why_closed
from regimens.services.record_administration import NotRecorded
from regimens.views.closed_entry import closed_entry
from regimens.views.seen import seen


@clinic_page("regimens.record_injection")
def later_reaction(request: ClinicRequest, administration_id: UUID) -> HttpResponse:
    """Note a reaction that was noticed after the injection had been recorded."""
    at = timezone.now()
    entry = get_object_or_404(
        correctable_for(request.user), clinic=request.clinic, public_id=administration_id
    )
    today = entry.clinic.local_date(at)
    closed = why_closed(entry)
    if closed and request.method != "POST":
        return closed_entry(request, entry, closed, today)
    form = LaterReactionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            noted = note_later_reaction(
                administration=entry, by=request.user, at=at, today=today, **form.cleaned_data
            )
        except NotRecorded as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, reaction_sentence(entry.patient.name, noted))
            return redirect("regimens:chart", entry.patient.public_id)
    context = {
        "form": form,
        "entry": entry,
        "line": last_lines([entry], today)[0],
        "banner": seen(entry.patient, today, by=request.user, clinic=request.clinic),
    }
    return render(request, "regimens/later_reaction.html", context, status=422 if form.errors else 200)
