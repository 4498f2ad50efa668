"""What a lost race on the set-up page looks like."""

from typing import Any
from zoneinfo import ZoneInfo

from b12clinic.accounts.forms.set_up import WEEKDAYS, ClinicForm
from b12clinic.accounts.models import AuditEvent, Clinic


def who_changed(event: AuditEvent | None, clinic: Clinic) -> str:
    """Who saved last and when, in the clinic's time."""
    if event is None or event.actor is None:
        return "It was changed meanwhile."
    local = event.at.astimezone(ZoneInfo(clinic.time_zone))
    return f"{event.actor.display_name} saved the clinic on {local.day} {local:%b %Y at %H:%M}."


def differences(form: ClinicForm, stored: Clinic) -> list[dict[str, str]]:
    """What is stored now against what was typed, field by field."""
    found = []
    for name, typed in form.cleaned_data.items():
        if name == "version" or getattr(stored, name) == typed:
            continue
        field = form.fields[name]
        found.append(
            {
                "what": str(field.label),
                "was": _said(getattr(stored, name)),
                "becomes": _said(typed),
                "note": "",
            }
        )
    return found


def _said(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(day for number, day in WEEKDAYS if number in value)
    return str(value)
