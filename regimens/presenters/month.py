"""A month of a clinic's days with what waits on each, in words."""

from calendar import Calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from django.urls import reverse

from regimens.protocols.clinic_calendar import ClinicCalendar

_WEEKS = Calendar(firstweekday=0)


@dataclass(frozen=True, slots=True)
class MonthDay:
    """One cell: a day of the month with its load in words; `kind` is open, closed, full or outside."""

    number: str
    label: str
    kind: str
    is_today: bool
    note: str
    due: str
    given: str
    url: str


def month_weeks(
    first: date,
    today: date,
    calendar: ClinicCalendar,
    why_closed: Mapping[date, str],
    given: Mapping[date, int],
) -> list[list[MonthDay]]:
    """The weeks of a month from Monday on; days of its neighbours are empty cells."""
    weeks = _WEEKS.monthdatescalendar(first.year, first.month)
    return [[_cell(day, first, today, calendar, why_closed, given) for day in week] for week in weeks]


def _cell(
    day: date,
    first: date,
    today: date,
    calendar: ClinicCalendar,
    why_closed: Mapping[date, str],
    given: Mapping[date, int],
) -> MonthDay:
    if day.month != first.month:
        return MonthDay("", "", "outside", False, "", "", "", "")
    waiting = calendar.load.get(day, 0)
    kind = "closed" if not calendar.is_open(day) else "full" if calendar.is_full(day) else "open"
    return MonthDay(
        number=str(day.day),
        label=f"{day:%A} {day.day} {day:%B}",
        kind=kind,
        is_today=day == today,
        note=why_closed.get(day, "Closed") if kind == "closed" else "Full" if kind == "full" else "",
        due=_due(waiting, calendar.capacity if kind != "closed" else None),
        given=f"{given[day]} given" if day in given else "",
        url=f"{reverse('regimens:due_list')}?{urlencode({'as_of': day.isoformat()})}",
    )


def _due(waiting: int, capacity: int | None) -> str:
    if capacity is None:
        return f"{waiting} due" if waiting else ""
    return f"{waiting} of {capacity}"


def month_links(first: date) -> dict[str, str]:
    """The addresses of the months before and after, and the month's own name."""
    before = (first - timedelta(days=1)).replace(day=1)
    after = (first + timedelta(days=31)).replace(day=1)
    return {
        "name": f"{first:%B %Y}",
        "before": f"?month={before:%Y-%m}",
        "before_name": f"{before:%B}",
        "after": f"?month={after:%Y-%m}",
        "after_name": f"{after:%B}",
    }
