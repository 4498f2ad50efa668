"""The one way to leave an audit event: inside the caller's transaction, so that act and trace stand or fall together."""

from collections.abc import Iterable
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from b12clinic.accounts.models import AuditEvent, Clinic, User

current_request_id: ContextVar[str] = ContextVar("current_request_id", default="")


def note(
    *,
    at: datetime,
    clinic: Clinic | None,
    by: User | None,
    action: str,
    subject: str = "",
    patient_id: int | None = None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    reason: str = "",
) -> None:
    """Append one event. `by` is None for the product's own acts (a sweep, a sender); `at` is aware, in UTC."""
    event(
        at=at,
        clinic=clinic,
        by=by,
        action=action,
        subject=subject,
        patient_id=patient_id,
        before=before,
        after=after,
        reason=reason,
    ).save(force_insert=True)


def note_all(events: Iterable[AuditEvent]) -> None:
    """Append many events, made by `event`, in a few statements."""
    AuditEvent.objects.bulk_create(events, batch_size=1_000)


def event(
    *,
    at: datetime,
    clinic: Clinic | None,
    by: User | None,
    action: str,
    subject: str = "",
    patient_id: int | None = None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    reason: str = "",
) -> AuditEvent:
    """One event as `note` leaves it, not appended yet."""
    return AuditEvent(
        at=at,
        clinic=clinic,
        actor=by,
        action=action,
        subject=subject,
        patient_id=patient_id,
        before=before,
        after=after,
        reason=reason,
        request_id=current_request_id.get(),
    )
