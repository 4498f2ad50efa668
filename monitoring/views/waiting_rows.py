from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from b12clinic.accounts.gate import ClinicRequest, clinic_page
from b12clinic.accounts.services import audit
from monitoring.forms.lab_files import LeaveRowForm, SettleForm
from monitoring.models import WaitingRow
from monitoring.presenters.lab_files import waiting_line
from monitoring.queries import waiting_rows, waiting_rows_for
from monitoring.queries.lab_files import WAITING_SHOWN
from monitoring.services.record_results import ResultsRefused
from monitoring.services.settle_waiting_row import RowSettled, settle_waiting_row


@clinic_page("monitoring.import_results")
@never_cache
def waiting(request: ClinicRequest) -> HttpResponse:
    """The rows of all files that wait for somebody, the oldest first."""
    rows = waiting_rows(request.clinic)
    at = timezone.now()
    audit.note(at=at, clinic=request.clinic, by=request.user, action="lab_rows.viewed")
    lines = [waiting_line(row) for row in rows[:WAITING_SHOWN]]
    return render(request, "monitoring/waiting_rows.html", {"lines": lines, "count": rows.count()})


@clinic_page("monitoring.import_results")
@never_cache
def settle(request: ClinicRequest, file_id: UUID, number: int) -> HttpResponse:
    """Make a result of a row, with what it lacked, or say why there is none."""
    row = _row_or_404(request, file_id, number)
    leaves = request.POST.get("do") == "leave"
    data = request.POST if request.method == "POST" else None
    form = SettleForm(None if leaves else data, row=row)
    leave = LeaveRowForm(data if leaves else None)
    race = ""
    if data is not None and (leave if leaves else form).is_valid():
        try:
            return _settled(request, row, form, leave, leaves=leaves)
        except RowSettled as settled:
            race = str(settled)
        except ResultsRefused as refused:
            for refusal in refused.refusals:
                form.refuse(refusal.stop.field, refusal.stop.sentence)
    subject = f"lab_file:{row.file.public_id}"
    at = timezone.now()
    audit.note(at=at, clinic=request.clinic, by=request.user, action="lab_row.viewed", subject=subject)
    context = {"line": waiting_line(row), "row": row, "form": form, "leave": leave, "race": race}
    status = 409 if race else 422 if form.errors or leave.errors else 200
    return render(request, "monitoring/settle_row.html", context, status=status)


def _settled(
    request: ClinicRequest, row: WaitingRow, form: SettleForm, leave: LeaveRowForm, *, leaves: bool
) -> HttpResponse:
    at = timezone.now()
    settle_waiting_row(
        row=row,
        supplied=None if leaves else form.supplied(),
        why=leave.cleaned_data["why"] if leaves else "",
        by=request.user,
        at=at,
        today=request.clinic.local_date(at),
    )
    messages.success(request, f"Row {row.number} left out." if leaves else f"Row {row.number} recorded.")
    return redirect("monitoring:waiting_rows")


def _row_or_404(request: ClinicRequest, file_id: UUID, number: int) -> WaitingRow:
    mine = (
        waiting_rows_for(request.user).select_related("file__clinic", "file__profile").defer("file__content")
    )
    return get_object_or_404(mine, file__public_id=file_id, file__clinic=request.clinic, number=number)
