from collections.abc import Callable
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from b12clinic.accounts.gate import ClinicRequest, clinic_page
from b12clinic.accounts.services import audit
from b12clinic.vocabulary import PhaseKind
from regimens.forms.follow_up import filters_of, query_of, read_asked
from regimens.presenters.follow_up import COLUMNS, about, cells_of, file_name, lines_of
from regimens.presenters.words import day
from regimens.queries.follow_up import FollowUpAsked, follow_up_batches, follow_up_count, follow_up_page
from regimens.sealed_csv import Seal, sealed_csv


@clinic_page("regimens.export_report")
@require_safe
def reports(request: ClinicRequest) -> HttpResponse:
    """The follow-up report of the clinic, a page at a time with the whole count; what is asked lives in the address."""
    at = timezone.now()
    asked, unreadable = read_asked(request.GET.dict(), request.clinic.local_date(at))
    rows, after = follow_up_page(request.clinic, asked)
    count = follow_up_count(request.clinic, asked)
    audit.note(
        at=at,
        clinic=request.clinic,
        by=request.user,
        action="report.viewed",
        subject="report:follow-up",
        after=_told(asked) | {"rows": count, "shown": len(rows)},
    )
    context = {
        "lines": lines_of(rows, asked),
        "count": count,
        "count_words": f"{count:,}",
        "asked": asked,
        "as_of_words": day(asked.as_of),
        "is_today": asked.as_of == asked.today,
        "phases": [(kind.value, kind.label) for kind in PhaseKind],
        "filters": filters_of(asked),
        "unreadable": unreadable,
        "next_url": query_of(asked, after=str(after)) if after else "",
        "first_url": (query_of(asked) or "?") if asked.after else "",
    }
    return render(request, "regimens/follow_up.html", context)


@clinic_page("regimens.export_report")
@require_safe
@never_cache
def follow_up_csv(request: ClinicRequest) -> StreamingHttpResponse:
    """The whole report as a file. The export stands on the audit trail before its first byte leaves."""
    at = timezone.now()
    asked, _ = read_asked(request.GET.dict(), request.clinic.local_date(at))
    audit.note(
        at=at,
        clinic=request.clinic,
        by=request.user,
        action="report.exported",
        subject="report:follow-up",
        after=_told(asked) | {"rows": follow_up_count(request.clinic, asked)},
    )
    pieces = sealed_csv(
        about=about(request.clinic, asked, at),
        columns=COLUMNS,
        batches=(
            [cells_of(row, asked) for row in batch] for batch in follow_up_batches(request.clinic, asked)
        ),
        byte_order_mark=request.GET.get("bom") == "1",
        finished=_note_whole(request, asked),
    )
    return StreamingHttpResponse(
        pieces,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{file_name(asked, at)}"'},
    )


def _note_whole(request: ClinicRequest, asked: FollowUpAsked) -> Callable[[Seal], None]:
    """Leaves an event once the last byte was taken, so that an export that broke off has none."""
    request_id = audit.current_request_id.get()

    def note(seal: Seal) -> None:
        token = audit.current_request_id.set(request_id)  # the request itself is over by now
        try:
            audit.note(
                at=timezone.now(),
                clinic=request.clinic,
                by=request.user,
                action="report.export_finished",
                subject="report:follow-up",
                after=_told(asked) | {"rows": seal.rows, "sha256": seal.sha256},
            )
        finally:
            audit.current_request_id.reset(token)

    return note


def _told(asked: FollowUpAsked) -> dict[str, Any]:
    """The filters as the audit trail keeps them."""
    return {
        "as_of": asked.as_of.isoformat(),
        "phase": asked.phase or "all",
        "only_overdue": asked.only_overdue,
    }
