"""Send one message the long way: claim it, ask once more whether it may go, note the hand-over, let it leave, record the answer.

Three short transactions and never one around the sending. Killed before the hand-over is committed, the message is
tried again; killed after it, the outcome is uncertain and a person decides. Nothing here sends a message twice.
"""

from collections.abc import Collection, Hashable, Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from structlog import get_logger

from b12clinic.jobs.trace import trace_of
from b12clinic.messages.channels.port import (
    Accepted,
    Barred,
    Channel,
    Outcome,
    Parcel,
    Refused,
    Unreachable,
    Unsendable,
)
from b12clinic.messages.hours import NotNow
from b12clinic.messages.models import Audience, Message, MessageState
from b12clinic.messages.queries import being_spoken_to, due
from b12clinic.messages.services.may_go import NoLongerOwed, check_may_go
from b12clinic.messages.services.one_a_day import gather, take_the_day
from b12clinic.messages.services.settle import postpone, put_off, settle
from b12clinic.messages.still_owed import NoCheck
from b12clinic.messages.wording import words_for
from b12clinic.patients.models import Patient

log = get_logger(__name__)

LEASE = timedelta(minutes=3)
"""How long a sender may take over one message: longer than all the time-outs of one SMTP exchange together."""

NOT_PREPARED = "It could not be made ready to send; the product's log says more."


class ClaimLost(RuntimeError):
    """The lease ran out and the message is someone else's now."""


def send(*, message_id: int, channel: Channel, at: datetime) -> MessageState | None:
    """Send one message if it is due and nobody else has it; the state it came to, None when it was not ours.

    `at` is the moment of this attempt. Must run outside a transaction: the hand-over is committed before the message
    leaves. An error in one message is kept with that message and stops no other. Raises Unreachable when the service
    behind the channel takes nothing from us: the message waits at no cost.
    """
    claimed = claim(message_ids=[message_id], at=at)
    return send_claimed(message=claimed[0], channel=channel, at=at) if claimed else None


def send_claimed(*, message: Message, channel: Channel, at: datetime) -> MessageState | None:
    """As `send`, for a message that this sender has in hand."""
    try:
        parcel = hand_over(message=message, channel=channel, at=at)
    except NoLongerOwed as reason:
        settle(message=message, to=MessageState.WITHDRAWN, at=at, why=str(reason))
        return MessageState.WITHDRAWN
    except Unsendable as reason:
        settle(message=message, to=MessageState.FAILED, at=at, why=str(reason))
        return MessageState.FAILED
    except ClaimLost:
        return None
    except NotNow as later:
        return postpone(message=message, until=later.until, why=str(later))
    except NoCheck as reason:
        return put_off(message=message, at=at, why=str(reason))
    except Exception as error:
        log.error("message.not_prepared", message_id=message.pk, where=trace_of(error))
        return put_off(message=message, at=at, why=NOT_PREPARED)
    return record(message, channel.deliver(parcel), at)


def claim(*, message_ids: Sequence[int], at: datetime) -> list[Message]:
    """Take due messages in hand, oldest first; those that another sender has or takes are left out.

    Rows that nobody holds are locked, then moved by a conditional UPDATE that must find every one of them still owed:
    the lock saves work, the UPDATE is the wall, and what it finds amiss it rolls back for the next run. Of several to a
    patient the oldest is taken: the others are said in it. Who is being written to by another sender waits for that.
    """
    try:
        with transaction.atomic():
            free = due(at).filter(pk__in=message_ids).select_for_update(of=("self",), skip_locked=True)
            spoken_to = set(being_spoken_to().values_list("patient_id", flat=True))
            rows = free.order_by("pk").values_list("pk", "patient_id", "audience", "urgent")
            mine = _one_a_patient(rows, spoken_to)
            if due(at).filter(pk__in=mine).move(
                MessageState.OWED,
                MessageState.SENDING,
                leased_until=at + LEASE,
                attempts=F("attempts") + 1,
                next_try_at=None,
            ) != len(mine):
                raise ClaimLost
            return list(
                Message.objects.select_related("clinic__messaging").filter(pk__in=mine).order_by("pk")
            )
    except ClaimLost:
        return []


def _one_a_patient(
    rows: Iterable[tuple[int, int | None, str, bool]], spoken_to: Collection[int]
) -> list[int]:
    """The keys of all messages but those that will be merged into an older one among them, or into one on its way."""
    kept: dict[Hashable, int] = {}
    for pk, patient_id, audience, urgent in rows:
        merges = audience == Audience.PATIENT and not urgent
        if not (merges and patient_id in spoken_to):
            kept.setdefault(("patient", patient_id) if merges else pk, pk)
    return list(kept.values())


def let_go(*, messages: Sequence[Message]) -> None:
    """Give back what was claimed and not begun; it costs no attempt."""
    for message in messages:
        Message.objects.filter(pk=message.pk, leased_until=message.leased_until, handed_over_at=None).move(
            MessageState.SENDING,
            MessageState.OWED,
            leased_until=None,
            attempts=message.attempts - 1,
        )


@transaction.atomic(durable=True)
def hand_over(*, message: Message, channel: Channel, at: datetime) -> Parcel:
    """Ask whether the message may still go, make it ready, and commit that it is about to leave.

    Raises NoLongerOwed, NotNow, Unsendable, NoCheck, or ClaimLost when the lease has run out.
    """
    patient = Patient.objects.filter(pk=message.patient_id).first() if message.patient_id else None
    check_may_go(message, patient, message.clinic.local_date(at))
    message.patient = patient
    also = _with_others(message, at)
    parcel = channel.parcel(message, words_for(message, also))
    kept = Message.objects.filter(
        pk=message.pk, state=MessageState.SENDING, leased_until=message.leased_until
    ).update(handed_over_at=at, recipient=parcel.recipient, reference=parcel.reference)
    if not kept:
        raise ClaimLost
    message.recipient, message.handed_over_at = parcel.recipient, at
    return parcel


def _with_others(message: Message, at: datetime) -> list[Message]:
    """Take the patient's day for this message, with whatever else waits to be said to them. Raises NotNow."""
    if message.audience != Audience.PATIENT or message.patient is None:
        return []
    take_the_day(message, message.patient, at)
    return [] if message.urgent else gather(message, at)


def record(message: Message, outcome: Outcome, at: datetime) -> MessageState:
    """Record what the other side answered; the state that the message came to. Raises Unreachable when it bars us."""
    if isinstance(outcome, Barred):
        postpone(message=message, until=None, why=outcome.why)
        raise Unreachable(outcome.why)
    if isinstance(outcome, Refused):
        if not outcome.for_good:
            return put_off(message=message, at=at, why=outcome.why, wait=outcome.wait)
        to, why = MessageState.FAILED, outcome.why
    elif isinstance(outcome, Accepted):
        to, why = MessageState.SENT, ""
        message.provider_id = outcome.provider_id
    else:
        to, why = MessageState.UNCERTAIN, outcome.why
    if not settle(message=message, to=to, at=at, why=why):
        # A receipt may have said it first; else the lease ran out and somebody else decided.
        log.warning("message.settled_too_late", message_id=message.pk, state=to.value)
    return to
