"""What the worker does for this app, on the beat's tick."""

from celery import shared_task
from django.utils import timezone

from b12clinic.accounts.models import Clinic
from monitoring.services.owe_overdue_rechecks import owe_overdue_rechecks


@shared_task(name="monitoring.tasks.sweep_overdue_rechecks")
def sweep_overdue_rechecks() -> int:
    """Owe one reminder for each recheck that is overdue on its clinic's own day; how many were owed anew."""
    at = timezone.now()
    return sum(
        owe_overdue_rechecks(clinic=clinic, today=clinic.local_date(at))
        for clinic in Clinic.objects.order_by("pk")
    )
