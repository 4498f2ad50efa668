"""What the worker does for this app, on the beat's tick and at the moment of sending."""

from datetime import date
from pathlib import Path

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from b12clinic.accounts.models import Clinic
from b12clinic.messages.digest import counts
from b12clinic.messages.services.sweep import sweep_all
from b12clinic.messages.still_owed import still_owed
from monitoring.lab_inbox import take_in
from monitoring.models import InboxItem, Recheck
from monitoring.queries.inbox import unread_items
from monitoring.queries.lab_files import rows_that_wait
from monitoring.queries.rechecks import overdue_rechecks
from monitoring.services.find_owed import find_owed
from monitoring.services.find_settled import find_settled
from monitoring.subjects import OVERDUE_RECHECK, RECHECK_DUE, RESULT_WAITING


@shared_task(name="monitoring.tasks.sweep_labs")
def sweep_labs() -> int:
    """Owe what each clinic's rechecks and results have come to on its own day; how many are new."""
    return sweep_all(
        clinics=Clinic.objects.order_by("pk"),
        work="labs",
        find=find_owed,
        settled=find_settled,
        at=timezone.now(),
    )


@shared_task(name="monitoring.tasks.watch_lab_folders")
def watch_lab_folders() -> int:
    """Import what laboratories have left in the clinics' folders; how many files came to an end."""
    if not settings.LAB_INBOX_DIR:
        return 0
    at, ended = timezone.now(), 0
    for clinic in Clinic.objects.order_by("pk"):
        folder = Path(settings.LAB_INBOX_DIR) / str(clinic.public_id)
        if folder.is_dir():
            ended += take_in(folder, clinic, accept_partial=settings.LAB_INBOX_ACCEPT_PARTIAL, at=at)
    return ended


@still_owed(OVERDUE_RECHECK)
def recheck_still_overdue(subject_id: int, about_on: date, today: date) -> bool:
    """Whether a recheck still waits for results, past its day, of a patient whom the clinic still cares for."""
    return about_on < today and _still_wanted(subject_id, about_on)


@still_owed(RECHECK_DUE)
def recheck_still_due(subject_id: int, about_on: date, today: date) -> bool:
    """Whether a recheck still waits for results and its day has not passed."""
    return about_on >= today and _still_wanted(subject_id, about_on)


@still_owed(RESULT_WAITING)
def result_still_unread(subject_id: int, about_on: date, today: date) -> bool:
    """Whether nobody has acknowledged a result yet."""
    return InboxItem.objects.filter(pk=subject_id, acknowledged_at=None).exists()


@counts("overdue_rechecks")
def rechecks_overdue(clinic: Clinic, today: date) -> dict[str, int]:
    """For the morning summary: rechecks past their day."""
    return {"overdue_rechecks": overdue_rechecks(clinic, today).count()}


@counts("unread")
def results_unread(clinic: Clinic, today: date) -> dict[str, int]:
    """For the morning summary: results that nobody has acknowledged."""
    return {"unread": unread_items(clinic).count()}


@counts("waiting_rows")
def rows_unsettled(clinic: Clinic, today: date) -> dict[str, int]:
    """For the morning summary: rows of laboratories' files that became no result."""
    return {"waiting_rows": rows_that_wait(clinic).count}


def _still_wanted(subject_id: int, due_on: date) -> bool:
    return Recheck.objects.wanted().of_followed().filter(pk=subject_id, due_on=due_on).exists()
