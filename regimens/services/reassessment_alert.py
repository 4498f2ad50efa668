"""The alert that a response is inadequate: raised once for what is on record, ended by what is concluded from it."""

from datetime import date, datetime

from django.db.models import Q

from b12clinic.accounts.models import User
from monitoring.models import Alert
from monitoring.services.alerts import end_alert, raise_alert
from regimens.models import Regimen
from regimens.protocols.findings import FindingRaised
from regimens.safety_check import findings_for

INADEQUATE = "INADEQUATE_RESPONSE"


def ask_to_reassess(*, regimen: Regimen, finding: FindingRaised, at: datetime) -> bool:
    """Raise the alert unless one is open, or the same was told before: an answer in other words rests on newer results."""
    told = Alert.objects.filter(patient=regimen.patient, rule=INADEQUATE)
    if told.filter(Q(ended_at=None) | Q(sentence=finding.message)).exists():
        return False
    return raise_alert(
        patient=regimen.patient,
        clinic=regimen.clinic,
        rule=INADEQUATE,
        subject=f"patient:{regimen.patient.public_id}",
        severity=finding.severity,
        sentence=finding.message,
        source=finding.source,
        at=at,
    )


def settle_reassessment(*, regimen: Regimen, how: str, by: User, at: datetime, today: date) -> None:
    """End what waits for a conclusion. What the worker has not told yet is kept as told, so that it is not told after it."""
    for finding in findings_for(regimen, today):
        if finding.code == INADEQUATE:
            ask_to_reassess(regimen=regimen, finding=finding, at=at)
    waiting = Alert.objects.filter(patient=regimen.patient, rule=INADEQUATE, ended_at=None)
    for alert in waiting.select_related("clinic"):
        end_alert(alert=alert, how=how, by=by, at=at)
