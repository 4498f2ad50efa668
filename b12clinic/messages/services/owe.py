"""Owe messages: any number of sweeps may owe the same one, it is written once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction

from b12clinic.messages.models import Message
from b12clinic.messages.services.owe_found import COLUMNS as SAID

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
    urgent: bool = False
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


COLUMNS = [Message._meta.get_field(name) for name in (*SAID, "next_try_at")]


def _insert(rows: Sequence[OwedMessage]) -> int:
    """One INSERT … ON CONFLICT DO NOTHING. Written by hand because only the cursor says how many rows were new."""
    quote = connection.ops.quote_name
    columns = ", ".join(quote(name) for name in (*SAID, "next_try_at"))
    places = ", ".join([f"({', '.join(['%s'] * len(COLUMNS))})"] * len(rows))
    table = quote(Message._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({columns}) VALUES {places} ON CONFLICT DO NOTHING",  # noqa: S608  quoted names and placeholders
            [value for row in rows for value in _values(row)],
        )
        return cursor.rowcount


def _values(row: OwedMessage) -> list[Any]:
    """The columns of one row as the database takes them."""
    said = [*(getattr(row, name) for name in SAID), row.not_before]
    return [column.get_db_prep_save(value, connection) for column, value in zip(COLUMNS, said, strict=True)]  # type: ignore[union-attr]
