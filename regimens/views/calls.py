from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from b12clinic.accounts.gate import ClinicRequest, clinic_page
from b12clinic.accounts.services import audit
from regimens.calendars import calendar_of
from regimens.forms.contact import ContactForm, read_part, read_place, read_text
from regimens.models import Dose
from regimens.planning import policy_for
from regimens.presenters.calls import (
    EMPTY,
    Days,
    address,
    kept_query,
    phone_url,
    recorded_sentence,
    rows_of,
    tabs_of,
    told_lines,
)
from regimens.presenters.record import order_lines
from regimens.presenters.words import day
from regimens.protocols.calling import rests_from
from regimens.protocols.vocabulary import ContactOutcome
from regimens.queries.calls import Asked, calls_counts, calls_page
from regimens.queries.contacts import contacts_about
from regimens.queries.doses import attempts_of, doses_for
from regimens.services.record_contact_attempt import (
    AttemptNotRecorded,
    no_longer_owed,
    record_contact_attempt,
)
from regimens.views.record_injection import back_to_list
from regimens.views.seen import seen


@clinic_page("regimens.call_patients")
def calls(request: ClinicRequest) -> HttpResponse:
    """Whom to call today about an overdue injection. What is asked lives in the address."""
    at = timezone.now()
    today = request.clinic.local_date(at)
    days = Days(today, calendar_of(request.clinic), policy_for(request.clinic))
    place, unreadable = read_place(request.GET)
    asked = Asked(
        as_of=today,
        rests_from=rests_from(today, days.calendar, days.policy),
        part=read_part(request.GET),
        text=read_text(request.GET),
        after=place,
    )
    found, more = calls_page(request.clinic, asked)
    seen = {"part": asked.part.value, "shown": len(found)}
    audit.note(at=at, clinic=request.clinic, by=request.user, action="calls.viewed", after=seen)
    last = (found[-1].rank, found[-1].due_on, found[-1].id) if more else None
    context = {
        "rows": rows_of(found, days, kept_query(request.GET)),
        "tabs": tabs_of(asked, calls_counts(request.clinic, asked)),
        "asked": asked,
        "today_words": day(today),
        "empty": EMPTY[asked.part],
        "unreadable": unreadable,
        "next_url": address(asked, part=asked.part, after=last) if last else "",
        "first_url": address(asked, part=asked.part) if asked.after else "",
    }
    return render(request, "regimens/calls.html", context)


@clinic_page("regimens.call_patients")
def record(request: ClinicRequest, dose_id: UUID) -> HttpResponse:
    """Record an attempt to reach a patient about a dose; the dose stays owed."""
    at = timezone.now()
    dose = get_object_or_404(doses_for(request.user), clinic=request.clinic, public_id=dose_id)
    today = dose.clinic.local_date(at)
    form = ContactForm(request.POST or None, today=today)
    if request.method == "POST" and form.is_valid():
        try:
            attempt = record_contact_attempt(
                dose=dose,
                attempt=form.attempt(),
                form_key=form.cleaned_data["form_key"],
                by=request.user,
                at=at,
                today=today,
            )
        except AttemptNotRecorded as refusal:
            form.add_error(refusal.field or None, str(refusal))
        else:
            messages.success(request, recorded_sentence(attempt, dose.patient.name, today))
            declined = attempt.outcome == ContactOutcome.DECLINED
            return redirect(request.get_full_path() if declined else _back(request, dose))
    return _page(request, dose, form, today)


def _page(request: ClinicRequest, dose: Dose, form: ContactForm, today: date) -> HttpResponse:
    told = contacts_about(dose.pk)
    declined = bool(told) and told[0].outcome == ContactOutcome.DECLINED
    closed = no_longer_owed(dose)
    context = {
        "dose": dose,
        "form": form,
        "banner": seen(dose.patient, today, by=request.user, clinic=request.clinic),
        "phone_url": phone_url(dose.patient.phone),
        "order": order_lines(dose, attempts_of(dose), today),
        "told": told_lines(told, today),
        "offer_not_given": declined and not closed,
        "closed": closed,
        "back": _back(request, dose),
    }
    return render(request, "regimens/record_contact.html", context, status=422 if form.errors else 200)


def _back(request: ClinicRequest, dose: Dose) -> str:
    """The chart or the due list when it sent the user here, else the list of calls: as it was asked, so that the place is kept."""
    if request.GET.get("from") == "chart":
        return reverse("regimens:chart", args=[dose.patient.public_id])
    if request.GET.get("from") == "due":
        return back_to_list(request)
    kept = kept_query(request.GET)
    return f"{reverse('regimens:calls')}{f'?{kept}' if kept else ''}"
