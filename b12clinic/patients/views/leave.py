"""Three pages of one kind: a patient died, moved away, or is in the clinic's care after all."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from b12clinic.accounts.gate import ClinicRequest, clinic_page
from b12clinic.patients.forms.leave import DeathForm, MoveForm, ReturnForm
from b12clinic.patients.models import Patient
from b12clinic.patients.presenters.conflict import who_saved
from b12clinic.patients.presenters.links import patient_url
from b12clinic.patients.services.note_death import note_death
from b12clinic.patients.services.note_move import note_move
from b12clinic.patients.services.note_return import note_return
from b12clinic.patients.services.refusals import ChangedMeanwhile, PatientRefused
from b12clinic.patients.views.entry import entry_context, note_viewed, the_patient, version_sent

STOP_PLAN = "If a plan is running, stop it on the chart as well."


@dataclass(frozen=True, slots=True)
class Note:
    """One of the three: its words, its form, and the service call that writes it."""

    heading: str
    text: str
    button: str
    saved: str
    form: type[forms.Form]
    save: Callable[[Patient, int, forms.Form, Any, datetime, date], Any]


DIED = Note(
    heading="Died",
    text="No message goes out any more, nothing can be planned, and a plan that is running is stopped with it.",
    button="Note the death",
    saved="The death is noted; a plan that was running is stopped.",
    form=DeathForm,
    save=lambda patient, version, form, by, at, today: note_death(
        patient=patient,
        version=version,
        died_on=form.cleaned_data["on"],
        reason=form.cleaned_data["reason"],
        by=by,
        at=at,
        today=today,
    ),
)
MOVED = Note(
    heading="Moved away",
    text=f"Somebody else cares for this patient. No recheck is asked for and nothing can be planned. {STOP_PLAN}",
    button="Note the move",
    saved=f"The move is noted. {STOP_PLAN}",
    form=MoveForm,
    save=lambda patient, version, form, by, at, today: note_move(
        patient=patient,
        version=version,
        moved_on=form.cleaned_data["on"],
        reason=form.cleaned_data["reason"],
        by=by,
        at=at,
        today=today,
    ),
)
RETURNED = Note(
    heading="Back in our care",
    text="Takes back that this patient died or moved away.",
    button="Back in our care",
    saved="This patient is in the clinic's care again.",
    form=ReturnForm,
    save=lambda patient, version, form, by, at, today: note_return(
        patient=patient, version=version, reason=form.cleaned_data["reason"], by=by, at=at
    ),
)


@clinic_page("patients.register")
@require_http_methods(["GET", "HEAD", "POST"])
def died(request: ClinicRequest, public_id: UUID) -> HttpResponse:
    """Note that a patient died."""
    return _note(request, public_id, DIED)


@clinic_page("patients.register")
@require_http_methods(["GET", "HEAD", "POST"])
def moved(request: ClinicRequest, public_id: UUID) -> HttpResponse:
    """Note that a patient moved away."""
    return _note(request, public_id, MOVED)


@clinic_page("patients.register")
@require_http_methods(["GET", "HEAD", "POST"])
def returned(request: ClinicRequest, public_id: UUID) -> HttpResponse:
    """Take back that a patient died or moved away."""
    return _note(request, public_id, RETURNED)


def _note(request: ClinicRequest, public_id: UUID, note: Note) -> HttpResponse:
    at = timezone.now()
    today = request.clinic.local_date(at)
    patient = the_patient(request, public_id)
    form = note.form(request.POST or None)
    context = {**entry_context(request, patient, today, ""), "note": note, "form": form}
    if request.method != "POST":
        note_viewed(request, patient, at)
        return render(request, "patients/leave.html", context)
    context["version"] = version_sent(request)
    if not form.is_valid():
        return render(request, "patients/leave.html", context, status=422)
    try:
        note.save(patient, version_sent(request), form, request.user, at, today)
    except ChangedMeanwhile as lost:
        context |= {"version": lost.patient.version, "lost": who_saved(lost.patient)}
        return render(request, "patients/leave.html", context, status=409)
    except PatientRefused as refused:
        field = "on" if refused.field.endswith("_on") else refused.field
        form.add_error(field if field in form.fields else None, refused.sentence)
        return render(request, "patients/leave.html", context, status=422)
    messages.success(request, note.saved)
    return redirect(patient_url(patient.public_id))
