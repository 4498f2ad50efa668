"""Withdraw messages that are no longer owed, in the transaction of whatever made them so."""

from collections.abc import Collection

from django.db import transaction

from b12clinic.messages.models import Message, MessageState


@transaction.atomic
def withdraw(*, kind: str, subject_id: int, why: str) -> int:
    """Withdraw what still waits for this subject, saying why in one sentence; how many there were.

    One that a sender has in hand is left alone: the sender asks again just before it hands it over.
    """
    return withdraw_all(kind=kind, subject_ids=[subject_id], why=why)


def withdraw_all(*, kind: str, subject_ids: Collection[int], why: str) -> int:
    """As `withdraw`, for many subjects at once."""
    of_subject = Message.objects.filter(kind=kind, subject_id__in=subject_ids)
    return of_subject.move(MessageState.OWED, MessageState.WITHDRAWN, why=why, next_try_at=None)
