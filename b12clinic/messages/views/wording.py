from typing import Any

from django.contrib import messages as flash
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from b12clinic.accounts.gate import ClinicRequest, clinic_page
from b12clinic.accounts.presenters.clinic_tabs import clinic_tabs
from b12clinic.messages.default_wordings import PATIENT_KINDS, Text, frame_of
from b12clinic.messages.forms.wording import PreviewForm, WordingForm
from b12clinic.messages.ladder import ladder_of
from b12clinic.messages.models import WordingTemplate
from b12clinic.messages.presenters.wording import place_heading, place_url, steps_of, wording_groups
from b12clinic.messages.services.change_wording import (
    Place,
    WordingChanged,
    change_wording,
    reset_wording,
    stored_wording,
    text_of,
)
from b12clinic.messages.views.previewing import preview_context
from b12clinic.vocabulary import Language

CHANGED = "Somebody else saved these words after you opened the page; below is what is kept now."


@clinic_page("accounts.set_up_clinic")
@require_safe
def wordings(request: ClinicRequest) -> HttpResponse:
    """Every wording to patients, by kind, step and language."""
    stored = WordingTemplate.objects.filter(clinic=request.clinic)
    groups = wording_groups(ladder_of(request.clinic), stored)
    return render(
        request, "messages/wordings.html", {"groups": groups, "tabs": clinic_tabs("messages:wordings")}
    )


@clinic_page("accounts.set_up_clinic")
@require_http_methods(["GET", "HEAD", "POST"])
def edit_wording(request: ClinicRequest) -> HttpResponse:
    """Change one wording, or see the typed words as a patient of the clinic would get them."""
    place = _place(request)
    if request.method != "POST":
        return _page(request, place, _showing(request, place))
    form = WordingForm(request.POST, clinic=request.clinic, place=place)
    if not form.is_valid():
        return _page(request, place, form, status=422)
    if "save" not in request.POST:
        return _page(request, place, form, **preview_context(request, place, form.text))
    return _save(request, place, form)


@clinic_page("accounts.set_up_clinic")
@require_POST
def reset(request: ClinicRequest) -> HttpResponse:
    """Go back to the product's words."""
    place, version = _place(request), request.POST.get("version", "")
    try:
        reset_wording(
            clinic=request.clinic,
            place=place,
            version=int(version) if version.isdecimal() and len(version) < 10 else 0,
            by=request.user,
            at=timezone.now(),
        )
    except WordingChanged:
        return _page(request, place, _showing(request, place), status=409, lost=CHANGED)
    flash.success(request, "The product's words are used again.")
    return redirect(place_url("messages:edit_wording", place))


def _save(request: ClinicRequest, place: Place, form: WordingForm) -> HttpResponse:
    try:
        change_wording(
            clinic=request.clinic,
            place=place,
            text=form.text,
            version=form.cleaned_data["version"],
            by=request.user,
            at=timezone.now(),
        )
    except WordingChanged:
        return _lost_race(request, place, form)
    flash.success(request, "The words are saved.")
    return redirect("messages:wordings")


def _lost_race(request: ClinicRequest, place: Place, form: WordingForm) -> HttpResponse:
    """What was typed is kept beside what is stored; saving again is then done knowingly."""
    stored, again = stored_wording(request.clinic, place), request.POST.copy()
    again["version"] = str(stored.version if stored else 0)
    kept = text_of(stored) if stored else frame_of(place.language).text_of(place.kind)
    changes = [
        {"what": str(form.fields[name].label), "was": getattr(kept, name), "becomes": typed, "note": ""}
        for name in ("subject", "body", "short")
        if (typed := getattr(form.text, name)) != getattr(kept, name)
    ]
    lost = "Somebody else saved these words after you opened the page; nothing of yours was saved."
    again_form = WordingForm(again, clinic=request.clinic, place=place)
    return _page(request, place, again_form, status=409, lost=lost, changes=changes)


def _place(request: ClinicRequest) -> Place:
    """The wording that the address names; 404 for one that cannot be."""
    asked = request.GET
    place = Place(kind=asked.get("kind", ""), step=asked.get("step", ""), language=asked.get("language", ""))
    if place.kind not in list(PATIENT_KINDS) or place.language not in Language.codes():
        raise Http404("There is no such wording.")
    if place.step and place.step not in steps_of(place.kind, ladder_of(request.clinic)):
        raise Http404("There is no such step.")
    return place


def _showing(request: ClinicRequest, place: Place) -> WordingForm:
    """The form filled with the clinic's words, else those that would go in their place."""
    stored = stored_wording(request.clinic, place)
    every = stored or stored_wording(request.clinic, Place(kind=place.kind, step="", language=place.language))
    text: Text = text_of(every) if every else frame_of(place.language).text_of(place.kind)
    shown = {"subject": text.subject, "body": text.body, "short": text.short}
    return WordingForm(
        initial=shown | {"version": stored.version if stored else 0}, clinic=request.clinic, place=place
    )


def _page(
    request: ClinicRequest, place: Place, form: WordingForm, status: int = 200, **more: Any
) -> HttpResponse:
    context = {
        "form": form,
        "heading": place_heading(place),
        "frame": frame_of(place.language),
        "own": stored_wording(request.clinic, place) is not None,
        "reset_url": place_url("messages:reset_wording", place),
        "asking": PreviewForm(request.POST or None),
        **more,
    }
    return render(request, "messages/edit_wording.html", context, status=status)
