"""Record what became of a message that a sender has in hand."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from b12clinic.accounts.models import AuditEvent
from b12clinic.accounts.services import audit
from b12clinic.messages.addresses import masked
from b12clinic.messages.models import Message, MessageState
from b12clinic.messages.services.one_a_day import give_the_day_back
from b12clinic.states import MovingQuerySet

RETRY_AFTER = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720))
"""How long to wait after the first refusal, the second and so on; refused once more after the last, it has failed."""

IN_HAND = (MessageState.SENDING, MessageState.UNCERTAIN)
LEFT = (MessageState.SENT, MessageState.UNCERTAIN)


@transaction.atomic
def settle(*, message: Message, to: MessageState, at: datetime, why: str = "") -> bool:
    """End a sender's work on a message; whether the message was still this sender's to end.

    A sender that comes back after its lease ran out may still say what it knows of a message given up as uncertain.
    """
    changed = _in_hand(message).move(
        _begins(to),
        to,
        why=why,
        leased_until=None,
        sent_at=at if to == MessageState.SENT else None,
        handed_over_at=message.handed_over_at if to in LEFT else None,
        provider_id=message.provider_id,
    )
    if changed and to not in LEFT:
        give_the_day_back(message)
    if changed:
        note_end(message=message, to=to, at=at, why=why)
    return bool(changed)


@transaction.atomic
def put_off(*, message: Message, at: datetime, why: str, wait: timedelta = timedelta(0)) -> MessageState:
    """Try again later, not before `wait` is over, or give the message up once its attempts are used; what it came to."""
    if message.attempts > len(RETRY_AFTER):
        settle(message=message, to=MessageState.FAILED, at=at, why=why)
        return MessageState.FAILED
    later = at + max(RETRY_AFTER[message.attempts - 1], wait)
    _owe_again(message, why=why, next_try_at=later)
    return MessageState.OWED


@transaction.atomic
def postpone(*, message: Message, until: datetime | None, why: str) -> MessageState:
    """Wait for a moment at which the message may go, None for the next run; it costs no attempt."""
    _owe_again(message, why=why, next_try_at=until, attempts=message.attempts - 1)
    return MessageState.OWED


def _owe_again(message: Message, **changes: Any) -> None:
    changed = _in_hand(message).move(
        IN_HAND, MessageState.OWED, leased_until=None, handed_over_at=None, **changes
    )
    if changed:
        give_the_day_back(message)


def note_end(*, message: Message, to: MessageState, at: datetime, why: str) -> None:
    """Leave the trace of how a message ended, without the address it went to."""
    audit.append(end_of(message=message, to=to, at=at, why=why))


def end_of(*, message: Message, to: MessageState, at: datetime, why: str) -> AuditEvent:
    """That trace, not left yet."""
    return audit.event(
        at=at,
        clinic=message.clinic,
        by=None,
        action=f"message.{to}",
        subject=f"message:{message.pk} {message.kind}",
        patient_id=message.patient_id,
        before={"state": MessageState.SENDING.value},
        after={"state": to.value, "recipient": masked(message.recipient), "attempts": message.attempts},
        reason=why,
    )


def _in_hand(message: Message) -> MovingQuerySet[Message]:
    return Message.objects.filter(pk=message.pk, leased_until=message.leased_until)


def _begins(to: MessageState) -> str | tuple[str, ...]:
    """Only a sender that has not handed it over may find that it is no longer owed."""
    return MessageState.SENDING if to == MessageState.WITHDRAWN else IN_HAND
