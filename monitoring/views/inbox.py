from dataclasses import replace
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from b12clinic.accounts.gate import ClinicRequest, clinic_page
from b12clinic.accounts.services import audit
from monitoring.forms.inbox import HandOverForm, NoteForm, query_of, read_asked, read_ids
from monitoring.models import InboxItem
from monitoring.presenters.inbox import (
    EMPTY,
    Now,
    address,
    done_sentence,
    lost_lines,
    patients_of,
    tabs_of,
)
from monitoring.presenters.lab_files import waiting_in_words
from monitoring.queries import inbox_for, rows_that_wait
from monitoring.queries.inbox import Asked, InboxPage, inbox_page
from monitoring.services.acknowledge_results import acknowledge_results
from monitoring.services.hand_over_results import hand_over_results

NONE_SELECTED = "Select at least one result."


@clinic_page("monitoring.view_inbox")
def inbox(request: ClinicRequest) -> HttpResponse:
    """New results that a prescriber has still to see, the most pressing patient first. What is asked lives in the address."""
    return _page(request, timezone.now())


@clinic_page("monitoring.acknowledge_results")
@require_POST
def acknowledge(request: ClinicRequest) -> HttpResponse:
    """Acknowledge what is selected, or all that the page showed of one patient."""
    at, form = timezone.now(), NoteForm(request.POST)
    items = _shown_of_patient(request) if request.POST.get("patient") else _selected(request)
    if not items or not form.is_valid():
        return _page(request, at, problem=NONE_SELECTED if not items else "", note=form, status=422)
    came = acknowledge_results(
        clinic=request.clinic, items=items, note=form.cleaned_data["note"], by=request.user, at=at
    )
    return _answer(request, at, items, came.done, came.lost, "acknowledged")


@clinic_page("monitoring.view_inbox")
@require_POST
def hand_over(request: ClinicRequest) -> HttpResponse:
    """Take one result, or hand what is selected to somebody."""
    at, taken = timezone.now(), read_ids(request.POST.getlist("take"))
    if taken:
        items, to = _items(request, taken), request.user
    else:
        form = HandOverForm(request.POST, clinic=request.clinic, user=request.user)
        items = _selected(request)
        if not items or not form.is_valid():
            return _page(request, at, problem=NONE_SELECTED if not items else "", hand=form, status=422)
        to = form.cleaned_data["to"]
    came = hand_over_results(
        clinic=request.clinic, items=items, to=to, only_free=bool(taken), by=request.user, at=at
    )
    whom = "you" if to == request.user else to.display_name if to else "nobody"
    return _answer(request, at, items, came.done, came.lost, f"handed to {whom}")


def _answer(
    request: ClinicRequest,
    at: datetime,
    items: list[InboxItem],
    done: list[InboxItem],
    lost: list[InboxItem],
    act: str,
) -> HttpResponse:
    """Back to the same list; with what others did meanwhile where a race was lost."""
    if lost:
        told = lost_lines(lost, Now(at, request.clinic, request.user))
        return _page(request, at, lost=told, done=done_sentence(len(done), act), status=409)
    messages.success(request, done_sentence(len(items), act))
    return redirect(address(replace(read_asked(request.GET), after=None)))


def _items(request: ClinicRequest, ids: Any) -> list[InboxItem]:
    mine = inbox_for(request.user).filter(clinic=request.clinic, result__public_id__in=ids)
    return list(mine.select_related("result__patient", "owner"))


def _selected(request: ClinicRequest) -> list[InboxItem]:
    return _items(request, read_ids(request.POST.getlist("result")))


def _shown_of_patient(request: ClinicRequest) -> list[InboxItem]:
    """Only what this person had before them: a result that has come since is not acknowledged unseen."""
    whose = set(read_ids([request.POST["patient"]]))
    shown = _items(request, read_ids(request.POST.getlist("shown")))
    return [item for item in shown if item.result.patient.public_id in whose]


def _page(
    request: ClinicRequest,
    at: datetime,
    *,
    problem: str = "",
    lost: list[str] | None = None,
    done: str = "",
    note: NoteForm | None = None,
    hand: HandOverForm | None = None,
    status: int = 200,
) -> HttpResponse:
    asked = read_asked(request.GET)
    page = inbox_page(request.clinic, request.user, asked)
    _note_seen(request, at, asked, page)
    context = {
        "asked": asked,
        "query": query_of(asked),
        "tabs": tabs_of(asked, page.counts),
        "patients": patients_of(page, Now(at, request.clinic, request.user)),
        "shown": page.shown,
        "count": page.counts[asked.show],
        "empty": EMPTY[asked.show],
        "clear_url": address(Asked()) if asked.text or asked.patient else "",
        "next_url": address(replace(asked, after=page.after)) if page.after else "",
        "first_url": address(replace(asked, after=None)) if asked.after else "",
        "may_acknowledge": request.user.has_perm("monitoring.acknowledge_results", request.clinic),
        "note": note or NoteForm(),
        "hand": hand or HandOverForm(clinic=request.clinic, user=request.user),
        "selected": set(request.POST.getlist("result")),
        "problem": problem,
        "waiting_rows": waiting_in_words(rows_that_wait(request.clinic), at),
        "lost": lost,
        "done": done,
    }
    return render(request, "monitoring/inbox.html", context, status=status)


def _note_seen(request: ClinicRequest, at: datetime, asked: Asked, page: InboxPage) -> None:
    """That the list was looked at; where it is of one patient, at whom. Words searched by stay out of the trail."""
    only = page.patients[0].patient if asked.patient and page.patients else None
    audit.note(
        at=at,
        clinic=request.clinic,
        by=request.user,
        action="inbox.viewed",
        subject=f"patient:{only.public_id}" if only else "",
        patient_id=only.pk if only else None,
        after={"show": asked.show.value, "shown": page.shown},
    )
