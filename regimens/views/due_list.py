from dataclasses import replace

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from b12clinic.accounts.gate import ClinicRequest, clinic_page
from b12clinic.accounts.models import Clinic
from b12clinic.accounts.services import audit
from regimens.forms.due_list import filters_of, query_of, read_asked
from regimens.presenters import due_filters as filters
from regimens.presenters.due_list import kept_query, rows_of
from regimens.presenters.words import day
from regimens.protocols.due_bands import long_overdue_rule
from regimens.queries.due_list import PAGE, Asked, DueList, due_page
from regimens.queries.due_look_back import due_page_as_it_stood
from regimens.queries.due_rows import Beside, beside


@clinic_page("regimens.view_due_list")
def due_list(request: ClinicRequest) -> HttpResponse:
    """Who waits for an injection, as of a day. What is asked lives in the address."""
    at = timezone.now()
    asked, unreadable = read_asked(request.GET.dict(), request.clinic.local_date(at))
    page = read_page(request.clinic, asked)
    found = beside_rows(request, asked, page)
    audit.note(
        at=at,
        clinic=request.clinic,
        by=request.user,
        action="due_list.viewed",
        after=seen(asked, len(page.rows)),
    )
    back = kept_query(request.GET)
    context = {
        "pinned": rows_of(page.pinned, found, asked, back),
        "rows": rows_of(page.doses, found, asked, back),
        **filters.views_of(asked, found.views),
        "unreadable": unreadable,
        **around(asked, page),
        **_pager(asked, page),
    }
    return render(request, "regimens/due_list.html", context)


def read_page(clinic: Clinic, asked: Asked, size: int = PAGE) -> DueList:
    """The list of today or a day ahead, or of a past day as it stood."""
    if asked.looks_back:
        return due_page_as_it_stood(clinic, asked, size)
    return due_page(clinic, asked, size)


def beside_rows(request: ClinicRequest, asked: Asked, page: DueList) -> Beside:
    """What stands beside the rows of a page; of a past day what had been noted by then."""
    back_to = asked.as_of if asked.looks_back else None
    return beside(page.rows, clinic=request.clinic, user=request.user, back_to=back_to)


def around(asked: Asked, page: DueList) -> dict[str, object]:
    """All that stands around the rows."""
    return {
        "asked": asked,
        "as_of_value": asked.as_of.isoformat(),
        "as_of_words": day(asked.as_of),
        "is_today": asked.as_of == asked.today,
        "looking": filters.looking(asked),
        "days": filters.days_of(asked),
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
    return {"as_of": asked.as_of.isoformat(), "band": "all", **told, "shown": shown}
