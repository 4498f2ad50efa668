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
from regimens.services.correct_administration import enter_in_error
from regimens.services.record_administration import NotRecorded
from regimens.views.seen import seen


@clinic_page("regimens.record_injection")
def correct(request: ClinicRequest, administration_id: UUID) -> HttpResponse:
    """Say that an entry was an error; the old row stays visible and the dates are worked out anew."""
    at: datetime = timezone.now()
    administration = get_object_or_404(
        administrations_for(request.user), clinic=request.clinic, public_id=administration_id
    )
    today: date = administration.clinic.local_date(at)
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
    context = {
        "form": form,
        "administration": administration,
        "amendable": administration.outcome == Outcome.GIVEN and not administration.entered_in_error,
        "line": last_lines([administration], today)[0],
        "banner": seen(administration.patient, today, by=request.user, clinic=request.clinic),
    }
    return render(request, "regimens/correct.html", context, status=422 if form.errors else 200)
