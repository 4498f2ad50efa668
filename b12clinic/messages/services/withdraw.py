"""Withdraw messages that are no longer owed, in the transaction of whatever made them so."""

from collections.abc import Collection

from django.db import transaction
from django.db.models import Q

from b12clinic.messages.models import Message, MessageState
from b12clinic.vocabulary import Channel

WAITING = Q(state=MessageState.OWED) | Q(state=MessageState.SENT, channel=Channel.INBOX.value)
"""Not gone yet, or lying in the clinic's own inbox, which is emptied of what has been dealt with."""


@transaction.atomic
def withdraw(*, kinds: Collection[str], subject_id: int, why: str) -> int:
    """Withdraw what still waits for this subject, saying why in one sentence; how many there were.

    One that a sender has in hand is left alone: the sender asks again just before it hands it over.
    """
    return withdraw_all(kinds=kinds, subject_ids=[subject_id], why=why)


def withdraw_all(*, kinds: Collection[str], subject_ids: Collection[int], why: str) -> int:
    """As `withdraw`, for many subjects at once."""
    of_subject = Message.objects.filter(WAITING, kind__in=kinds, subject_id__in=subject_ids)
    return of_subject.move(
        (MessageState.OWED, MessageState.SENT),
        MessageState.WITHDRAWN,
        why=why,
        next_try_at=None,
        sent_at=None,
    )
