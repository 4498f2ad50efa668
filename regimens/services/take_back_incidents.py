"""What was alerted of an injection falls with it when it turns out never to have happened; what a person must undo is said."""

from datetime import datetime

from b12clinic.accounts.models import User
from b12clinic.patients.models import PatientAllergy
from b12clinic.vocabulary import Drug, Severity
from monitoring.models import Alert
from monitoring.services.alerts import end_alert, raise_alert
from regimens.incidents import OF_AN_INJECTION
from regimens.models import Administration, Regimen, RegimenState
from regimens.protocols.reactions import Consequence, consequence_of

TAKEN_BACK = "REACTION_TAKEN_BACK"


def take_back_incidents(
    *, administration: Administration, regimen: Regimen | None, reason: str, by: User, at: datetime
) -> bool:
    """End the alerts of an injection entered in error; whether allergy or pause of its reaction wait for a prescriber.

    An allergy and a pause are a clinician's to lift, since either may stand for another reason: an alert asks for it.
    """
    subjects = [f"administration:{row.public_id}" for row in chain_of(administration)]
    if administration.dose is not None:
        subjects.append(f"dose:{administration.dose.public_id}")
    for alert in Alert.objects.filter(
        patient=administration.patient, subject__in=subjects, rule__in=OF_AN_INJECTION, ended_at=None
    ).select_related("clinic"):
        end_alert(alert=alert, how=f"The injection was entered in error: {reason}", by=by, at=at)
    left = _left_standing(administration, regimen)
    if left:
        _ask_a_prescriber(administration, left, at)
    return bool(left)


def end_double_alerts(second: Administration, *, how: str, by: User, at: datetime) -> None:
    """End what was alerted of an injection that was taken for a second one of its dose."""
    subjects = [f"administration:{row.public_id}" for row in chain_of(second)]
    for alert in Alert.objects.filter(
        patient=second.patient, subject__in=subjects, rule="DOUBLE_INJECTION", ended_at=None
    ).select_related("clinic"):
        end_alert(alert=alert, how=how, by=by, at=at)


def chain_of(administration: Administration) -> list[Administration]:
    """The row and all that it corrected."""
    rows = [administration]
    while (before := rows[-1].corrects) is not None:
        rows.append(before)
    return rows


def _left_standing(administration: Administration, regimen: Regimen | None) -> list[str]:
    """What an anaphylactic reaction had led to and still stands, in words."""
    consequence = consequence_of(administration.reaction_grade, administration.reactions or ())
    if consequence is not Consequence.EMERGENCY:
        return []
    left = []
    if PatientAllergy.objects.filter(
        patient=administration.patient, substance=administration.drug, ended_on=None
    ).exists():
        left.append(f"the allergy to {Drug.label_of(administration.drug).lower()}")
    if regimen is not None and regimen.state == RegimenState.PAUSED:
        left.append("the pause of the regimen")
    return left


def _ask_a_prescriber(administration: Administration, left: list[str], at: datetime) -> None:
    raise_alert(
        patient=administration.patient,
        clinic=administration.clinic,
        rule=TAKEN_BACK,
        subject=f"administration:{administration.public_id}",
        severity=Severity.URGENT,
        sentence=(
            f"The anaphylactic reaction of {administration.given_on:%d %b %Y} was entered in error. "
            f"Still standing: {' and '.join(left)}. Lift or keep them."
        ),
        source="Local policy: anaphylactic reactions",
        at=at,
    )
