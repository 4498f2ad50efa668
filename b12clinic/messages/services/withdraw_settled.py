"""Take from the clinic's inbox what is no longer owed and was left there by whatever ended its reason."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Exists, QuerySet

from b12clinic.accounts.models import Clinic
from b12clinic.messages.models import Message, MessageState
from b12clinic.messages.services.may_go import DEALT_WITH
from b12clinic.states import MovingQuerySet
from b12clinic.vocabulary import Channel

FindSettled = Callable[[Clinic, date], Iterable[MovingQuerySet[Message]]]
"""Which messages of a clinic, by `left_in_inbox`, speak of what has been dealt with. What a sweep finds owed is none of them."""


def left_in_inbox(clinic: Clinic, kinds: Iterable[str], still: QuerySet[Any]) -> MovingQuerySet[Message]:
    """What lies in the clinic's inbox though its row, with OuterRefs to `subject_id` and `about_on`, is not among `still`."""
    return _in_inbox(clinic).filter(~Exists(still), kind__in=list(kinds))


def _in_inbox(clinic: Clinic) -> MovingQuerySet[Message]:
    return Message.objects.filter(clinic=clinic, state=MessageState.SENT, channel=Channel.INBOX.value)


@transaction.atomic
def withdraw_settled(*, clinic: Clinic, find: FindSettled, today: date) -> int:
    """Withdraw them; how many there were. A clinic whose inbox is empty is asked nothing more.

    Whatever ends the reason for a message withdraws it in its own transaction, but not one that a sweep writes at that very
    moment and commits after it. Rows that somebody else is changing are left to the next sweep: neither waits for the other.
    """
    withdrawn = 0
    for messages in find(clinic, today) if _in_inbox(clinic).exists() else ():
        free = messages.select_for_update(of=("self",), skip_locked=True)
        if ids := list(free.values_list("pk", flat=True)):
            withdrawn += Message.objects.filter(pk__in=ids).move(
                (MessageState.OWED, MessageState.SENT),
                MessageState.WITHDRAWN,
                why=DEALT_WITH,
                next_try_at=None,
                sent_at=None,
            )
    return withdrawn
