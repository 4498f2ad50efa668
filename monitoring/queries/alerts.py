"""Alerts that a user may see."""

from typing import Any

from django.db.models import QuerySet

from b12clinic.accounts.models import Clinic
from b12clinic.accounts.queries import clinics_for
from monitoring.models import Alert


def alerts_for(user: Any) -> QuerySet[Alert]:
    """Every alert, ended ones included, of the clinics that the user belongs to."""
    return Alert.objects.filter(clinic__in=clinics_for(user))


def open_alerts(clinic: Clinic) -> QuerySet[Alert]:
    """What somebody in the clinic must still see to, newest first."""
    return Alert.objects.filter(clinic=clinic, ended_at__isnull=True).order_by("-raised_at", "-pk")
