"""Owe what querysets find: one INSERT … SELECT, so that a hundred thousand are owed in one statement a clinic."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import Case, CharField, F, OuterRef, QuerySet, Subquery, Value, When

from b12clinic.accounts.models import Clinic
from b12clinic.messages.ladder import Step
from b12clinic.messages.models import Audience, Message, MessageState
from b12clinic.patients.models import Patient
from b12clinic.states import move_in_sql
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Rows of one kind, each looked at once, and the rungs that may have reached them.

    rows: what the rungs may speak of, early or late. about: the path from a row to the date it speaks of; counted: to what
    the rungs' days are counted from, where that is another; clinic and patient: to those. group: in which of the ladder's
    phase groups a row stands, where the kind has any. reached_by: up to which value of `counted`, a date or a moment,
    inclusive, a rung has reached a row.
    """

    rows: QuerySet[Any]
    rungs: Sequence[Step]
    about: str
    reached_by: Callable[[Step], Any]
    counted: str = ""
    clinic: str = "clinic_id"
    patient: str = "patient"
    group: Any = None


@dataclass(frozen=True, slots=True)
class Unless:
    """Subjects, by their keys, of which no message of these kinds is owed: to nobody, or to none of the audiences named."""

    kinds: tuple[str, ...]
    subjects: QuerySet[Any, Any]
    audiences: tuple[str, ...] = ()


