"""At most one message a patient a day: the day is taken before a message leaves, and what else waits is said with it."""

from datetime import date, datetime, timedelta

from django.db import connection
from django.db.models import Q, QuerySet

from b12clinic.messages.hours import NotNow, check_hours, messaging_of, opening, zone_of
from b12clinic.messages.models import Audience, DailyWord, Message, MessageState
from b12clinic.messages.queries import waits_with
from b12clinic.messages.services import may_go
from b12clinic.patients.models import Patient

ANOTHER_TODAY = "The patient gets another message today; this one waits for the next day."
MOST_MERGED = 20


def take_the_day(message: Message, patient: Patient, at: datetime) -> None:
    """Take the patient's day for a message, by a unique row. Urgent ones need none, and keep no hours.

    Runs in the transaction of the hand-over: rolled back with it. Raises NotNow outside the hours or on a day taken.
    """
    if message.urgent:
        return
    check_hours(patient, message.clinic, at)
    today = day_of(patient, message, at)
    if not _take(patient, today, message):
        zone = zone_of(patient, message.clinic)
        tomorrow = opening(today + timedelta(days=1), messaging_of(message.clinic), zone)
        raise NotNow(tomorrow, ANOTHER_TODAY)


def day_of(patient: Patient, message: Message, at: datetime) -> date:
    """The day that it is where the patient lives."""
    return at.astimezone(zone_of(patient, message.clinic)).date()


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


def gather(message: Message, at: datetime) -> list[Message]:
    """What else waits to be said to the patient by the same channel: merged into this message, or withdrawn.

    What was merged into it on an attempt before is asked about again. What another sender has taken in hand is that one's.
    """
    beside = list(_beside(message))
    today = message.clinic.local_date(at)
    owed = [one for one in beside if may_go.is_still_owed(one, today)]
    over = [one.pk for one in beside if one not in owed]
    _bring(over, MessageState.WITHDRAWN, None, may_go.DEALT_WITH)
    _bring([one.pk for one in owed], MessageState.MERGED, message, "")
    return sorted(owed, key=lambda one: (one.about_on, one.pk))


def _beside(message: Message) -> QuerySet[Message]:
    """What waits for the same patient by the same channel, and what was to be said in this or in any of those; held."""
    waiting = waits_with(message)
    carried = Q(merged_into=message) | Q(merged_into__in=waiting.values("pk"))
    before = Message.objects.filter(carried, patient=message.patient, state=MessageState.MERGED)
    both = (waiting | before).select_for_update(of=("self",), skip_locked=True)
    return both.order_by("pk")[:MOST_MERGED]


def _bring(ids: list[int], to: MessageState, into: Message | None, why: str) -> None:
    """Those that still wait come to `to`; one merged before is withdrawn, or said in this message from now on."""
    if not ids:
        return
    these = Message.objects.filter(pk__in=ids)
    these.move(MessageState.OWED, to, merged_into=into, next_try_at=None, why=why)
    if to == MessageState.WITHDRAWN:
        these.move(MessageState.MERGED, to, merged_into=None, why=why)
    else:
        these.filter(state=to).update(merged_into=into)
