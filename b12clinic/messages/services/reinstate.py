"""Owe withdrawn messages again, when what withdrew them turns out to have been a mistake."""

from collections.abc import Collection
from datetime import date

from django.db import transaction

from b12clinic.messages.models import Message, MessageState


@transaction.atomic
def reinstate(*, kinds: Collection[str], subject_id: int, about_on: date | None = None) -> int:
    """Put what was withdrawn for this subject back into the outbox, all of it or what speaks of one day; how many there were.

    For a correction: an injection recorded by mistake withdrew its reminder, and no sweep owes the same one twice.
    The sender asks before each whether it is still owed.
    """
    of_subject = Message.objects.filter(kind__in=kinds, subject_id=subject_id)
    if about_on is not None:
        of_subject = of_subject.filter(about_on=about_on)
    return of_subject.move(MessageState.WITHDRAWN, MessageState.OWED, why="", attempts=0, next_try_at=None)
