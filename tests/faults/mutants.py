"""Walls taken down on purpose: each must turn the report red, or the report proves nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any


def _no_key() -> None:
    """The ledger takes the same message twice, and the sweep does not ask it to look."""
    from django.db import connection

    from b12clinic.messages.services import owe_found

    written = owe_found._written

    def without_conflict(*args: Any) -> tuple[str, tuple[Any, ...]]:
        sql, values = written(*args)
        return sql.partition(" ON CONFLICT ")[0], values

    owe_found._written = without_conflict  # type: ignore[assignment]
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE messages_ledger_message DROP CONSTRAINT IF EXISTS message_owed_once")


def _no_claim() -> None:
    """A sender takes what another has in hand."""
    from b12clinic.messages import tasks
    from b12clinic.messages.models import Message
    from b12clinic.messages.services import send

    def claim(*, message_ids: Sequence[int], at: datetime) -> list[Message]:
        Message.objects.filter(pk__in=message_ids, state__in=("owed", "sending")).update(
            state="sending", leased_until=at + send.LEASE
        )
        return list(Message.objects.select_related("clinic__messaging").filter(pk__in=message_ids))

    tasks.claim = claim  # type: ignore[attr-defined]


def _mark_before() -> None:
    """A message is written down as sent before it leaves."""
    from b12clinic.messages.channels.email import Email
    from b12clinic.messages.models import Message

    deliver = Email.deliver

    def marked(self: Email, parcel: Any) -> Any:
        Message.objects.filter(state="sending", handed_over_at__isnull=False).update(
            state="sent", sent_at=datetime.now().astimezone(), leased_until=None
        )
        return deliver(self, parcel)

    Email.deliver = marked  # type: ignore[method-assign]


MUTANTS: dict[str, Callable[[], None]] = {
    "no_key": _no_key,
    "no_claim": _no_claim,
    "mark_before": _mark_before,
}


def apply(name: str) -> None:
    """Take one wall down in this process; none for an empty name."""
    if name:
        MUTANTS[name]()
