"""What the labs of a clinic have come to on a day: rechecks due soon or overdue, results that nobody has looked at."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from b12clinic.accounts.models import Clinic
from b12clinic.messages.ladder import Step, of_kind
from b12clinic.messages.services.owe_found import found
from monitoring.models import InboxItem, Recheck
from monitoring.queries.rechecks import wanted_rechecks
from monitoring.subjects import OVERDUE_RECHECK, RECHECK_DUE, RESULT_WAITING


def find_owed(clinic: Clinic, ladder: Sequence[Step], today: date) -> list[QuerySet[Any, Any]]:
    """One queryset of messages for each rung that speaks of a recheck or a result."""
    return [
        *(found(_overdue(clinic, step, today), step, "due_on") for step in of_kind(ladder, OVERDUE_RECHECK)),
        *(found(_due(clinic, step, today), step, "due_on") for step in of_kind(ladder, RECHECK_DUE)),
        *(_waiting(clinic, step, today) for step in of_kind(ladder, RESULT_WAITING)),
    ]


def _overdue(clinic: Clinic, step: Step, today: date) -> QuerySet[Recheck]:
    """Due lasts the whole local day, whatever the ladder says."""
    return wanted_rechecks(clinic).filter(due_on__lte=step.cut_off(today), due_on__lt=today)


def _due(clinic: Clinic, step: Step, today: date) -> QuerySet[Recheck]:
    return wanted_rechecks(clinic).filter(due_on__lte=step.cut_off(today), due_on__gte=today)


def _waiting(clinic: Clinic, step: Step, today: date) -> QuerySet[Any, Any]:
    """Results that came in on the cut-off day of the clinic or before it and that nobody has acknowledged."""
    midnight = datetime.combine(
        step.cut_off(today) + timedelta(days=1), time.min, tzinfo=ZoneInfo(clinic.time_zone)
    )
    items = InboxItem.objects.filter(
        clinic=clinic,
        acknowledged_at=None,
        arrived_at__lt=midnight,
        result__patient__died_on=None,
        result__patient__moved_on=None,
    )
    return found(items, step, "result__taken_on", patient="result__patient")
