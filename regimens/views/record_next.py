from dataclasses import replace
from datetime import date

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from b12clinic.accounts.gate import ClinicRequest, clinic_page
from regimens.forms.due_list import read_asked
from regimens.presenters.due_list import kept_query
from regimens.queries.due_list import PINNED, Asked, due_page
from regimens.queries.due_rows import DueDose


@clinic_page("regimens.record_injection")
def following(request: ClinicRequest) -> HttpResponse:
    """The form for whoever stands after the dose just recorded, by the same filters; the list when nobody is left."""
    today = request.clinic.local_date(timezone.now())
    asked, _ = read_asked(request.GET.dict() | {"after": request.GET.get("past", "")}, today)
    found = _next(request, replace(asked, as_of=max(asked.as_of, today)))
    kept = kept_query(request.GET)
    address = (
        reverse("regimens:record_given", args=[found.public_id]) if found else reverse("regimens:due_list")
    )
    return redirect(f"{address}?{kept}" if kept else address)


def _next(request: ClinicRequest, asked: Asked) -> DueDose | None:
    """Whoever follows of those whose window is open; from the top again after the last one."""
    asked = replace(asked, window_open=True)
    page = due_page(request.clinic, asked, PINNED + 1)
    past: tuple[date, int] | None = asked.after
    pinned = [one for one in page.pinned if past is not None and (one.due_on, one.id) > past]
    rows = [*pinned[:1], *page.doses] or due_page(request.clinic, replace(asked, after=None), 1).rows
    return rows[0] if rows else None
