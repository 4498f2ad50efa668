"""A plan that a conclusion asks for: it stands on the worklist until one is signed or the conclusion is replaced."""

from datetime import datetime

from b12clinic.accounts.models import User
from b12clinic.patients.models import Patient
from b12clinic.vocabulary import ResponseDecision, Severity
from monitoring.models import Alert
from monitoring.services.alerts import end_alert, raise_alert
from regimens.models import ResponseConclusion

WANTED = "NEW_PLAN_WANTED"
NEW_PLAN = frozenset({ResponseDecision.DRUG, ResponseDecision.ROUTE})
"""Decisions that take effect only by a new assessment and a new plan."""


def want_new_plan(*, conclusion: ResponseConclusion, at: datetime) -> None:
    """Leave on the worklist what was concluded and has not been done yet."""
    decision = ResponseDecision.label_of(conclusion.decision).lower()
    raise_alert(
        patient=conclusion.patient,
        clinic=conclusion.clinic,
        rule=WANTED,
        subject=f"patient:{conclusion.patient.public_id}",
        severity=Severity.WARN,
        sentence=(
            f"Concluded on {conclusion.on:%d %b %Y}: {decision}; no new plan is signed yet. Reason: {conclusion.reason}"
        ),
        source="The signed conclusion",
        at=at,
    )


def end_wanted_plan(*, patient: Patient, how: str, by: User, at: datetime) -> None:
    """End the wait for a new plan; where nothing waits, nothing happens."""
    waiting = Alert.objects.filter(patient=patient, rule=WANTED, ended_at=None)
    for alert in waiting.select_related("clinic"):
        end_alert(alert=alert, how=how, by=by, at=at)
