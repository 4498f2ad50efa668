"""Lay results that somebody typed into the inbox; an import lays its own by the thousand (`write_results`)."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from b12clinic.accounts.models import Clinic, User
from monitoring.intake.measuring import is_abnormal
from monitoring.interpretation.critical import is_critical
from monitoring.models import InboxItem, Result
from monitoring.services.alert_critical import alert_critical
from monitoring.services.mark_abnormal import mark_abnormal

TYPED = "Entered by hand."


def put_in_inbox(*, clinic: Clinic, results: Sequence[Result], by: User, at: datetime) -> None:
    """One item for each result, and an alert for the critical ones. Call it in the transaction that writes them.

    What a nurse types waits for a prescriber. Who may acknowledge a result and types it has seen it: their own is
    acknowledged by the typing, so that nobody is asked to look twice at what they wrote. A critical one alerts all the same.
    """
    seen: dict[str, Any] = {}
    if by.has_perm("monitoring.acknowledge_results", clinic):
        seen = {"acknowledged_at": at, "acknowledged_by": by, "note": TYPED}
    InboxItem.objects.bulk_create(
        InboxItem(result=result, clinic=clinic, abnormal=_abnormal(result), arrived_at=at, **seen)
        for result in results
    )
    after_writing(results, clinic=clinic, at=at)


def after_writing(results: Sequence[Result], *, clinic: Clinic, at: datetime) -> None:
    """What follows once results have their items: who owned a corrected one owns the new one; critical ones alert.

    What the laboratory gave no range is marked by the clinic's.
    """
    mark_abnormal(Result.objects.filter(pk__in=[one.pk for one in results]))
    keep_owners(result_ids=[one.supersedes_id for one in results if one.supersedes_id is not None])
    critical = [one.pk for one in results if is_critical(one.analyte, one.canonical, one.comparator)]
    alert_critical(clinic=clinic, result_ids=critical, at=at)


def keep_owners(*, result_ids: Collection[int]) -> None:
    """Let whoever was to see to a result see to the one that corrects it."""
    owned = InboxItem.objects.filter(result__in=result_ids, owner__isnull=False)
    for old_id, owner_id in owned.values_list("result_id", "owner_id"):
        InboxItem.objects.filter(result__supersedes=old_id).update(owner=owner_id)


def _abnormal(result: Result) -> bool:
    return is_abnormal(
        result.number, result.comparator, result.coded, result.reference_low, result.reference_high
    )
