from dataclasses import asdict
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from b12clinic.accounts.gate import ClinicRequest, clinic_page
from regimens.clinic_sheet import MOST_BYTES, SheetRow, UnreadableSheet, read_sheet
from regimens.presenters.clinic_sheet import errors_csv, fate_counts, fate_lines
from regimens.services.import_sheet import NotImported, import_sheet
from regimens.sheet_check import Fate, Weighed, weigh

SALT = "regimens.clinic_sheet"
KEPT_SECONDS = 24 * 60 * 60
PAGE = "regimens/import_sheet.html"


@clinic_page("regimens.record_injection")
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def import_sheet_page(request: ClinicRequest) -> HttpResponseBase:
    """A filled sheet read back: first what will become of every row, then, once confirmed, the recording."""
    if request.method != "POST":
        return render(request, PAGE, {})
    at = timezone.now()
    today = request.clinic.local_date(at)
    try:
        held = _held(request)
    except UnreadableSheet as unreadable:
        return render(request, PAGE, {"refusal": str(unreadable)}, status=422)
    rows = [SheetRow(**row) for row in held["rows"]]
    weighed = weigh(rows, request.clinic, at=at, today=today, also=_also(request))
    if request.POST.get("do") == "errors":
        return StreamingHttpResponse(
            errors_csv(weighed),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="clinic-sheet-errors-{today}.csv"'},
        )
    if request.POST.get("do") == "record":
        return _record(request, held, rows, weighed, at, today)
    return _preview(request, held, weighed)


def _record(
    request: ClinicRequest,
    held: dict[str, Any],
    rows: list[SheetRow],
    weighed: list[Weighed],
    at: datetime,
    today: date,
) -> HttpResponse:
    try:
        done = import_sheet(
            rows=rows,
            clinic=request.clinic,
            partly=request.POST.get("partly") == "1",
            sha256=held["sha256"],
            by=request.user,
            at=at,
            today=today,
            also=_also(request),
        )
    except NotImported as refused:
        return _preview(request, held, weighed, refusal=str(refused), status=422)
    given, not_given = done.count(Fate.GIVEN), done.count(Fate.NOT_GIVEN)
    messages.success(request, f"{given} recorded as given, {not_given} as not given.")
    return _preview(request, held, done.rows, done=True)


def _also(request: ClinicRequest) -> frozenset[int]:
    """The lines of which somebody says that a second injection was given too."""
    return frozenset(int(line) for line in request.POST.getlist("also") if line.isdecimal() and len(line) < 7)


def _preview(
    request: ClinicRequest,
    held: dict[str, Any],
    weighed: list[Weighed],
    *,
    refusal: str = "",
    done: bool = False,
    status: int = 200,
) -> HttpResponse:
    context = {
        "lines": fate_lines(weighed),
        "counts": fate_counts(weighed),
        "ready": sum(each.is_ready for each in weighed),
        "offered": sum(each.second and not done for each in weighed),
        "refused": sum(each.fate is Fate.REFUSED for each in weighed),
        "held": signing.dumps(held, salt=SALT, compress=True),
        "refusal": refusal,
        "done": done,
    }
    return render(request, PAGE, context, status=status)


def _held(request: ClinicRequest) -> dict[str, Any]:
    """The rows of the file just sent, or of the one previewed, which come back under our own signature.

    They belong to one person in one clinic. Raises UnreadableSheet.
    """
    whose = [request.user.pk, request.clinic.pk]
    if kept := request.POST.get("held"):
        try:
            held: dict[str, Any] = signing.loads(kept, salt=SALT, max_age=KEPT_SECONDS)
        except signing.BadSignature as broken:
            raise UnreadableSheet("The preview is too old or was changed; choose the file again.") from broken
        if held["whose"] != whose:
            raise UnreadableSheet(
                "This preview was made by somebody else or in another clinic; choose the file again."
            )
        return held
    file = request.FILES.get("file")
    if file is None:
        raise UnreadableSheet("Choose the filled sheet first.")
    content = file.read(MOST_BYTES + 1)
    return {
        "rows": [asdict(row) for row in read_sheet(content)],
        "sha256": sha256(content).hexdigest(),
        "whose": whose,
    }