Find = Callable[[Clinic, Sequence[Step], date], Sequence[Found | Unless]]
"""What a sweep looks for in a clinic on its own day, by the rungs of its ladder, and the exceptions.

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
_BACK, _OF_WITHDRAWN = move_in_sql(Message, (MessageState.WITHDRAWN,), MessageState.OWED)
_ANEW = f"{_BACK}, owed_at = CURRENT_TIMESTAMP, why = '', attempts = 0, next_try_at = NULL"
"""How one that was withdrawn comes back: as if it were new."""


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
    asked = find(Clinic(pk=_ANY_CLINIC, time_zone=time_zone), ladder, today)
    found = [one for one in asked if isinstance(one, Found) and one.rungs]
    if not found:
        return "", ()
    tables: list[str] = []
    rungs: list[str] = []
    values: list[Any] = []
    said: list[Any] = []
    for number, one in enumerate(found):
        ways = sorted({step.channel for step in one.rungs if step.audience == Audience.PATIENT})
        sql, of_rows = _rows(one, ways).query.sql_with_params()
        names = ("clinic_id", "patient_id", "subject_id", "about_on", "counted", "phase", *_ways(ways))
        tables.append(f"rows{number} ({', '.join(names)}) AS MATERIALIZED ({sql})")
        values += of_rows
        for step in one.rungs:
            sql, of_step = _rung(f"rows{number}", one, step, ways)
            rungs.append(sql)
            said += of_step
    none_of, excepted = _none_of([one for one in asked if isinstance(one, Unless)])
    quote = connection.ops.quote_name
    columns, key, table = ", ".join(map(quote, COLUMNS)), ", ".join(map(quote, _KEY)), _table()
    # Found before the first is written: a scan of the outbox would meet each row that this very statement adds.
    tables.append(f"found ({columns}) AS MATERIALIZED ({' UNION ALL '.join(rungs)})")
    return (
        # SQLite takes ON CONFLICT for a join's ON unless a WHERE stands before it.
        f"INSERT INTO {table} ({columns}) WITH {', '.join(tables)} SELECT {columns} FROM found WHERE {none_of} "  # noqa: S608  quoted names, the ORM's own queries
        f"ON CONFLICT ({key}) DO UPDATE SET {_ANEW} WHERE {table}.{_OF_WITHDRAWN}",
        (*values, *said, *excepted),
    )


def _rows(found: Found, ways: Sequence[str]) -> QuerySet[Any, Any]:
    """What the rungs need to know of each row. Looked up row by row: joined, the planner reads whole tables."""
    counted, latest = found.counted or found.about, max(map(found.reached_by, found.rungs))
    group = found.group if found.group is not None else _text("")
    chosen = {f"m_{name}": _way(found, way) for name, way in zip(_ways(ways), ways, strict=True)}
    paths = {
        "m_clinic": F(found.clinic),
        "m_patient": F(f"{found.patient}_id"),
        "m_about": F(found.about),
        "m_counted": F(counted),
    }
    asked = (
        found.rows.filter(**{f"{counted}__lte": latest}).order_by().annotate(**paths, m_group=group, **chosen)
    )
    return asked.values_list("m_clinic", "m_patient", "pk", "m_about", "m_counted", "m_group", *chosen)


def _rung(rows: str, found: Found, step: Step, ways: Sequence[str]) -> tuple[str, list[Any]]:
    """The messages of one rung.

    Left out are rows that it has reached already: whomever it went to, a consent given since makes no second message. One
    withdrawn is owed again, by the same way or another: what withdrew it is no longer so. Asked of each row by itself:
    joined, the planner trusts what it knew of the outbox before the last sweep.
    """
    to, way = "%s", "%s"
    chosen = [step.audience, step.channel or Channel.INBOX.value]
    if step.audience == Audience.PATIENT:
        [way] = _ways([step.channel], ways.index(step.channel))
        # Somebody who can be reached in no way that they agreed to is the clinic's to call.
        to, chosen = (
            f"CASE WHEN {way} = %s THEN %s ELSE %s END",
            [Channel.INBOX, Audience.CLINIC, step.audience],
        )
    sql = (
        f"SELECT clinic_id, patient_id, %s, subject_id, about_on, %s, {to}, {way}, %s FROM {rows} "  # noqa: S608  our own names
        f"WHERE phase = %s AND counted <= %s AND (SELECT said.id FROM {_table()} said WHERE said.kind = %s "
        f"AND said.subject_id = {rows}.subject_id AND said.about_on = {rows}.about_on AND said.step = %s "
        "AND said.state <> 'withdrawn' LIMIT 1) IS NULL"
    )
    latest = _as_sent(found.reached_by(step))
    texts = [*map(_plain, (step.kind, step.code, *chosen)), step.urgent, _plain(step.phase)]
    return sql, [*texts, latest, _plain(step.kind), step.code]


def _none_of(exceptions: Sequence[Unless]) -> tuple[str, list[Any]]:
    """The condition on what was found, and its values. Each list of subjects is read once, not for every rung that it bars."""
    barred: list[str] = []
    values: list[Any] = []
    for one in exceptions:
        subjects, of_subjects = one.subjects.query.sql_with_params()
        codes = {"kind": one.kinds, "audience": one.audiences}
        parts = [f"{name} IN ({', '.join(['%s'] * len(of))})" for name, of in codes.items() if of]
        barred.append(f"NOT ({' AND '.join(parts)} AND subject_id IN ({subjects}))")
        values += [*map(_plain, (*one.kinds, *one.audiences)), *of_subjects]
    return " AND ".join(barred) or "TRUE", values


def _way(found: Found, way: str) -> Subquery:
    """How the patient is reached: by the first channel that they agreed to, or only by this one; else the clinic's inbox."""
    whens = [
        When(**{consent: True}, then=_text(channel)) for channel, consent in _BY if way in ("", channel.value)
    ]
    chosen = Case(*whens, default=_text(Channel.INBOX), output_field=CharField())
    patient = Patient.objects.filter(pk=OuterRef(f"{found.patient}_id"))
    return Subquery(patient.values(chosen=chosen))


def _ways(ways: Sequence[str], first: int = 0) -> Iterator[str]:
    """The columns in which the ways stand."""
    return (f"way{number}" for number, _ in enumerate(ways, start=first))


def _table() -> str:
    return str(connection.ops.quote_name(Message._meta.db_table))


def _text(value: str) -> Value:
    return Value(_plain(value), output_field=CharField())


def _plain(value: str) -> str:
    """A member of one of our vocabularies as the database takes it."""
    return str(getattr(value, "value", value))


def _as_sent(value: date | datetime) -> Any:
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return connection.ops.adapt_datefield_value(value)
