from dataclasses import replace
from datetime import datetime, timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from b12clinic.accounts.gate import ClinicRequest, clinic_page
from b12clinic.accounts.models import Clinic
from b12clinic.accounts.services import audit
from b12clinic.messages.heartbeat import late_by_memory
from regimens.forms.due_list import filters_of, query_of, read_asked, read_place
from regimens.presenters import due_filters as filters
from regimens.presenters.due_absent import absent_lines, back_lines
from regimens.presenters.due_list import asked_query, mark_place, rows_of
from regimens.presenters.words import day
from regimens.protocols.clinic_calendar import ClinicCalendar
from regimens.protocols.due_bands import long_overdue_rule
from regimens.queries.due_absent import absent_from
from regimens.queries.due_list import PAGE, Asked, DueList, due_page
from regimens.queries.due_look_back import due_page_as_it_stood
from regimens.queries.due_rows import Beside, beside


@clinic_page("regimens.view_due_list")
def due_list(request: ClinicRequest) -> HttpResponse:
    """Who waits for an injection, as of a day. What is asked lives in the address."""
    at = timezone.now()
    asked, unreadable = asked_of(request, at)
    page = read_page(request.clinic, asked)
    found = beside_rows(request, asked, page)
    audit.note(
        at=at,
        clinic=request.clinic,
        by=request.user,
        action="due_list.viewed",
        after=seen(asked, len(page.rows)),
    )
    context = {
        **_rows(request, asked, page, found),
        **_absent(request, asked, page),
        "back": back_of(request, asked, found),
        **filters.views_of(asked, found.views),
        "unreadable": unreadable,
        "late": late_by_memory(request.clinic, at),
        **around(asked, page, opening_of(request.clinic, found)),
        **_pager(asked, page),
    }
    return render(request, "regimens/due_list.html", context)


def _rows(request: ClinicRequest, asked: Asked, page: DueList, found: Beside) -> dict[str, object]:
    """The rows in words, the one that the user comes back to marked."""
    back, linked = asked_query(request.GET), request.clinic != request.home_clinic
    pinned = rows_of(page.pinned, found, asked, back, linked=linked)
    rows = rows_of(page.doses, found, asked, back, linked=linked)
    place = read_place(request.GET)
    if place is not None and place[2] and pinned:
        mark_place(pinned, page.pinned, place)
    else:
        mark_place(rows, page.doses, place)
    return {"pinned": pinned, "rows": rows}


def _absent(request: ClinicRequest, asked: Asked, page: DueList) -> dict[str, object]:
    """Who was searched for and has no row; asked only where every row found stands on the page, of today or a day ahead."""
    if not asked.text or asked.looks_back or asked.after or page.more:
        return {"absent": []}
    shown = [row.patient_id for row in page.rows]
    absent = absent_from(request.clinic, asked.text, shown, asked.today or asked.as_of)
    whose = f"?clinic={asked.clinic}" if request.clinic != request.home_clinic else ""
    return {"absent": absent_lines(absent, asked.as_of, whose)}


def back_of(request: ClinicRequest, asked: Asked, found: Beside) -> list[dict[str, str]]:
    """Whose pause ends by the day ahead that the list is asked for; they are on no list before."""
    whose = f"?clinic={asked.clinic}" if request.clinic != request.home_clinic else ""
    return back_lines(found.back, asked.as_of, whose)


def asked_of(request: ClinicRequest, at: datetime) -> tuple[Asked, str]:
    """What the address asks of the clinic's list, and a sentence for what could not be read."""
    return read_asked(request.GET.dict(), request.clinic.local_date(at), str(request.clinic.public_id))


def read_page(clinic: Clinic, asked: Asked, size: int = PAGE) -> DueList:
    """The list of today or a day ahead, or of a past day as it stood."""
    if asked.looks_back:
        return due_page_as_it_stood(clinic, asked, size)
    return due_page(clinic, asked, size)


def beside_rows(request: ClinicRequest, asked: Asked, page: DueList) -> Beside:
    """What stands beside the rows of a page; of a past day what had been noted by then."""
    back_to = asked.as_of if asked.looks_back else None
    yesterday = (asked.today or asked.as_of) - timedelta(days=1)
    return beside(
        page.rows,
        clinic=request.clinic,
        user=request.user,
        closed_from=min(asked.as_of, yesterday),
        back_to=back_to,
        ahead=(asked.today, asked.as_of) if asked.today and asked.today < asked.as_of else None,
    )


def opening_of(clinic: Clinic, found: Beside) -> ClinicCalendar:
    """The days on which the clinic gives injections."""
    return ClinicCalendar(frozenset(clinic.open_weekdays), frozenset(found.closed))


def around(asked: Asked, page: DueList, opening: ClinicCalendar) -> dict[str, object]:
    """All that stands around the rows."""
    return {
        "asked": asked,
        "as_of_value": asked.as_of.isoformat(),
        "band_value": filters_of(asked).get("band", ""),
        "as_of_words": day(asked.as_of),
        "is_today": asked.as_of == asked.today,
        "looking": filters.looking(asked),
        "closed": not opening.is_open(asked.as_of),
        "days": filters.days_of(asked, opening),
        "tabs": filters.tabs_of(asked, page.counts),
        "choices": filters.choices_of(asked),
        "drops": filters.drops_of(asked),
        "elsewhere": filters.elsewhere(asked, page),
        "long_overdue_rule": long_overdue_rule(),
        "list_query": query_of(asked),
    }


def _pager(asked: Asked, page: DueList) -> dict[str, object]:
    last = (page.doses[-1].due_on, page.doses[-1].id) if page.more and page.doses else None
    return {
        "next_url": filters.address(replace(asked, after=last)) if last else "",
        "first_url": filters.address(replace(asked, after=None)) if asked.after else "",
        "shown": len(page.rows),
    }


def seen(asked: Asked, shown: int) -> dict[str, object]:
    """What was asked, as the audit trail keeps it; words searched by may name a patient and stay out of it."""
    told = {name: value for name, value in filters_of(asked).items() if name != "q"}
    return {"as_of": asked.as_of.isoformat(), "band": "to_give", **told, "shown": shown}
