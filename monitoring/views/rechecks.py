from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from b12clinic.accounts.gate import ClinicRequest, clinic_page
from b12clinic.accounts.services import audit
from monitoring.forms.reasons import AnswerForm, DropForm
from monitoring.interpretation.recheck_matching import ANSWER_RULE, RETICULOCYTE_RULE
from monitoring.models import Recheck
from monitoring.presenters.rechecks import band_tabs, recheck_line
from monitoring.queries import recheck_counts, recheck_rows, rechecks_for
from monitoring.queries.rechecks import BANDS
from monitoring.services.answer_rechecks import NotAnswered, answer_by_note
from monitoring.services.drop_recheck import NotDropped, drop_recheck
from monitoring.views.patient_page import banner, note_seen, patient_or_404


@clinic_page("monitoring.enter_results")
def rechecks(request: ClinicRequest) -> HttpResponse:
    """What the clinic waits for: overdue, due today, due in the next 30 days, with what is still missing."""
    at = timezone.now()
    today = request.clinic.local_date(at)
    audit.note(at=at, clinic=request.clinic, by=request.user, action="rechecks.viewed")
    band = request.GET.get("band", "all")
    band = band if band in BANDS else "all"
    found = recheck_rows(request.clinic, today, band, after=_after(request.GET.get("after", "")))
    context = {
        "tabs": band_tabs(recheck_counts(request.clinic, today), band),
        "rows": [recheck_line(recheck, today) for recheck in found.rows],
        "answer_rule": ANSWER_RULE,
        "reticulocyte_rule": RETICULOCYTE_RULE,
        "may_drop": request.user.has_perm("monitoring.drop_recheck", request.clinic),
        "next_url": _part(band, found.after) if found.after else "",
        "first_url": _part(band, None) if "after" in request.GET else "",
    }
    return render(request, "monitoring/rechecks.html", context)


@clinic_page("monitoring.enter_results")
def answer(request: ClinicRequest, recheck_id: UUID) -> HttpResponse:
    """Answer a review or an examination with a note, signed by who writes it."""
    at = timezone.now()
    today = request.clinic.local_date(at)
    recheck = _recheck_or_404(request, recheck_id)
    form = AnswerForm(request.POST or None, recheck=recheck, today=today)
    if request.method == "POST" and form.is_valid():
        try:
            done = answer_by_note(recheck=recheck, by=request.user, at=at, today=today, **form.cleaned_data)
        except NotAnswered as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request, "Noted. " + ("The recheck is done." if done else "The rest is still wanted.")
            )
            return redirect("monitoring:results", recheck.patient.public_id)
    context = _about(request, recheck) | {"form": form}
    return render(request, "monitoring/answer_recheck.html", context, status=422 if form.errors else 200)


@clinic_page("monitoring.drop_recheck")
def drop(request: ClinicRequest, recheck_id: UUID) -> HttpResponse:
    """End a recheck without its results; a prescriber says why."""
    at = timezone.now()
    recheck = _recheck_or_404(request, recheck_id)
    form = DropForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            drop_recheck(
                recheck=recheck,
                because=form.cleaned_data["reason"],
                by=request.user,
                at=at,
                today=request.clinic.local_date(at),
            )
        except NotDropped as refusal:
            form.add_error("reason", str(refusal))
        else:
            messages.success(request, f"The recheck of {recheck.patient.name} was dropped.")
            return redirect("monitoring:rechecks")
    context = _about(request, recheck) | {"form": form}
    return render(request, "monitoring/drop_recheck.html", context, status=422 if form.errors else 200)


def _recheck_or_404(request: ClinicRequest, recheck_id: UUID) -> Recheck:
    mine = rechecks_for(request.user).filter(clinic=request.clinic).select_related("patient", "clinic")
    return get_object_or_404(mine.prefetch_related("answers"), public_id=recheck_id)


def _about(request: ClinicRequest, recheck: Recheck) -> dict[str, object]:
    """The patient, and the recheck in words."""
    at = timezone.now()
    today = request.clinic.local_date(at)
    patient = patient_or_404(request, recheck.patient.public_id)
    note_seen(request, patient, at)
    return {"patient": patient, "banner": banner(patient, today), "line": recheck_line(recheck, today)}


def _after(key: str) -> tuple[date, int] | None:
    """The key of the last row shown, "2026-11-20.314"; anything else begins at the top."""
    day, _, pk = key.partition(".")
    try:
        return (date.fromisoformat(day), int(pk)) if key and len(pk) < 19 else None
    except ValueError:
        return None


def _part(band: str, after: tuple[date, int] | None) -> str:
    key = f"&after={after[0].isoformat()}.{after[1]}" if after else ""
    return f"{reverse('monitoring:rechecks')}?band={band}{key}"
