from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from b12clinic.accounts.gate import ClinicRequest, clinic_page
from b12clinic.accounts.services import audit
from regimens.clinic_sheet import MOST_ROWS, sheet_lines
from regimens.forms.due_list import query_of
from regimens.presenters.clinic_sheet import cells_of, file_name, sheet_code
from regimens.presenters.due_filters import looking, told_filters
from regimens.presenters.due_list import rows_of
from regimens.presenters.words import day
from regimens.queries.due_list import Asked, DueList
from regimens.queries.due_rows import Beside
from regimens.views.due_list import asked_of, back_of, beside_rows, read_page, seen


@clinic_page("regimens.view_due_list")
@require_safe
def clinic_sheet(request: ClinicRequest) -> HttpResponse:
    """The whole list on paper, as asked, with columns to fill in by hand."""
    at = timezone.now()
    asked, page, found = _sheet(request, at, "clinic_sheet.printed")
    context = {
        "rows": rows_of(page.rows, found, asked),
        "asked": asked,
        "as_of_words": day(asked.as_of),
        "made": f"{at.astimezone(ZoneInfo(request.clinic.time_zone)):%d %b %Y, %H:%M}",
        "told": told_filters(asked),
        "looking": looking(asked),
        "list_query": query_of(asked),
        "back": back_of(request, asked, found),
        "cut": MOST_ROWS if page.more else 0,
    }
    return render(request, "regimens/clinic_sheet.html", context)


@clinic_page("regimens.record_injection")
@require_safe
@never_cache
def clinic_sheet_csv(request: ClinicRequest) -> StreamingHttpResponse:
    """The same as a file to be filled in and read back."""
    at = timezone.now()
    asked, page, found = _sheet(request, at, "clinic_sheet.exported")
    code = sheet_code(request.clinic, at)
    return StreamingHttpResponse(
        sheet_lines(cells_of(dose, found, code, asked.as_of) for dose in page.rows),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{file_name(asked)}"'},
    )


def _sheet(request: ClinicRequest, at: datetime, action: str) -> tuple[Asked, DueList, Beside]:
    """The list from its beginning, and the trail of who took it away."""
    asked, _ = asked_of(request, at)
    asked = replace(asked, after=None)
    page = read_page(request.clinic, asked, MOST_ROWS)
    found = beside_rows(request, asked, page)
    audit.note(
        at=at, clinic=request.clinic, by=request.user, action=action, after=seen(asked, len(page.rows))
    )
    return asked, page, found
