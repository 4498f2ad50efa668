from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from b12clinic.accounts.gate import ClinicRequest, clinic_page
from regimens.forms.administration import InjectionForm, NotGivenForm
from regimens.forms.contact import not_given_from
from regimens.models import Administration, Dose, DoseState
from regimens.order_check import check_with_order, findings_at_hand
from regimens.presenters.banner import banner_of
from regimens.presenters.due_list import kept_query
from regimens.presenters.record import (
    box_line,
    closed_sentence,
    last_lines,
    order_lines,
    recorded_sentence,
    taken_by,
)
from regimens.queries.contacts import last_contacts
from regimens.queries.doses import attempts_of, doses_for, last_box, last_injections, products_in_use
from regimens.services.record_administration import (
    AlreadyRecorded,
    NotRecorded,
    record_given,
    record_not_given,
)


@clinic_page("regimens.record_injection")
def given(request: ClinicRequest, dose_id: UUID) -> HttpResponse:
    """Record a dose as given, after what a nurse must check before giving it."""
    at = timezone.now()
    dose = get_object_or_404(doses_for(request.user), clinic=request.clinic, public_id=dose_id)
    today = dose.clinic.local_date(at)
    products = products_in_use(dose.clinic)
    box = last_box(dose.clinic, request.user, dose.phase.drug, today)
    form = InjectionForm(
        request.POST or None,
        dose=dose,
        products=products,
        today=today,
        now=at,
        box=box if request.GET.get("box") == "last" else None,
    )
    if request.method == "POST" and form.is_valid() and form.accounts_for(_against(dose, form)):
        try:
            recorded = record_given(
                dose=dose,
                injection=form.injection(),
                form_key=form.cleaned_data["form_key"],
                by=request.user,
                at=at,
                today=today,
            )
        except AlreadyRecorded as race:
            return _page(request, dose, form, today, box, race=race, status=409)
        except NotRecorded as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, recorded_sentence(dose, recorded, today))
            return redirect(_back(request))
    return _page(request, dose, form, today, box, status=422 if form.errors else 200)


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
            return redirect(_back(request))
    return _not_given_page(request, dose, form, today, status=422 if form.errors else 200)


def _against(dose: Dose, form: InjectionForm) -> list[str]:
    """The sentences that speak against giving it so; a dose no longer owed, or given elsewhere, is told of by others."""
    if form.cleaned_data["given_elsewhere"] or dose.state != DoseState.OWED:
        return []
    return [finding.message for finding in findings_at_hand(dose, form.at_hand())]


def _page(
    request: ClinicRequest,
    dose: Dose,
    form: InjectionForm,
    today: Any,
    box: Administration | None,
    *,
    race: AlreadyRecorded | None = None,
    status: int,
) -> HttpResponse:
    context = {
        "dose": dose,
        "form": form,
        "banner": banner_of(dose.patient, today),
        "order": order_lines(dose, attempts_of(dose), today),
        "findings": check_with_order(dose, today, form.at_hand()),
        "last": last_lines(last_injections(dose.patient_id), today),
        "products": form.products,
        "box": box_line(box, today) if box and form.box is None else "",
        "race": taken_by(race.administration) if race else "",
        "closed": closed_sentence(dose),
        "back": _back(request),
        "kept": kept_query(request.GET),
    }
    return render(request, "regimens/record_given.html", context, status=status)


def _not_given_page(
    request: ClinicRequest,
    dose: Dose,
    form: NotGivenForm,
    today: Any,
    *,
    race: AlreadyRecorded | None = None,
    status: int,
) -> HttpResponse:
    context = {
        "dose": dose,
        "form": form,
        "banner": banner_of(dose.patient, today),
        "order": order_lines(dose, attempts_of(dose), today),
        "race": taken_by(race.administration) if race else "",
        "closed": closed_sentence(dose),
        "back": _back(request),
    }
    return render(request, "regimens/record_not_given.html", context, status=status)


def _back(request: ClinicRequest) -> str:
    """The due list as it was asked when this dose was opened, so that the nurse keeps the place."""
    kept = kept_query(request.GET)
    return f"{reverse('regimens:due_list')}{f'?{kept}' if kept else ''}"
