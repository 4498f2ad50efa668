"""At most one message a patient a day: the day is taken before a message leaves, and what else waits is said with it."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from b12clinic.messages.hours import NotNow, check_hours, messaging_of, opening, zone_of
from b12clinic.messages.models import Audience, DailyWord, Message, MessageState
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
    taken, _ = DailyWord.objects.get_or_create(patient=patient, on=today, defaults={"message": message})
    if taken.message_id != message.pk:
        tomorrow = opening(today + timedelta(days=1), messaging_of(message.clinic), zone)
        raise NotNow(tomorrow, ANOTHER_TODAY)


def give_the_day_back(message: Message) -> None:
    """A message that was refused has not been said: another may go today."""
    if message.audience == Audience.PATIENT and not message.urgent:
        DailyWord.objects.filter(message_id=message.pk).delete()


def gather(message: Message, at: datetime, is_still_owed: Callable[[Message, date], bool]) -> list[Message]:
    """What else waits to be said to the patient by the same channel: merged into this message, or withdrawn.

    What was merged into it on an attempt before is asked about again.
    """
    _merge_waiting(message)
    today = message.clinic.local_date(at)
    merged: list[Message] = []
    over: list[Message] = []
    for one in (
        Message.objects.filter(merged_into=message).select_related("clinic").order_by("about_on", "pk")
    ):
        (merged if is_still_owed(one, today) else over).append(one)
    if over:
        Message.objects.filter(pk__in=[one.pk for one in over]).move(
            MessageState.MERGED, MessageState.WITHDRAWN, merged_into=None, why=DEALT_WITH
        )
    return merged


def _merge_waiting(message: Message) -> None:
    waiting = Message.objects.filter(
        patient=message.patient,
        audience=Audience.PATIENT,
        channel=message.channel,
        urgent=False,
        state=MessageState.OWED,
    ).exclude(pk=message.pk)
    chosen = list(waiting.order_by("pk").values_list("pk", flat=True)[:MOST_MERGED])
    if chosen:
        Message.objects.filter(pk__in=chosen).move(
            MessageState.OWED, MessageState.MERGED, merged_into=message, next_try_at=None, why=""
        )
