"""A person ends a failed or uncertain message without sending it again, and says how they know."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db import transaction

from b12clinic.accounts.models import User
from b12clinic.accounts.services import audit
from b12clinic.messages.models import Message, MessageState
from b12clinic.messages.services.retry import RETRIABLE


class ByHand(StrEnum):
    """What a person knows: that it arrived, or that whoever it is for was told otherwise or need not be told any more."""

    ARRIVED = "arrived"
    TOLD = "told"


class NotSettled(ValueError):
    """The message is not one that waits for a decision, or somebody was quicker."""


@transaction.atomic
def settle_by_hand(*, message: Message, how: ByHand, reason: str, by: User, at: datetime) -> None:
    """End a message for good, with whatever was to be said in it. Raises NotSettled.

    Whatever a person decides, an uncertain one may have arrived: it keeps its day, and its lease goes, so that its
    sender has no more say in it.
    """
    reason = reason.strip()
    if not reason:
        raise NotSettled("Say how you know.")
    if how == ByHand.ARRIVED and message.state == MessageState.FAILED:
        raise NotSettled("It failed; only one whose outcome is unknown can have arrived.")
    after = _arrived(message, at) if how == ByHand.ARRIVED else _told(message, reason)
    audit.note(
        at=at,
        clinic=message.clinic,
        by=by,
        action="message.settled_by_hand",
        subject=f"message:{message.pk} {message.kind}",
        patient_id=message.patient_id,
        before={"state": message.state, "why": message.why},
        after=after,
        reason=reason,
    )


def _arrived(message: Message, at: datetime) -> dict[str, Any]:
    """What was said in it stays said in it."""
    sent_at = message.handed_over_at or at
    _move(message, MessageState.UNCERTAIN, MessageState.SENT, sent_at=sent_at, leased_until=None, why="")
    return {"state": MessageState.SENT.value}


def _told(message: Message, reason: str) -> dict[str, Any]:
    """What was to be said in it ends in the same step: alone it would be owed again, and the patient has been told.

    Not withdrawn: a sweep, or a correction of the record, owes what was withdrawn again.
    """
    _move(message, RETRIABLE, MessageState.ENDED, handed_over_at=None, leased_until=None, why=reason)
    said_in_it = Message.objects.filter(merged_into=message).move(
        MessageState.MERGED, MessageState.ENDED, merged_into=None, why=reason
    )
    after: dict[str, Any] = {"state": MessageState.ENDED.value}
    return after | ({"said_in_it": said_in_it} if said_in_it else {})


def _move(message: Message, begins: str | tuple[str, ...], to: MessageState, **changes: Any) -> None:
    if not Message.objects.filter(pk=message.pk, state=message.state).move(begins, to, **changes):
        raise NotSettled("This message is no longer waiting for a decision; see where it stands now.")
