"""Rechecks that a user may see, and those that a clinic waits for."""

from datetime import date
from typing import Any

from b12clinic.accounts.models import Clinic
from b12clinic.accounts.queries import clinics_for
from monitoring.models import Recheck
from monitoring.models.recheck import RecheckQuerySet


def rechecks_for(user: Any) -> RecheckQuerySet:
    """Every recheck of the clinics that the user belongs to."""
    return Recheck.objects.filter(clinic__in=clinics_for(user))


def wanted_rechecks(clinic: Clinic) -> RecheckQuerySet:
    """What a clinic still waits for, of patients it still cares for, in order of due day."""
    return Recheck.objects.filter(clinic=clinic).wanted().of_followed().order_by("due_on", "pk")


def overdue_rechecks(clinic: Clinic, today: date) -> RecheckQuerySet:
    """Wanted rechecks whose due day is over: due lasts the whole local day, overdue starts the next."""
    return wanted_rechecks(clinic).filter(due_on__lt=today)
