"""Say who sees to a result: take it, hand it to somebody, or let it go."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from b12clinic.accounts.models import AuditEvent, Clinic, User
from b12clinic.accounts.services import audit
from monitoring.models import InboxItem


@dataclass(frozen=True, slots=True)
class HandedOver:
    """The items that have the new owner now, and those that somebody else took or acknowledged meanwhile."""

    done: list[InboxItem]
    lost: list[InboxItem]


@transaction.atomic
def hand_over_results(
    *,
    clinic: Clinic,
    items: Iterable[InboxItem],
    to: User | None,
    only_free: bool = False,
    by: User,
    at: datetime,
) -> HandedOver:
    """Give each waiting item this owner, or none, where its owner is still the one that `items` were read with.

    only_free: where it has no owner at all, so that of two who take one row the second learns who was first. One event
    for each item that changed hands; an item that has the owner already is left as it is.
    """
    wanted = sorted(items, key=lambda item: item.pk)
    moving = [item for item in wanted if item.owner_id != (to.pk if to else None)]
    done = [item for item in moving if _moved(item, to, None if only_free else item.owner_id)]
    audit.note_all(_event(item, clinic, to=to, by=by, at=at) for item in done)
    lost = [item.pk for item in moving if item not in done]
    beside = ("result__patient", "owner", "acknowledged_by", "result__superseded_by__recorded_by")
    return HandedOver(
        done, list(InboxItem.objects.filter(pk__in=lost).select_related(*beside).order_by("pk"))
    )


def _moved(item: InboxItem, to: User | None, expected_id: int | None) -> bool:
    as_expected = InboxItem.objects.filter(pk=item.pk, owner=expected_id).waiting()
    return bool(as_expected.update(owner=to))


def _event(item: InboxItem, clinic: Clinic, *, to: User | None, by: User, at: datetime) -> AuditEvent:
    return audit.event(
        at=at,
        clinic=clinic,
        by=by,
        action="result.handed_over",
        subject=f"result:{item.result.public_id}",
        patient_id=item.result.patient_id,
        before={"owner": item.owner.display_name if item.owner else "nobody"},
        after={"owner": to.display_name if to else "nobody"},
    )
