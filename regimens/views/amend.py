from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from b12clinic.accounts.gate import ClinicRequest, clinic_page
from regimens.forms.amendment import AmendmentForm
from regimens.presenters.record import corrected_sentence, last_lines
from regimens.queries.doses import correctable_for
from regimens.services.correct_administration import correct_injection, why_closed
from regimens.services.record_administration import NotRecorded
from regimens.views.chair import chair_for
from regimens.views.closed_entry import closed_entry
from regimens.views.seen import seen


@clinic_page("regimens.record_injection")
def amend(request: ClinicRequest, administration_id: UUID) -> HttpResponse:
    """Put right how an injection was written down; the old row stays and the dates are worked out anew."""
    at = timezone.now()
    entry = get_object_or_404(
        correctable_for(request.user), clinic=request.clinic, public_id=administration_id
    )
    today = entry.clinic.local_date(at)
    closed = why_closed(entry)
    if closed and request.method != "POST":
        return closed_entry(request, entry, closed, today)
    chair = chair_for(request, entry.patient, entry.dose, at, today)
    form = AmendmentForm(request.POST or None, entry=entry, chair=chair)
    if request.method == "POST" and form.is_valid():
        try:
            corrected = correct_injection(
                administration=entry,
                injection=form.injection(),
                form_key=form.cleaned_data["form_key"],
                by=request.user,
                at=at,
                today=today,
            )
        except NotRecorded as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, corrected_sentence(entry.patient.name, corrected, today))
            return redirect("regimens:chart", entry.patient.public_id)
    context = {
        "form": form,
        "entry": entry,
        "products": chair.products,
        "line": last_lines([entry], today)[0],
        "banner": seen(entry.patient, today, by=request.user, clinic=request.clinic),
    }
    return render(request, "regimens/amend.html", context, status=422 if form.errors else 200)
