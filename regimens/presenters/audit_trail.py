"""The audit trail in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from b12clinic.accounts.forms.set_up import WEEKDAYS
from b12clinic.accounts.models import AuditEvent, Clinic
from b12clinic.patients.models import Patient
from regimens.forms.audit_trail import query_of
from regimens.queries.audit_trail import AuditAsked

LONGEST_VALUE = 160

ACTIONS = (
    "alert.ended",
    "alert.value_corrected",
    "alert.taken",
    "assessment.made",
    "assessment.set_aside",
    "audit.viewed",
    "calls.viewed",
    "clinic.changed",
    "clinic.entered",
    "clinic.opened",
    "clinic_sheet.exported",
    "clinic_sheet.imported",
    "clinic_sheet.printed",
    "closed_day.removed",
    "closed_days.added",
    "closed_days.rehearsed",
    "contact.recorded",
    "direction.ended",
    "direction.signed",
    "due_list.viewed",
    "inbox.viewed",
    "injection.corrected",
    "injection.entered_in_error",
    "injection.not_given",
    "injection.reaction_noted",
    "injection.recorded",
    "injection.recorded_extra",
    "lab_file.errors_exported",
    "lab_file.imported",
    "lab_file.read_again",
    "lab_file.received",
    "lab_file.viewed",
    "lab_profile.saved",
    "lab_row.left_out",
    "lab_row.settled",
    "lab_row.viewed",
    "lab_rows.viewed",
    "labs.viewed",
    "ladder.changed",
    "ladder.reset",
    "late_dose.decided",
    "loading.reviewed",
    "member.added",
    "member.invited_again",
    "member.removed",
    "member.roles_changed",
    "letters.downloaded",
    "letters.printed",
    "message.failed",
    "message.retried",
    "message.sent",
    "message.settled_by_hand",
    "message.uncertain",
    "message.undelivered",
    "message.withdrawn",
    "messages.laid_in_inbox",
    "messages.owed",
    "messages.paused",
    "messages.resumed",
    "messages.settled",
    "messages.viewed",
    "patient.changed",
    "patient.health_changed",
    "patient.look_alikes_shown",
    "patient.registered",
    "patient.searched",
    "patient.viewed",
    "phase.ended",
    "product.added",
    "product.number_attached",
    "product.restored",
    "product.retired",
    "recheck.added",
    "recheck.answered",
    "recheck.done",
    "recheck.dropped",
    "recheck.moved",
    "recheck.planned",
    "recheck.reopened",
    "rechecks.viewed",
    "regimen.interval_changed",
    "regimen.paused",
    "regimen.pause_planned",
    "regimen.pause_called_off",
    "regimen.resumed",
    "regimen.signed",
    "regimen.stopped",
    "reminders.set_up",
    "report.export_finished",
    "report.exported",
    "report.viewed",
    "response.concluded",
    "result.corrected",
    "result.entered_in_error",
    "result.handed_over",
    "results.acknowledged",
    "results.recorded",
    "saved_view.deleted",
    "saved_view.renamed",
    "saved_view.saved",
    "symptoms.corrected",
    "symptoms.reported",
    "symptoms.scored",
    "wording.changed",
    "worklist.viewed",
)
"""Every act that leaves an event, for the filter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventLine:
    """One event of the page. The addresses narrow the trail to the person or the patient."""

    day: str
    moment: str
    who: str
    who_url: str
    what: str
    patient: str
    patient_url: str
    subject: str
    changes: list[str]
    reason: str
    request_id: str


def in_words(action: str) -> str:
    """ "Injection not given" for injection.not_given."""
    return action.replace(".", " ").replace("_", " ").capitalize()


def action_choices() -> list[tuple[str, str]]:
    """The acts to filter by, with their words."""
    return [(action, in_words(action)) for action in ACTIONS]


def lines_of(
    events: list[AuditEvent], patients: Mapping[int, Patient], clinic: Clinic, asked: AuditAsked
) -> list[EventLine]:
    """The events as the page shows them, in the clinic's time."""
    zone = ZoneInfo(clinic.time_zone)
    return [_line(event, patients.get(event.patient_id or 0), zone, asked) for event in events]


def _line(event: AuditEvent, patient: Patient | None, zone: ZoneInfo, asked: AuditAsked) -> EventLine:
    local = event.at.astimezone(zone)
    actor = event.actor
    return EventLine(
        day=f"{local.day} {local:%b %Y}",
        moment=f"{local:%H:%M:%S}",
        who=actor.display_name if actor else "The product itself",
        who_url=query_of(asked, person=str(actor.public_id)) if actor else "",
        what=in_words(event.action),
        patient=patient.name if patient else "",
        patient_url=query_of(asked, patient=str(patient.public_id)) if patient else "",
        subject="" if patient and event.subject.startswith("patient:") else event.subject,
        changes=changes_of(event.before, event.after),
        reason=event.reason,
        request_id=event.request_id,
    )


def changes_of(before: dict[str, Any] | None, after: dict[str, Any] | None) -> list[str]:
    """Field by field: "roles: nurse → nurse, administrator"; one value alone where there is no other."""
    before, after = before or {}, after or {}
    return [
        f"{name.replace('_', ' ')}: "
        + " → ".join(dict.fromkeys(_said(name, side[name]) for side in (before, after) if name in side))
        for name in dict.fromkeys([*before, *after])
    ]


def _said(name: str, value: Any) -> str:
    if name == "open_weekdays" and isinstance(value, list):
        return ", ".join(day for number, day in WEEKDAYS if number in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None:
        return "none"
    text = ", ".join(str(item) for item in value) if isinstance(value, list) else str(value)
    text = text or "empty"
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}…"
