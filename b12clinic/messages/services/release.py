"""Take back what a sender had in hand when it died."""

from datetime import datetime

from django.db import transaction

from b12clinic.messages.models import Message, MessageState
from b12clinic.messages.queries import lost_by_sender
from b12clinic.messages.services.settle import note_end, put_off

INTERRUPTED = "The sender was interrupted before the message left."
NO_WORD = "The message was handed over and no word came back; it may have arrived."


def release_lost(*, at: datetime) -> int:
    """Release every message whose sender lost its lease; how many there were.

    Not handed over yet: it will be tried again. Handed over: uncertain, for a person to decide; never sent again unasked.
    """
    lost = lost_by_sender(at).select_related("clinic").order_by("pk")
    return sum(_release(message, at) for message in lost)


def unmerge_orphans() -> int:
    """Owe again by itself what was to be said in a message that is withdrawn; how many there were."""
    orphans = Message.objects.filter(
        state=MessageState.MERGED, merged_into__state=MessageState.WITHDRAWN
    ).values_list("pk", flat=True)
    return Message.objects.filter(pk__in=list(orphans)).move(
        MessageState.MERGED, MessageState.OWED, merged_into=None
    )


@transaction.atomic
def _release(message: Message, at: datetime) -> bool:
    mine = Message.objects.filter(
        pk=message.pk, state=MessageState.SENDING, leased_until=message.leased_until
    )
    # Held until the end: a sender that still lives hands it over before this look at it, or finds it no longer its own.
    if not list(mine.select_for_update().values_list("pk")):
        return False
    handed_over = mine.filter(handed_over_at__isnull=False)
    if handed_over.move(MessageState.SENDING, MessageState.UNCERTAIN, why=NO_WORD):
        # The lease stays on the row, so that its sender, should it still live, may yet say what it knows.
        note_end(message=message, to=MessageState.UNCERTAIN, at=at, why=NO_WORD)
        return True
    return bool(put_off(message=message, at=at, why=INTERRUPTED))
