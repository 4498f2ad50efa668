from collections.abc import Mapping
from datetime import date, datetime
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from b12clinic.accounts.forms.closed_days import ClosedDayForm, HolidaysForm, ReopenForm, YearForm
from b12clinic.accounts.gate import ClinicRequest, clinic_page
from b12clinic.accounts.presenters.clinic_tabs import clinic_tabs
from b12clinic.accounts.presenters.closed_days import closed_day_rows, holiday_lines, in_words
from b12clinic.accounts.public_holidays import UnknownPlace, public_holidays
from b12clinic.accounts.queries import closed_days_from
from b12clinic.accounts.services.reopen_day import reopen_day


@clinic_page("accounts.set_up_clinic")
@require_http_methods(["GET", "HEAD", "POST"])
def closed_days(request: ClinicRequest) -> HttpResponse:
    """The days on which the clinic gives no injections; a day of its own is added here."""
    form = ClosedDayForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        return redirect(_shown_first({form.cleaned_data["on"]: form.cleaned_data["why"]}))
    return _page(request, form, timezone.now())


def _shown_first(days: Mapping[date, str]) -> str:
    """Where closing shows which doses it moves, before it is saved."""
    pairs = [pair for on, why in days.items() for pair in (("on", on.isoformat()), ("why", why))]
    return f"{reverse('regimens:close_days')}?{urlencode(pairs)}"


def _page(request: ClinicRequest, form: ClosedDayForm, at: datetime) -> HttpResponse:
    today = request.clinic.local_date(at)
    context = {
        "form": form,
        "years": YearForm(today=today, initial={"year": today.year + 1}),
        "rows": closed_day_rows(closed_days_from(request.clinic, date(today.year, 1, 1))),
        "tabs": clinic_tabs("clinic:closed_days"),
        "since": today.year,
    }
    return render(request, "accounts/closed_days.html", context, status=422 if form.errors else 200)


@clinic_page("accounts.set_up_clinic")
@require_POST
def reopen(request: ClinicRequest) -> HttpResponse:
    """Take a day off the list."""
    form = ReopenForm(request.POST)
    day = form.cleaned_data["on"] if form.is_valid() else None
    if day and reopen_day(clinic=request.clinic, on=day, by=request.user, at=timezone.now()):
        messages.success(request, f"{in_words(day)} is an ordinary day again.")
    else:
        messages.warning(request, "That day is not on the list any more.")
    return redirect("clinic:closed_days")


@clinic_page("accounts.set_up_clinic")
@require_http_methods(["GET", "HEAD", "POST"])
def holidays(request: ClinicRequest) -> HttpResponse:
    """The public holidays of a year, shown before they are added."""
    at = timezone.now()
    today = request.clinic.local_date(at)
    years = YearForm(request.GET, today=today)
    if not years.is_valid():
        return redirect("clinic:closed_days")
    year = years.cleaned_data["year"]
    try:
        offered = public_holidays(request.clinic.country, request.clinic.region, year)
    except UnknownPlace:
        messages.warning(request, "Set the clinic's country and region first.")
        return redirect("clinic:set_up")
    form = HolidaysForm(request.POST if request.method == "POST" else None, offered=offered)
    if request.method == "POST" and form.is_valid():
        return redirect(_shown_first(form.chosen))
    closed = set(closed_days_from(request.clinic, date(year, 1, 1)).values_list("on", flat=True))
    context = {
        "form": form,
        "year": year,
        "lines": holiday_lines(offered, clinic=request.clinic, closed=closed, today=today),
        "tabs": clinic_tabs("clinic:closed_days"),
    }
    return render(request, "accounts/holidays.html", context, status=422 if form.errors else 200)
