"""What the sender finds in the outbox, and what a member of a clinic may see of it."""

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from b12clinic.accounts.models import Clinic
from b12clinic.accounts.queries import clinics_for
from b12clinic.messages.models import Audience, Message, MessageState
from b12clinic.vocabulary import Channel


def due(at: datetime) -> QuerySet[Message]:
    """Messages that may be taken in hand now."""
    return Message.objects.filter(
        Q(next_try_at__isnull=True) | Q(next_try_at__lte=at), state=MessageState.OWED
    )


def due_ids(at: datetime, *, channel: str, after: int, limit: int) -> list[int]:
    """The ids of the next messages due on a channel, oldest first, beyond the id `after`."""
    waiting = due(at).filter(channel=channel, pk__gt=after)
    return list(waiting.order_by("pk").values_list("pk", flat=True)[:limit])


def lost_by_sender(at: datetime) -> QuerySet[Message]:
    """Messages that a sender had in hand when its lease ran out."""
    return Message.objects.filter(state=MessageState.SENDING, leased_until__lte=at)


def messages_for(user: Any, clinic: Clinic) -> QuerySet[Message]:
    """A clinic's messages, newest first; none for someone from elsewhere."""
    mine = Message.objects.filter(clinic__in=clinics_for(user), clinic_id=clinic.pk)
    return mine.select_related("patient").order_by("-pk")


def inbox_for(user: Any, clinic: Clinic) -> QuerySet[Message]:
    """What has been delivered to the clinic's own inbox, newest first."""
    return messages_for(user, clinic).filter(
        audience=Audience.CLINIC, channel=Channel.INBOX.value, state=MessageState.SENT
    )
