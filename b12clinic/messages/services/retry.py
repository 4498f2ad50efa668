"""A person decides that a failed or uncertain message should be sent again."""

from datetime import datetime
from typing import Any

from django.db import transaction

from b12clinic.accounts.models import User
from b12clinic.accounts.services import audit
from b12clinic.messages.identity import next_reference
from b12clinic.messages.models import Message, MessageState
from b12clinic.messages.services.one_a_day import give_the_day_back

RETRIABLE = (MessageState.FAILED, MessageState.UNCERTAIN)


class NotRetried(ValueError):
    """The message is not one that can be sent again, or somebody was quicker."""


@transaction.atomic
def retry(*, message: Message, reason: str, by: User, at: datetime) -> None:
    """Put a failed or uncertain message back into the outbox with fresh attempts. Raises NotRetried.

    Its Message-ID or reference stays the same, so that a server that did get an uncertain one can drop the repeat.
    """
    if not reason.strip():
        raise NotRetried("Say why it should be sent again.")
    changed = Message.objects.filter(pk=message.pk, state=message.state).move(
        RETRIABLE,
        MessageState.OWED,
        attempts=0,
        next_try_at=None,
        leased_until=None,
        handed_over_at=None,
        why="",
        **_renamed(message),
    )
    if not changed:
        raise NotRetried("This message is no longer waiting for a decision; see where it stands now.")
    # Who sends it again has decided that it did not arrive: whatever leaves first takes the day anew.
    give_the_day_back(message)
    audit.note(
        at=at,
        clinic=message.clinic,
        by=by,
        action="message.retried",
        subject=f"message:{message.pk} {message.kind}",
        patient_id=message.patient_id,
        before={"state": message.state, "attempts": message.attempts, "why": message.why},
        after={"state": MessageState.OWED.value, "attempts": 0, "why": ""},
        reason=reason.strip(),
    )


def _renamed(message: Message) -> dict[str, Any]:
    """Another reference for what a gateway took and could not deliver: under the same one it would drop it as a repeat."""
    if not (message.provider_id and message.reference):
        return {}
    return {"reference": next_reference(message.reference), "provider_id": ""}
