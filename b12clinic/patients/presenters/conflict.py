"""What a page says when somebody else saved first."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.forms import Form

from b12clinic.patients.identifiers import grouped
from b12clinic.patients.models import IdentifierScheme, Patient
from b12clinic.patients.presenters import lines
from b12clinic.patients.queries import last_change


def who_saved(patient: Patient) -> str:
    """Who saved this entry last and when, in the clinic's time."""
    event = last_change(patient)
    if event is None or event.actor is None:
        return "This entry was saved after you opened it; nothing of yours was saved."
    local = event.at.astimezone(ZoneInfo(patient.clinic.time_zone))
    when = f"{local.day} {local:%b %Y at %H:%M}"
    return f"{event.actor.display_name} saved this entry on {when}, after you opened it; nothing of yours was saved."


def differences(form: Form, typed_numbers: Mapping[str, str], stored: Patient) -> list[dict[str, str]]:
    """What is stored now against what was typed: field by field, then the numbers."""
    return [*_field_differences(form, stored), *_number_differences(typed_numbers, stored)]


def _number_differences(typed: Mapping[str, str], stored: Patient) -> Iterator[dict[str, str]]:
    kept = {number.scheme: number.value for number in stored.identifiers.all()}
    for scheme in IdentifierScheme:
        was, becomes = kept.get(scheme, ""), typed.get(scheme, "")
        if was != becomes:
            shown = {"was": grouped(scheme, was), "becomes": grouped(scheme, becomes)}
            yield {"what": str(scheme.label), "note": ""} | shown


def _field_differences(form: Form, stored: Patient) -> list[dict[str, str]]:
    return [
        {
            "what": str(form.fields[name].label),
            "was": _said(getattr(stored, name)),
            "becomes": _said(typed),
            "note": "",
        }
        for name, typed in form.cleaned_data.items()
        if getattr(stored, name) != typed
    ]


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, date):
        return lines.day(value)
    return "" if value is None else str(value)
