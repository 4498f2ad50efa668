from datetime import date, datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from b12clinic.accounts.gate import ClinicRequest, clinic_page
from regimens.forms.administration import ErrorForm
from regimens.models import Outcome
from regimens.presenters.record import last_lines, taken_back_sentence
from regimens.queries.doses import administrations_for
from regimens.services.correct_administration import enter_in_error, why_closed
from regimens.services.record_administration import NotRecorded
from regimens.views.closed_entry import closed_entry
from regimens.views.seen import seen


@clinic_page("regimens.record_injection")
def correct(request: ClinicRequest, administration_id: UUID) -> HttpResponse:
    """Say that an entry was an error; the old row stays visible and the dates are worked out anew."""
    at: datetime = timezone.now()
    administration = get_object_or_404(
        administrations_for(request.user), clinic=request.clinic, public_id=administration_id
    )
    today: date = administration.clinic.local_date(at)
    closed = why_closed(administration)
    if closed and request.method != "POST":
        return closed_entry(request, administration, closed, today)
    form = ErrorForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            still_stands = enter_in_error(
                administration=administration, by=request.user, at=at, today=today, **form.cleaned_data
            )
        except NotRecorded as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, taken_back_sentence(still_stands))
            return redirect("regimens:chart", administration.patient.public_id)
    given = administration.outcome == Outcome.GIVEN
    context = {
        "form": form,
        "administration": administration,
        "amendable": given and not administration.entered_in_error,
        "owed_again": given and administration.dose_id is not None,
        "line": last_lines([administration], today)[0],
        "banner": seen(administration.patient, today, by=request.user, clinic=request.clinic),
    }
    return render(request, "regimens/correct.html", context, status=422 if form.errors else 200)
