"""Owe messages: any number of sweeps may owe the same one, it is written once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection, transaction

from b12clinic.messages.models import Message, MessageState

ROWS_A_STATEMENT = 500  # SQLite refuses a statement with more than 32,766 values


@dataclass(frozen=True, slots=True, kw_only=True)
class OwedMessage:
    """One message to write. Its identity is kind, subject, the date it speaks of, step, audience and channel.

    `about_on` is a day of the clinic; `not_before`, aware, holds it back. Audience and channel are codes of
    `messages.models.Audience` and `vocabulary.Channel`; a message to a patient names one.
    """

    clinic_id: int
    kind: str
    subject_id: int
    about_on: date
    step: str
    audience: str
    channel: str
    patient_id: int | None = None
    not_before: datetime | None = None


@transaction.atomic
def owe(rows: Sequence[OwedMessage]) -> int:
    """Write what is not written yet; how many were new. Those already owed, sent or withdrawn stay as they are."""
    ordered = sorted(rows, key=_identity)  # two sweeps at once lock the same rows in the same order
    return sum(
        _insert(ordered[start : start + ROWS_A_STATEMENT])
        for start in range(0, len(ordered), ROWS_A_STATEMENT)
    )


def _identity(row: OwedMessage) -> tuple[str, int, date, str, str, str]:
    return row.kind, row.subject_id, row.about_on, row.step, row.audience, row.channel


def _insert(rows: Sequence[OwedMessage]) -> int:
    """One INSERT … ON CONFLICT DO NOTHING. Written by hand because only the cursor says how many rows were new."""
    quote = connection.ops.quote_name
    values = [_values(row) for row in rows]
    columns = ", ".join(quote(name) for name in values[0])
    places = ", ".join([f"({', '.join(['%s'] * len(values[0]))})"] * len(values))
    table = quote(Message._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({columns}) VALUES {places} ON CONFLICT DO NOTHING",  # noqa: S608  quoted names and placeholders
            [value for row in values for value in row.values()],
        )
        return cursor.rowcount


def _values(row: OwedMessage) -> dict[str, str | int | None]:
    """The columns that have no default in the database, as the database takes them."""
    return {
        "clinic_id": row.clinic_id,
        "patient_id": row.patient_id,
        "kind": row.kind,
        "subject_id": row.subject_id,
        "about_on": connection.ops.adapt_datefield_value(row.about_on),
        "step": row.step,
        "audience": str(row.audience),
        "channel": str(row.channel),
        "next_try_at": connection.ops.adapt_datetimefield_value(row.not_before),
        "state": MessageState.OWED.value,
        "attempts": 0,
        "recipient": "",
        "why": "",
    }
