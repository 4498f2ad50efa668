"""Send the messages in hand one after another, so that one costs little more than its mail.

What they need is read for all of them at once, and the answer to one is recorded in the statement that hands over the
next: one commit a message. Whatever is not plain (something else to say to the patient, a day taken, no consent, no
address), and everything on SQLite, goes the long way of `send_claimed`, which asks all afresh and says what is wrong.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection
from structlog import get_logger

from b12clinic.accounts.services import audit
from b12clinic.messages.channels.port import Accepted, Channel, Parcel
from b12clinic.messages.default_wordings import frame_of
from b12clinic.messages.hours import check_hours
from b12clinic.messages.models import Audience, DailyWord, Message, MessageState
from b12clinic.messages.queries import patients_with_more_to_say
from b12clinic.messages.reach import why_not
from b12clinic.messages.services import may_go
from b12clinic.messages.services.one_a_day import day_of
from b12clinic.messages.services.send import let_go, record, send_claimed
from b12clinic.messages.services.settle import IN_HAND, end_of
from b12clinic.messages.wording import Own, own_texts, words_for
from b12clinic.patients.models import Patient
from b12clinic.prepared import PreparedStatement
from b12clinic.states import move_in_sql

log = get_logger(__name__)

FRESH_SECONDS = 1.0
"""What was read for all is read again after this long; the hand-over itself asks whether a patient has changed since."""


def send_in_hand(
    *,
    messages: Sequence[Message],
    channel: Channel,
    may_go_on: Callable[[], bool],
    now: Callable[[], datetime],
) -> bool:
    """Send claimed messages in their order; whether others may follow them. now: the moment of each attempt.

    False when `may_go_on` says no, or after an uncertain outcome: a server that takes messages without a word gets one a
    run, not the whole outbox. Raises Unreachable when the service takes nothing from us. What was not begun is given back.
    """
    left, known, former = list(messages), _Known(), _Former()
    try:
        while left and may_go_on():
            channel.ready()
            known.keep_fresh(left)
            if _send_one(left.pop(0), channel, known, former, now()) == MessageState.UNCERTAIN:
                return False
        return not left
    finally:
        former.record()
        let_go(messages=left)


@dataclass(slots=True)
class _Known:
    """What was read for all messages in hand, and when."""

    patients: dict[int, Patient] = field(default_factory=dict)
    with_more_to_say: set[int] = field(default_factory=set)
    own: dict[tuple[int, str], Own] = field(default_factory=dict)
    read_at: float = float("-inf")

    def keep_fresh(self, messages: Sequence[Message]) -> None:
        if time.monotonic() - self.read_at < FRESH_SECONDS:
            return
        keys = [one.patient_id for one in messages if one.patient_id and one.audience == Audience.PATIENT]
        self.read_at = time.monotonic()
        self.patients = Patient.objects.in_bulk(keys)
        self.with_more_to_say = patients_with_more_to_say(messages)
        self.own = {}

    def own_of(self, message: Message, patient: Patient) -> Own:
        """The clinic's own words in the patient's language."""
        key = (message.clinic_id, frame_of(patient.language).language)
        if key not in self.own:
            self.own[key] = own_texts(message.clinic, key[1])
        return self.own[key]


@dataclass(slots=True)
class _Former:
    """The message that was accepted last and is not written down as sent yet."""

    message: Message | None = None
    at: datetime | None = None

    def keep(self, message: Message, at: datetime) -> None:
        self.message, self.at = message, at

    def record(self) -> None:
        """Write it down by itself."""
        if self.message is not None and self.at is not None:
            record(self.message, Accepted(self.message.provider_id), self.at)
        self.message = self.at = None


def _send_one(
    message: Message, channel: Channel, known: _Known, former: _Former, at: datetime
) -> MessageState | None:
    patient = known.patients.get(message.patient_id or 0)
    parcel = _parcel(message, patient, channel, known, at) if patient is not None else None
    if patient is None or parcel is None or not _hand_over(message, patient, parcel, former, at):
        former.record()
        return send_claimed(message=message, channel=channel, at=at)
    outcome = channel.deliver(parcel)
    if not isinstance(outcome, Accepted):
        return record(message, outcome, at)
    message.provider_id = outcome.provider_id
    former.keep(message, at)
    return MessageState.SENT


def _parcel(
    message: Message, patient: Patient, channel: Channel, known: _Known, at: datetime
) -> Parcel | None:
    """The message made ready, if nothing speaks against sending it just so."""
    if message.urgent or patient.pk in known.with_more_to_say or connection.vendor != "postgresql":
        return None
    try:
        today = message.clinic.local_date(at)
        if why_not(message, patient) or not may_go.is_still_owed(message, today):
            return None
        check_hours(patient, message.clinic, at)
        message.patient = patient
        return channel.parcel(message, words_for(message, own=known.own_of(message, patient)))
    except Exception:
        return None  # the long way meets it again, and keeps with the message what it is


def _hand_over(message: Message, patient: Patient, parcel: Parcel, former: _Former, at: datetime) -> bool:
    """Commit that the message is about to leave, and with it how the one before ended; whether it may leave so.

    It may not where it is no longer this sender's, the patient is not as they were read, or their day is taken.
    """
    sent, ended = former.message, former.at
    statement, values = _FIRST, list[Any]()
    if sent is not None and ended is not None:
        statement, values = _NEXT, _settling(sent, ended)
    values += [message.pk, message.leased_until, patient.pk, patient.version]
    values += [patient.pk, day_of(patient, message, at), at, parcel.recipient, parcel.reference]
    settled, handed_over = statement.row(values)
    if sent is not None and not settled:
        # A receipt may have said it first; else the lease ran out and somebody else decided.
        log.warning("message.settled_too_late", message_id=sent.pk, state="sent")
    former.message = former.at = None
    if handed_over:
        message.recipient, message.reference, message.handed_over_at = parcel.recipient, parcel.reference, at
    return bool(handed_over)


def _settling(sent: Message, at: datetime) -> list[Any]:
    trace = end_of(message=sent, to=MessageState.SENT, at=at, why="")
    moved = [at, sent.handed_over_at, sent.provider_id, sent.pk, sent.leased_until]
    return [*moved, *audit.said_of(trace)]


_MESSAGES, _PATIENTS, _DAYS = (f'"{model._meta.db_table}"' for model in (Message, Patient, DailyWord))
_TO_SENT, _OF_IN_HAND = move_in_sql(Message, IN_HAND, MessageState.SENT)
_SETTLE = f"""
settled AS (
    UPDATE {_MESSAGES} SET {_TO_SENT}, why = '', leased_until = NULL, sent_at = %s, handed_over_at = %s, provider_id = %s
    WHERE id = %s AND leased_until = %s AND {_OF_IN_HAND} RETURNING id
), traced AS ({audit.INTO} SELECT {", ".join(["%s"] * audit.SAID)} FROM settled)"""  # noqa: S608  quoted names and placeholders
"""As `settle` does it, in the words of PostgreSQL and in one go with the hand-over: one round trip and one commit a message."""
_HAND_OVER = f"""
mine AS (
    SELECT id FROM {_MESSAGES} WHERE id = %s AND state = 'sending' AND leased_until = %s AND EXISTS (
        SELECT 1 FROM {_PATIENTS} WHERE id = %s AND version = %s AND died_on IS NULL AND moved_on IS NULL
    ) FOR UPDATE
), day AS (
    INSERT INTO {_DAYS} (patient_id, "on", message_id) SELECT %s, %s, id FROM mine ON CONFLICT DO NOTHING RETURNING message_id
), handed_over AS (
    UPDATE {_MESSAGES} SET handed_over_at = %s, recipient = %s, reference = %s
    WHERE id IN (SELECT message_id FROM day) RETURNING id
) SELECT (SELECT count(*) FROM settled), (SELECT count(*) FROM handed_over)"""  # noqa: S608  quoted names and placeholders
_FIRST = PreparedStatement("hand_over_first", f"WITH settled AS (SELECT 1 WHERE FALSE), {_HAND_OVER}")
_NEXT = PreparedStatement("hand_over_next", f"WITH {_SETTLE}, {_HAND_OVER}")
