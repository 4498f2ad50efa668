"""Alerts that a user may see."""

from typing import Any

from django.db.models import QuerySet

from b12clinic.accounts.models import Clinic
from b12clinic.accounts.queries import clinics_for
from b12clinic.patients.models import Patient
from monitoring.models import Alert

OF_A_RESULT = "result:"
"""How the subject of an alert on one critical result begins."""


def alerts_for(user: Any) -> QuerySet[Alert]:
    """Every alert, ended ones included, of the clinics that the user belongs to."""
    return Alert.objects.filter(clinic__in=clinics_for(user))


def open_alerts(clinic: Clinic) -> QuerySet[Alert]:
    """What somebody in the clinic must still see to, newest first."""
    return Alert.objects.filter(clinic=clinic, ended_at__isnull=True).order_by("-raised_at", "-pk")


def alerted_by_result(patient: Patient) -> frozenset[str]:
    """The rules of which a critical result of the patient has already raised an alert that is open."""
    open_ones = Alert.objects.filter(patient=patient, ended_at=None, subject__startswith=OF_A_RESULT)
    return frozenset(open_ones.values_list("rule", flat=True))
