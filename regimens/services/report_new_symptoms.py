"""Report new neurological symptoms found while a late dose was decided on: urgent, and answered by a new plan."""

from datetime import date, datetime

from django.db import transaction

from b12clinic.accounts.models import User
from b12clinic.accounts.services import audit
from b12clinic.vocabulary import Severity
from monitoring.services.alerts import raise_alert
from regimens.models import Dose, Regimen
from regimens.protocols.phasespec import PhaseSpec
from regimens.protocols.windows import late_advice
from regimens.services.decide_late_dose import NotDecided
from regimens.services.hold import hold_regimen

NEW_SYMPTOMS = "NEW_NEURO_SYMPTOMS"


@transaction.atomic
def report_new_symptoms(
    *, dose: Dose, version: int, reason: str, by: User, at: datetime, today: date
) -> Regimen:
    """Raise the urgent alert that new symptoms ask for; the plan is then made anew, and the decision stays open till then.

    `reason` says what was found. Raises ChangedMeanwhile for a stale page, NotDecided without a reason.
    """
    regimen = hold_regimen(dose.phase.regimen_id, version)
    if not reason.strip():
        raise NotDecided("Say which symptoms are new.")
    advice = late_advice(
        PhaseSpec.from_dict(dose.phase.spec),
        due_on=dose.due_on,
        given_on=today,
        last_given_on=None,
        neurological=regimen.neurological,
        new_neuro_symptoms=True,
    )
    raise_alert(
        patient=regimen.patient,
        clinic=regimen.clinic,
        rule=NEW_SYMPTOMS,
        subject=f"regimen:{regimen.public_id}",
        severity=Severity.URGENT,
        sentence=f"{advice.sentence} Found: {reason.strip()}",
        source=advice.source,
        at=at,
    )
    audit.note(
        at=at,
        clinic=regimen.clinic,
        by=by,
        action="symptoms.reported",
        subject=f"regimen:{regimen.public_id}",
        patient_id=regimen.patient_id,
        reason=reason.strip(),
    )
    return regimen
