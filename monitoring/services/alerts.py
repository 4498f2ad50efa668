"""Raise an alert once while it is open, end it by a person with how it ended."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from b12clinic.accounts.models import Clinic, User
from b12clinic.accounts.services import audit
from b12clinic.patients.models import Patient
from monitoring.models import Alert


class AlertOver(ValueError):
    """Somebody has ended this alert already."""


def raise_alert(
    *,
    patient: Patient,
    clinic: Clinic,
    rule: str,
    subject: str,
    severity: str,
    sentence: str,
    source: str,
    at: datetime,
) -> bool:
    """Open an alert unless the same one (patient, rule, subject) is open; whether a new one was opened.

    The unique constraint on open alerts decides between two that come at once.
    """
    _, fresh = Alert.objects.get_or_create(
        patient=patient,
        rule=rule,
        subject=subject,
        ended_at=None,
        defaults={
            "clinic": clinic,
            "severity": severity,
            "sentence": sentence,
            "source": source,
            "raised_at": at,
        },
    )
    return fresh


def raise_alerts(alerts: Iterable[Alert]) -> None:
    """Open those of these alerts that are not open, in one statement; the unique constraint lets the others go."""
    Alert.objects.bulk_create(alerts, ignore_conflicts=True)


@transaction.atomic
def end_alert(*, alert: Alert, how: str, by: User, at: datetime) -> None:
    """Close an alert with what was done about it. Raises AlertOver when it is closed already."""
    ended = Alert.objects.filter(pk=alert.pk, ended_at__isnull=True).update(ended_at=at, ended_by=by, how=how)
    if not ended:
        raise AlertOver("This alert has been ended already.")
    audit.note(
        at=at,
        clinic=alert.clinic,
        by=by,
        action="alert.ended",
        subject=f"alert:{alert.pk} {alert.rule}",
        patient_id=alert.patient_id,
        reason=how,
    )
