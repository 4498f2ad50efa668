"""Withdraw messages that are no longer owed, in the transaction of whatever made them so."""

from collections.abc import Collection

from django.db import transaction
from django.db.models import Case, CharField, F, Q, Value, When
from django.db.models.functions import Cast

from b12clinic.messages.models import Message, MessageState
from b12clinic.messages.models.random_uuid import RandomUuid
from b12clinic.vocabulary import Channel

WAITING = Q(state__in=(MessageState.OWED, MessageState.FAILED)) | Q(
    state=MessageState.SENT, channel=Channel.INBOX.value
)
"""Not gone yet, failed for a person to look at, or lying in the clinic's own inbox: emptied of what has been dealt with.

One whose outcome is unknown is none of these: it may have arrived, and a person says whether it did.
"""

_UNDELIVERED = Q(state=MessageState.FAILED) & ~Q(provider_id="") & ~Q(reference="")
"""A gateway took it and could not deliver it. Owed again it leaves under another reference, or is dropped as a repeat."""


@transaction.atomic
def withdraw(*, kinds: Collection[str], subject_id: int, why: str) -> int:
    """Withdraw what still waits for this subject, saying why in one sentence; how many there were.

    One that a sender has in hand is left alone: the sender asks again just before it hands it over.
    """
    return withdraw_all(kinds=kinds, subject_ids=[subject_id], why=why)


def withdraw_all(
    *, kinds: Collection[str], subject_ids: Collection[int], why: str, audiences: Collection[str] = ()
) -> int:
    """As `withdraw`, for many subjects at once; what is for others than `audiences` stays, where some are named."""
    of_subject = Message.objects.filter(WAITING, kind__in=kinds, subject_id__in=subject_ids)
    if audiences:
        of_subject = of_subject.filter(audience__in=audiences)
    return of_subject.move(
        (MessageState.OWED, MessageState.FAILED, MessageState.SENT),
        MessageState.WITHDRAWN,
        why=why,
        next_try_at=None,
        handed_over_at=None,
        sent_at=None,
        reference=Case(When(_UNDELIVERED, then=Cast(RandomUuid(), CharField())), default=F("reference")),
        provider_id=Case(When(_UNDELIVERED, then=Value("")), default=F("provider_id")),
    )
