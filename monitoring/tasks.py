"""What the worker does for this app, on the beat's tick and at the moment of sending."""

from datetime import date
from pathlib import Path

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from b12clinic.accounts.models import Clinic
from b12clinic.messages.still_owed import still_owed
from monitoring.lab_inbox import take_in
from monitoring.models import Recheck
from monitoring.services.owe_overdue_rechecks import owe_overdue_rechecks
from monitoring.subjects import OVERDUE_RECHECK


@shared_task(name="monitoring.tasks.sweep_overdue_rechecks")
def sweep_overdue_rechecks() -> int:
    """Owe one reminder for each recheck that is overdue on its clinic's own day; how many were owed anew."""
    at = timezone.now()
    return sum(
        owe_overdue_rechecks(clinic=clinic, today=clinic.local_date(at))
        for clinic in Clinic.objects.order_by("pk")
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
def recheck_still_overdue(subject_id: int, today: date) -> bool:
    """Whether a recheck still waits for results, past its day, of a patient whom the clinic still cares for."""
    return Recheck.objects.wanted().of_followed().filter(pk=subject_id, due_on__lt=today).exists()
