from collections.abc import Iterator
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from b12clinic.accounts.gate import ClinicRequest, clinic_page
from b12clinic.accounts.services import audit
from monitoring.forms.lab_files import UploadForm
from monitoring.intake.bounds import MOST_BYTES
from monitoring.intake.fates import REFUSED, Fate
from monitoring.intake.rows import FileRefused
from monitoring.models import LabFile, LabFileState
from monitoring.presenters import lab_files as shown
from monitoring.queries import lab_files_for, lab_profiles, recent_lab_files, waiting_rows
from monitoring.services.import_lab_file import NotImported, import_lab_file
from monitoring.services.receive_lab_file import receive_lab_file
from monitoring.services.weigh_again import weigh_again

ROWS_SHOWN = 200


@clinic_page("monitoring.import_results")
@never_cache
def files(request: ClinicRequest) -> HttpResponse:
    """Choose a file and its laboratory; the files that came last, and how many rows wait."""
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    form = UploadForm(*given, clinic=request.clinic)
    if form.is_valid():
        try:
            file = _received(request, form)
        except FileRefused as refused:
            form.add_error("file", str(refused))
        else:
            return redirect("monitoring:lab_file", file.public_id)
    zone = request.clinic.time_zone
    context = {
        "form": form,
        "files": [shown.file_line(file, waiting, zone) for file, waiting in recent_lab_files(request.clinic)],
        "waiting": waiting_rows(request.clinic).count(),
        "profiles": lab_profiles(request.clinic),
    }
    return render(request, "monitoring/import_results.html", context, status=422 if form.errors else 200)


@clinic_page("monitoring.import_results")
@never_cache
def file(request: ClinicRequest, file_id: UUID) -> HttpResponse:
    """What becomes of each row, before and after the import; `?fate=` shows the rows of one fate."""
    today = request.clinic.local_date(timezone.now())
    return _page(request, weigh_again(file=_file_or_404(request, file_id), today=today))


@clinic_page("monitoring.import_results")
@require_POST
def confirm(request: ClinicRequest, file_id: UUID) -> HttpResponse:
    """Import the file: all of it, or its good rows where that was accepted."""
    at = timezone.now()
    found = _file_or_404(request, file_id)
    try:
        done = import_lab_file(
            file=found,
            accept_partial=request.POST.get("partly") == "1",
            by=request.user,
            at=at,
            today=request.clinic.local_date(at),
        )
    except NotImported as refused:
        changed = refused.counts != found.counts
        found = weigh_again(file=found, today=request.clinic.local_date(at), changed=changed)
        return _page(request, found, refusal=str(refused), status=422)
    messages.success(request, f"{done.name}: {shown.counts_in_words(done.counts)}.")
    return redirect("monitoring:lab_file", done.public_id)


@clinic_page("monitoring.import_results")
@never_cache
def errors(request: ClinicRequest, file_id: UUID) -> HttpResponseBase:
    """The refused rows of a file as CSV."""
    at = timezone.now()
    found = _file_or_404(request, file_id)
    found = weigh_again(file=found, today=request.clinic.local_date(at))
    _note(request, found, "lab_file.errors_exported")
    return StreamingHttpResponse(
        shown.errors_csv(_refused(found)),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="lab-file-errors-{found.public_id}.csv"'},
    )


def _refused(found: LabFile) -> Iterator[shown.Refused]:
    if found.state != LabFileState.IMPORTED:
        yield from map(shown.refused_row, found.rows.filter(fate__in=REFUSED).iterator())
        return
    for row in found.waiting.iterator():
        yield row.number, Fate(row.fate).label, row.sentence, row.said


def _received(request: ClinicRequest, form: UploadForm) -> LabFile:
    at = timezone.now()
    sent = form.cleaned_data["file"]
    return receive_lab_file(
        clinic=request.clinic,
        name=sent.name,
        content=sent.read(MOST_BYTES + 1),
        profile=form.cleaned_data["profile"],
        by=request.user,
        at=at,
        today=request.clinic.local_date(at),
    )


def _page(request: ClinicRequest, found: LabFile, *, refusal: str = "", status: int = 200) -> HttpResponse:
    chosen = request.GET.get("fate", "")
    chosen = chosen if chosen in found.counts else ""
    lines = _lines(found, chosen)
    _note(request, found, "lab_file.viewed")
    refused = sum(count for fate, count in found.counts.items() if Fate(fate).is_refused)
    taken = sum(count for fate, count in found.counts.items() if Fate(fate).is_taken)
    context = {
        "file": shown.file_line(found, 0, request.clinic.time_zone),
        "found": found,
        "is_read": found.state == LabFileState.READ,
        "weighed": shown.weighed_in_words(found),
        "tabs": shown.fate_tabs(found.counts, f"/labs/import/{found.public_id}/", chosen),
        "lines": lines,
        "cut": len(lines) == ROWS_SHOWN,
        "taken": taken,
        "refused": refused,
        "refusal": refusal,
    }
    return render(request, "monitoring/lab_file.html", context, status=status)


def _lines(found: LabFile, chosen: str) -> list[shown.RowLine]:
    """The first rows of a fate; of an imported file those that waited, since the others are results now."""
    if found.state == LabFileState.IMPORTED:
        waited = found.waiting.filter(fate=chosen) if chosen else found.waiting.all()
        return [shown.waiting_line(row) for row in waited.select_related("file")[:ROWS_SHOWN]]
    rows = found.rows.filter(fate=chosen) if chosen else found.rows.all()
    return [shown.read_line(row) for row in rows[:ROWS_SHOWN]]


def _file_or_404(request: ClinicRequest, file_id: UUID) -> LabFile:
    mine = (
        lab_files_for(request.user)
        .filter(clinic=request.clinic)
        .select_related("clinic", "profile", "received_by")
    )
    return get_object_or_404(mine, public_id=file_id)


def _note(request: ClinicRequest, found: LabFile, action: str) -> None:
    subject = f"lab_file:{found.public_id}"
    audit.note(at=timezone.now(), clinic=request.clinic, by=request.user, action=action, subject=subject)
