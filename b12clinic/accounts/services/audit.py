"""The one way to leave an audit event: inside the caller's transaction, so that act and trace stand or fall together."""

from collections.abc import Iterable
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from django.db import connection

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
    append(
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
        )
    )


def append(one: AuditEvent) -> None:
    """Append an event made by `event`.

    Its statement is written by hand: every act leaves one, and the ORM's writing of it costs more than the database's.
    """
    values = said_of(one)
    with connection.cursor() as cursor:
        cursor.execute(f"{INTO} VALUES ({', '.join(['%s'] * len(values))})", values)


def said_of(one: AuditEvent) -> list[Any]:
    """The columns of an event as the database takes them, in the order of `INTO`."""
    return [field.get_db_prep_save(getattr(one, field.attname), connection) for field in _COLUMNS]


_COLUMNS = [field for field in AuditEvent._meta.concrete_fields if field.name not in ("id", "recorded_at")]
_NAMES = ", ".join(f'"{field.column}"' for field in _COLUMNS)
INTO = f'INSERT INTO "{AuditEvent._meta.db_table}" ({_NAMES})'
"""What begins the statement that appends an event; the database fills in its key and when it was recorded."""
SAID = len(_COLUMNS)


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
