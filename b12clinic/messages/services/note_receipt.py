"""Note what a gateway says became of a message: once or often, early or late, in whatever order it comes."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from b12clinic.accounts.services import audit
from b12clinic.messages.models import Message, MessageState
from b12clinic.messages.services.one_a_day import give_the_day_back
from b12clinic.vocabulary import Channel

DELIVERED = "delivered"
LOST = frozenset({"undelivered", "failed", "expired", "rejected"})
"""The gateway's last words on a message. What else it may say of one on its way changes nothing."""

BEFORE_IT_ARRIVED = (
    MessageState.OWED,
    MessageState.SENDING,
    MessageState.UNCERTAIN,
    MessageState.FAILED,
)
BEFORE_IT_WAS_LOST = (
    MessageState.OWED,
    MessageState.SENDING,
    MessageState.UNCERTAIN,
    MessageState.SENT,
)
"""A receipt may overtake the gateway's own answer: its message is then in hand, or owed again."""

OLDEST = timedelta(days=31)


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What the gateway says: of which message, by our reference or else by its own name for it, what, and when it was."""

    status: str
    reference: str = ""
    provider_id: str = ""
    said_at: datetime | None = None


@transaction.atomic
def note_receipt(*, receipt: Receipt, at: datetime) -> bool:
    """Take a receipt in; whether it told us anything new.

    One that arrived stays so, whatever follows. One that did not arrive has failed, in sight of a person, who may send it
    again. A message that nobody knows is no error: it may be of another installation.
    """
    message = _message_of(receipt)
    if message is None or message.delivered_at is not None:
        return False
    if receipt.status == DELIVERED:
        changed, why = _arrived(message, receipt, at), ""
    elif receipt.status in LOST:
        why = f"The gateway says that it did not arrive: {receipt.status}."
        changed = _lost(message, receipt, why)
    else:
        return False
    if changed:
        _note(message, receipt, at, why)
    return changed


def _message_of(receipt: Receipt) -> Message | None:
    """The message, locked: a receipt and the sender's own word on it come one after the other."""
    texts = Message.objects.filter(channel=Channel.SMS.value)
    known = (
        texts.filter(reference=receipt.reference)
        if receipt.reference
        else texts.filter(provider_id=receipt.provider_id)
    )
    return known.select_related("clinic").select_for_update(of=("self",), no_key=True).order_by("-pk").first()


def _arrived(message: Message, receipt: Receipt, at: datetime) -> bool:
    arrived_at = receipt.said_at if receipt.said_at and at - OLDEST <= receipt.said_at <= at else at
    one = Message.objects.filter(pk=message.pk)
    if message.state == MessageState.SENT:
        return bool(one.update(delivered_at=arrived_at))
    return bool(
        one.move(
            BEFORE_IT_ARRIVED,
            MessageState.SENT,
            sent_at=message.handed_over_at or arrived_at,
            delivered_at=arrived_at,
            provider_id=message.provider_id or receipt.provider_id,
            leased_until=None,
            next_try_at=None,
            why="",
        )
    )


def _lost(message: Message, receipt: Receipt, why: str) -> bool:
    """`provider_id` stays as the sign that a gateway had it: sent again, it leaves under another reference."""
    changed = Message.objects.filter(pk=message.pk).move(
        BEFORE_IT_WAS_LOST,
        MessageState.FAILED,
        why=why,
        provider_id=message.provider_id or receipt.provider_id or receipt.reference,
        sent_at=None,
        leased_until=None,
        next_try_at=None,
    )
    if changed:
        give_the_day_back(message)
    return bool(changed)


def _note(message: Message, receipt: Receipt, at: datetime, why: str) -> None:
    ended = MessageState.FAILED if why else MessageState.SENT
    audit.note(
        at=at,
        clinic=message.clinic,
        by=None,
        action="message.undelivered" if why else "message.delivered",
        subject=f"message:{message.pk} {message.kind}",
        patient_id=message.patient_id,
        before={"state": message.state},
        after={"state": ended.value, "said": receipt.status},
        reason=why,
    )
