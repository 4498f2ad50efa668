"""Put symptom scores right by a new row, or mark them as entered in error. The old row stays as it was."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from b12clinic.accounts.models import User
from monitoring.interpretation.symptom_trend import Scores
from monitoring.models import SymptomScore
from monitoring.queries.symptoms import scores_of
from monitoring.services.hold import hold_patient
from monitoring.services.record_symptom_scores import ScoresRefused, refuse_unsound, row_of, tell_of_scores


@transaction.atomic
def correct_symptom_scores(
    *,
    row: SymptomScore,
    scores: Scores | None,
    note: str,
    why: str,
    form_key: UUID,
    by: User,
    at: datetime,
    today: date,
) -> SymptomScore:
    """Append the row that takes this one's place; `scores` None says that it was never this patient's.

    Raises ScoresRefused without a reason, for scores that are not sound, and where the row no longer stands.
    """
    patient = hold_patient(row.patient_id)
    row = SymptomScore.objects.get(pk=row.pk)
    if not why.strip():
        raise ScoresRefused("Say why the recorded scores are wrong.")
    if row.entered_in_error or SymptomScore.objects.filter(corrects=row).exists():
        raise ScoresRefused("These scores have been corrected already; look at them again.")
    if scores is not None:
        refuse_unsound(scores, today)
    new = row_of(patient, scores or scores_of(row), note=note, form_key=form_key, by=by, at=at)
    new.corrects, new.why, new.entered_in_error = row, why.strip(), scores is None
    new.save()
    tell_of_scores(new, action="symptoms.corrected", reason=new.why, by=by, at=at)
    return new
