"""At most one message a patient a day: the day is taken before a message leaves, and what else waits is said with it."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from django.db import connection
from django.db.models import QuerySet

from b12clinic.messages.hours import NotNow, check_hours, messaging_of, opening, zone_of
from b12clinic.messages.models import Audience, DailyWord, Message, MessageState
from b12clinic.messages.queries import waits_with
from b12clinic.patients.models import Patient

ANOTHER_TODAY = "The patient gets another message today; this one waits for the next day."
DEALT_WITH = "What it spoke of has been dealt with."
MOST_MERGED = 20


def take_the_day(message: Message, patient: Patient, at: datetime) -> None:
    """Take the patient's day for a message, by a unique row. Urgent ones need none, and keep no hours.

    Runs in the transaction of the hand-over: rolled back with it. Raises NotNow outside the hours or on a day taken.
    """
    if message.urgent:
        return
    check_hours(patient, message.clinic, at)
    zone = zone_of(patient, message.clinic)
    today = at.astimezone(zone).date()
    if not _take(patient, today, message):
        tomorrow = opening(today + timedelta(days=1), messaging_of(message.clinic), zone)
        raise NotNow(tomorrow, ANOTHER_TODAY)


def _take(patient: Patient, day: date, message: Message) -> bool:
    """Whether the day is this message's, now or from an attempt before. Of two at once the second waits for the first."""
    quote = connection.ops.quote_name
    columns = ", ".join(map(quote, ("patient_id", "on", "message_id")))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {quote(DailyWord._meta.db_table)} ({columns}) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",  # noqa: S608  quoted names and placeholders
            [patient.pk, day, message.pk],
        )
        if cursor.rowcount:
            return True
    return DailyWord.objects.filter(patient=patient, on=day, message=message).exists()


def give_the_day_back(message: Message) -> None:
    """A message that was refused has not been said: another may go today."""
    if message.audience == Audience.PATIENT and not message.urgent:
        DailyWord.objects.filter(message_id=message.pk).delete()


def gather(message: Message, at: datetime, is_still_owed: Callable[[Message, date], bool]) -> list[Message]:
    """What else waits to be said to the patient by the same channel: merged into this message, or withdrawn.

    What was merged into it on an attempt before is asked about again.
    """
    beside = list(_beside(message))
    today = message.clinic.local_date(at)
    owed = {one.pk for one in beside if is_still_owed(one, today)}
    _bring([one.pk for one in beside if one.pk not in owed], MessageState.WITHDRAWN, None, DEALT_WITH)
    _bring([one.pk for one in beside if one.pk in owed], MessageState.MERGED, message, "")
    return sorted((one for one in beside if one.pk in owed), key=lambda one: (one.about_on, one.pk))


def _beside(message: Message) -> QuerySet[Message]:
    """What waits for the same patient by the same channel, and what was merged before."""
    before = Message.objects.filter(patient=message.patient, merged_into=message)
    return (waits_with(message) | before).order_by("pk")[:MOST_MERGED]


def _bring(ids: list[int], to: MessageState, into: Message | None, why: str) -> None:
    """Those that still wait come to `to`; one merged before leaves only to be withdrawn."""
    if not ids:
        return
    these = Message.objects.filter(pk__in=ids)
    these.move(MessageState.OWED, to, merged_into=into, next_try_at=None, why=why)
    if to == MessageState.WITHDRAWN:
        these.move(MessageState.MERGED, to, merged_into=None, why=why)
