from datetime import date, timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from b12clinic.accounts.gate import ClinicRequest, clinic_page
from regimens.calendars import month_of
from regimens.presenters.month import month_links, month_weeks
from regimens.queries.day_load import given_by_day


@clinic_page("regimens.view_due_list")
def month(request: ClinicRequest) -> HttpResponse:
    """How full the clinic's days are, month by month."""
    today = request.clinic.local_date(timezone.now())
    first = _first(request.GET.get("month", ""), today)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    why_closed = dict(request.clinic.closed_days.filter(on__range=(first, last)).values_list("on", "why"))
    context = {
        "weeks": month_weeks(
            first,
            today,
            month_of(request.clinic, first, last),
            why_closed,
            given_by_day(request.clinic, first, last),
        ),
        "links": month_links(first),
        "capacity": request.clinic.injections_a_day,
        "may_set_up": request.user.has_perm("accounts.set_up_clinic", request.clinic),
    }
    return render(request, "regimens/month.html", context)


def _first(asked: str, today: date) -> date:
    """The first day of the month that the address asks for; what cannot be read shows this month."""
    try:
        first = date.fromisoformat(f"{asked}-01")
    except ValueError:
        return today.replace(day=1)
    return first if 2000 <= first.year <= 2199 else today.replace(day=1)
