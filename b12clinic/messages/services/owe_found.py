"""Owe what querysets find: one INSERT … SELECT, so that a hundred thousand are owed in one statement a clinic."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import BooleanField, Case, CharField, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.lookups import IsNull

from b12clinic.accounts.models import Clinic
from b12clinic.messages.ladder import Step
from b12clinic.messages.models import Audience, Message, MessageState
from b12clinic.patients.models import Patient
from b12clinic.vocabulary import Channel

COLUMNS = (
    "clinic_id",
    "patient_id",
    "kind",
    "subject_id",
    "about_on",
    "step",
    "audience",
    "channel",
    "urgent",
)
"""All that a sweep says of a message; the database fills in the rest."""

Find = Callable[[Clinic, Sequence[Step], date], Sequence[QuerySet[Any, Any]]]
"""What a sweep looks for in a clinic on its own day, by the rungs of its ladder: querysets made by `found`.

Of the clinic it may ask its key and its time zone.
"""
_ANY_CLINIC = -(2**40) - 7
"""Stands for the clinic's key while the SQL is written; no row has it."""

_BY = (
    (Channel.EMAIL, "consents_to_email"),
    (Channel.SMS, "consents_to_sms"),
    (Channel.LETTER, "consents_to_letter"),
)
_KEY = ("kind", "subject_id", "about_on", "step", "audience", "channel")
_ANEW = "state = 'owed', owed_at = CURRENT_TIMESTAMP, why = '', attempts = 0, next_try_at = NULL"
"""How one that was withdrawn comes back: as if it were new."""


def found(
    rows: QuerySet[Any], step: Step, about: str, *, clinic: str = "clinic_id", patient: str = "patient"
) -> QuerySet[Any, Any]:
    """The message of one rung for each of `rows`: `about`, `clinic` and `patient` are the paths from a row to what it says.

    Left out are those that the rung has reached already: whomever it went to, a consent given since makes no second
    message. One withdrawn is owed again, by the same way or another: what withdrew it is no longer so.
    """
    reached = Message.objects.filter(
        kind=step.kind, subject_id=OuterRef("pk"), about_on=OuterRef(about), step=step.code
    ).exclude(state=MessageState.WITHDRAWN)
    return (
        # Asked of each row by itself: joined, the planner trusts what it knew of the outbox before the last sweep.
        rows.filter(IsNull(Subquery(reached.values("pk")[:1]), True))
        .order_by()
        .annotate(
            m_kind=_text(step.kind),
            m_step=_text(step.code),
            m_audience=_text(step.audience),
            m_channel=_channel(step, patient),
            m_urgent=Value(step.urgent, output_field=BooleanField()),
        )
        .values_list(
            clinic, f"{patient}_id", "m_kind", "pk", about, "m_step", "m_audience", "m_channel", "m_urgent"
        )
    )


def owe_found(find: Find, clinic: Clinic, ladder: tuple[Step, ...], today: date) -> int:
    """Write what is found in a clinic on its day and is not written yet, or was withdrawn; how many there were."""
    sql, values = _written(find, clinic.time_zone, ladder, today, connection.vendor)
    if not sql:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(sql, [clinic.pk if value == _ANY_CLINIC else value for value in values])
        return cursor.rowcount


@lru_cache(maxsize=64)
def _written(
    find: Find, time_zone: str, ladder: tuple[Step, ...], today: date, vendor: str
) -> tuple[str, tuple[Any, ...]]:
    """The statement for any clinic with this ladder and zone on this day: writing it costs as much as a small clinic's rows."""
    queries = find(Clinic(pk=_ANY_CLINIC, time_zone=time_zone), ladder, today)
    if not queries:
        return "", ()
    every = queries[0].union(*queries[1:], all=True) if len(queries) > 1 else queries[0]
    select, values = every.query.sql_with_params()
    quote = connection.ops.quote_name
    columns, key = (", ".join(map(quote, names)) for names in (COLUMNS, _KEY))
    said = ", ".join(_TO_CALL if name == "audience" else quote(name) for name in COLUMNS)
    table = quote(Message._meta.db_table)
    return (
        # Found before the first is written: a scan of the outbox would meet each row that this very statement adds.
        # SQLite takes ON CONFLICT for a join's ON unless a WHERE stands before it.
        f"INSERT INTO {table} ({columns}) WITH found ({columns}) AS MATERIALIZED ({select}) SELECT {said} FROM found WHERE TRUE "  # noqa: S608  quoted names, the ORM's own query
        f"ON CONFLICT ({key}) DO UPDATE SET {_ANEW} WHERE {table}.state = 'withdrawn'",
        tuple(values),
    )


_TO_CALL = "CASE WHEN audience = 'patient' AND channel = 'inbox' THEN 'clinic' ELSE audience END"
"""Somebody who can be reached in no way that they agreed to is the clinic's to call."""


def _text(value: str) -> Value:
    return Value(str(getattr(value, "value", value)), output_field=CharField())


def _channel(step: Step, patient: str) -> Any:
    """The way of a rung: to a patient the first one that they agreed to, else the clinic's inbox.

    Asked of each row by itself, as above, and once: the patient's row is what this costs.
    """
    if step.audience != Audience.PATIENT:
        return _text(step.channel or Channel.INBOX)
    whens = [
        When(**{consent: True}, then=_text(channel))
        for channel, consent in _BY
        if step.channel in ("", channel.value)
    ]
    chosen = Case(*whens, default=_text(Channel.INBOX), output_field=CharField())
    return Subquery(Patient.objects.filter(pk=OuterRef(f"{patient}_id")).values(chosen=chosen))
