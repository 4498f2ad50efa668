from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from b12clinic.accounts.gate import ClinicRequest, clinic_page
from regimens.forms.administration import NotGivenForm
from regimens.forms.contact import not_given_from
from regimens.models import Dose
from regimens.presenters.record import closed_sentence, order_lines, taken_by
from regimens.queries.contacts import last_contacts
from regimens.queries.doses import attempts_of, doses_for
from regimens.services.record_administration import AlreadyRecorded, NotRecorded, record_not_given
from regimens.views.record_injection import back_to_list
from regimens.views.seen import seen


@clinic_page("regimens.record_injection")
def not_given(request: ClinicRequest, dose_id: UUID) -> HttpResponse:
    """Record an attempt that led to no injection; the dose stays on the list."""
    at = timezone.now()
    dose = get_object_or_404(doses_for(request.user), clinic=request.clinic, public_id=dose_id)
    today = dose.clinic.local_date(at)
    told = not_given_from(last_contacts([dose.pk]).get(dose.pk))
    form = NotGivenForm(request.POST or None, today=today, initial=told)
    if request.method == "POST" and form.is_valid():
        try:
            record_not_given(dose=dose, by=request.user, at=at, today=today, **form.cleaned_data)
        except AlreadyRecorded as race:
            return _not_given_page(request, dose, form, today, race=race, status=409)
        except NotRecorded as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request, f"Recorded: not given to {dose.patient.name}. The dose stays on the due list."
            )
            return redirect(back_to_list(request))
    return _not_given_page(request, dose, form, today, status=422 if form.errors else 200)


def _not_given_page(
    request: ClinicRequest,
    dose: Dose,
    form: NotGivenForm,
    today: date,
    *,
    race: AlreadyRecorded | None = None,
    status: int,
) -> HttpResponse:
    context = {
        "dose": dose,
        "form": form,
        "banner": seen(dose.patient, today, by=request.user, clinic=request.clinic),
        "order": order_lines(dose, attempts_of(dose), today),
        "race": taken_by(race.administration) if race else "",
        "closed": closed_sentence(dose),
        "back": back_to_list(request),
    }
    return render(request, "regimens/record_not_given.html", context, status=status)
