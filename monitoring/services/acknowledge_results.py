"""Acknowledge results: a clinician has seen them and answers for what follows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from b12clinic.accounts.models import AuditEvent, Clinic, User
from b12clinic.accounts.services import audit
from b12clinic.messages.services.withdraw import withdraw_all
from monitoring.models import InboxItem
from monitoring.subjects import RESULT_WAITING


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """What came of it: the items acknowledged now, and those that somebody else had acknowledged or corrected."""

    done: list[InboxItem]
    lost: list[InboxItem]


@transaction.atomic
def acknowledge_results(
    *, clinic: Clinic, items: Iterable[InboxItem], note: str = "", by: User, at: datetime
) -> Acknowledged:
    """Claim each item by a conditional update, and leave one event for each patient.

    Of two who acknowledge the same row one has it; the other's remaining rows are acknowledged. What this person has
    acknowledged before stays as it was and is not counted as lost, so that a form sent twice does it once.
    """
    note = note.strip()
    wanted = sorted(items, key=lambda item: item.pk)  # two who overlap lock the rows in one order
    done = [item for item in wanted if _claim(item, note=note, by=by, at=at)]
    withdraw_all(
        kinds=(RESULT_WAITING,), subject_ids=[item.pk for item in done], why="The result was acknowledged."
    )
    audit.note_all(_events(clinic, done, note=note, by=by, at=at))
    return Acknowledged(done, _lost([item for item in wanted if item not in done], by))


def _claim(item: InboxItem, *, note: str, by: User, at: datetime) -> bool:
    waiting = InboxItem.objects.filter(pk=item.pk).waiting()
    return bool(waiting.update(acknowledged_at=at, acknowledged_by=by, note=note))


def _lost(items: Sequence[InboxItem], by: User) -> list[InboxItem]:
    """What others did to these rows meanwhile, read anew."""
    beside = ("result__patient", "acknowledged_by", "result__superseded_by__recorded_by")
    rows = InboxItem.objects.filter(pk__in=[item.pk for item in items]).exclude(acknowledged_by=by)
    return list(rows.select_related(*beside).order_by("pk"))


def _events(
    clinic: Clinic, items: Iterable[InboxItem], *, note: str, by: User, at: datetime
) -> list[AuditEvent]:
    by_patient: dict[int, list[InboxItem]] = {}
    for item in items:
        by_patient.setdefault(item.result.patient_id, []).append(item)
    return [
        audit.event(
            at=at,
            clinic=clinic,
            by=by,
            action="results.acknowledged",
            subject=f"patient:{theirs[0].result.patient.public_id}",
            patient_id=patient_id,
            after={"results": [str(item.result.public_id) for item in theirs]},
            reason=note,
        )
        for patient_id, theirs in by_patient.items()
    ]
