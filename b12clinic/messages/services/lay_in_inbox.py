"""Lay what is for the staff into the clinic's own inbox: it is delivered by standing in the ledger as sent."""

from collections import Counter
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from b12clinic.accounts.models import Clinic
from b12clinic.accounts.services import audit
from b12clinic.messages.models import Message, MessageState
from b12clinic.messages.queries import due
from b12clinic.vocabulary import Channel

GONE = Q(patient__died_on__isnull=False) | Q(patient__moved_on__isnull=False)
NO_LONGER_HERE = "The patient has died or moved to another clinic."


@transaction.atomic
def lay_in_inbox(*, at: datetime) -> int:
    """Deliver everything due through the inbox in one statement, however much it is; how many there were.

    Whatever ends the reason for a message withdraws it from the inbox too, in its own transaction, so that none has to be
    asked about one by one; what slips through, since a sweep was writing it just then, the next sweep withdraws.
    """
    waiting = due(at).filter(channel=Channel.INBOX.value)
    gone = list(waiting.filter(GONE).values_list("pk", flat=True))
    Message.objects.filter(pk__in=gone).move(MessageState.OWED, MessageState.WITHDRAWN, why=NO_LONGER_HERE)
    by_clinic = Counter(waiting.order_by().values_list("clinic_id", flat=True))
    laid = waiting.move(MessageState.OWED, MessageState.SENT, sent_at=at, next_try_at=None, why="")
    for clinic in Clinic.objects.filter(pk__in=by_clinic).order_by("pk"):
        audit.note(
            at=at,
            clinic=clinic,
            by=None,
            action="messages.laid_in_inbox",
            after={"count": by_clinic[clinic.pk]},
        )
    return laid
