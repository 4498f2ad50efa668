"""What the worker does for this app, on the beat's tick and at the moment of sending."""

from datetime import date

from celery import shared_task
from django.utils import timezone

from b12clinic.accounts.models import Clinic
from b12clinic.messages.still_owed import still_owed
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


@still_owed(OVERDUE_RECHECK)
def recheck_still_overdue(subject_id: int, today: date) -> bool:
    """Whether a recheck still waits for results, past its day, of a patient whom the clinic still cares for."""
    return Recheck.objects.wanted().of_followed().filter(pk=subject_id, due_on__lt=today).exists()
