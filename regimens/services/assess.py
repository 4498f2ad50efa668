"""Write down what a clinician judged, with the whole picture it was judged on."""

from datetime import date, datetime

from django.db import transaction

from b12clinic.accounts.models import User
from b12clinic.accounts.services import audit
from b12clinic.messages.services.withdraw import withdraw
from b12clinic.patients.models import Patient
from regimens.facts import Judgement, facts_of, facts_to_json
from regimens.models import Assessment, AssessmentSetAside, Neuro
from regimens.subjects import UNSIGNED_REGIMEN


class NotAssessed(ValueError):
    """Why no assessment can be made; the sentence says what to do."""


@transaction.atomic
def assess(
    *, patient: Patient, judgement: Judgement, guideline: str, note: str, by: User, at: datetime, today: date
) -> Assessment:
    """Append an assessment. Raises NotAssessed for someone whom the clinic no longer follows."""
    if not patient.is_followed:
        raise NotAssessed("This patient has died or moved away, so no plan is made.")
    assessment = Assessment.objects.create(
        patient=patient,
        clinic=patient.clinic,
        cause=judgement.cause,
        certainty=judgement.certainty,
        cause_detail=judgement.cause_detail,
        neuro={True: Neuro.YES, False: Neuro.NO, None: Neuro.UNKNOWN}[judgement.neuro],
        pregnancy=judgement.pregnancy,
        gestation_weeks=judgement.gestation_weeks,
        nitrous_oxide_planned=judgement.nitrous_oxide_planned,
        findings=sorted(judgement.findings),
        note=note,
        as_of=today,
        facts=facts_to_json(facts_of(patient, judgement, guideline=guideline, as_of=today)),
        by=by,
        at=at,
    )
    audit.note(
        at=at,
        clinic=patient.clinic,
        by=by,
        action="assessment.made",
        subject=f"assessment:{assessment.public_id}",
        patient_id=patient.pk,
    )
    return assessment


@transaction.atomic
def set_aside(*, assessment: Assessment, reason: str, by: User, at: datetime) -> None:
    """Decide not to plan from an assessment. Raises NotAssessed when a plan was signed from it already."""
    if hasattr(assessment, "regimen"):
        raise NotAssessed("A plan was signed from this assessment; it cannot be set aside.")
    AssessmentSetAside.objects.get_or_create(
        assessment=assessment, defaults={"reason": reason, "by": by, "at": at}
    )
    withdraw(kinds=(UNSIGNED_REGIMEN,), subject_id=assessment.pk, why="The assessment was set aside.")
    audit.note(
        at=at,
        clinic=assessment.clinic,
        by=by,
        action="assessment.set_aside",
        subject=f"assessment:{assessment.public_id}",
        patient_id=assessment.patient_id,
        reason=reason,
    )
