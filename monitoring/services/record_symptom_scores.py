"""Write down how a patient fares: the reviews that asked are answered, a turn for the worse is told."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from b12clinic.accounts.models import User
from b12clinic.accounts.services import audit
from b12clinic.jobs.services.ask import ask
from b12clinic.patients.models import Patient
from b12clinic.vocabulary import RecheckTest, Severity
from monitoring.interpretation.symptom_trend import (
    DOMAINS,
    HIGHEST,
    LOWEST,
    Scores,
    baseline,
    best_since,
    worse_neurologically,
)
from monitoring.models import SymptomScore
from monitoring.queries.symptoms import live_scores
from monitoring.services.alerts import raise_alert
from monitoring.services.answer_rechecks import answer_reviews
from monitoring.services.hold import hold_patient
from monitoring.subjects import RESULTS_RECORDED

WORSE = "SYMPTOMS_WORSE"
SOURCE = "Local policy: symptom scores"


class ScoresRefused(ValueError):
    """Why the scores are not taken; the sentence says what is wanted."""


@transaction.atomic
def record_symptom_scores(
    *,
    patient: Patient,
    scores: Scores,
    note: str,
    form_key: UUID,
    treated_since: date | None,
    worse_by: int,
    by: User,
    at: datetime,
    today: date,
) -> SymptomScore:
    """Append the scores of one day. A form sent twice is taken once.

    worse_by: points by which numbness or balance must be up, against the scores before, those before the first dose
    (`treated_since`) or the best since then, to raise an alert. Raises ScoresRefused for a day to come or a score off the scale.
    """
    patient = hold_patient(patient.pk)
    known = SymptomScore.objects.filter(form_key=form_key, patient=patient).first()
    if known is not None:
        return known
    refuse_unsound(scores, today)
    earlier = live_scores(patient)
    row = row_of(patient, scores, note=note, form_key=form_key, by=by, at=at)
    row.save()
    answer_reviews(
        patient=patient,
        test=RecheckTest.SYMPTOM_REVIEW,
        note=f"Scored: {scores.in_words()}. {note}".strip(),
        by=by,
        at=at,
        today=today,
        on=scores.on,
    )
    tell_if_worse(patient, earlier, scores, treated_since=treated_since, worse_by=worse_by, at=at)
    tell_of_scores(row, action="symptoms.scored", by=by, at=at)
    return row


def refuse_unsound(scores: Scores, today: date) -> None:
    """Raises ScoresRefused for a day to come or a score off the scale."""
    if scores.on > today:
        raise ScoresRefused("The scores cannot be of a day to come; check the date.")
    if not all(LOWEST <= scores.of(domain) <= HIGHEST for domain in DOMAINS):
        raise ScoresRefused(f"Each score is a whole number from {LOWEST} to {HIGHEST}.")


def row_of(
    patient: Patient, scores: Scores, *, note: str, form_key: UUID, by: User, at: datetime
) -> SymptomScore:
    """The row for scores, not saved yet."""
    return SymptomScore(
        patient=patient,
        clinic=patient.clinic,
        on=scores.on,
        note=note.strip(),
        form_key=form_key,
        by=by,
        at=at,
        **{domain: scores.of(domain) for domain in DOMAINS},
    )


def tell_if_worse(
    patient: Patient,
    earlier: list[Scores],
    now: Scores,
    *,
    treated_since: date | None,
    worse_by: int,
    at: datetime,
) -> None:
    """Raise an urgent alert where numbness or balance are up: on the scores before, the beginning, or the best since then."""
    past = [one for one in earlier if one.on <= now.on]
    against = (
        (past[-1] if past else None, "last time"),
        (baseline(past, treated_since), "the beginning"),
        (best_since(past, treated_since), "the best since treatment began"),
    )
    for before, when in against:
        worse = worse_neurologically(before, now, worse_by) if before else ()
        if worse:
            _raise_worse(patient, f"Neurologically worse than {when}: {'; '.join(worse)}.", at=at)
            return


def _raise_worse(patient: Patient, sentence: str, *, at: datetime) -> None:
    raise_alert(
        patient=patient,
        clinic=patient.clinic,
        rule=WORSE,
        subject=f"patient:{patient.public_id}",
        severity=Severity.URGENT,
        sentence=f"{sentence} Examine the patient, and do not delay a dose that is due.",
        source=SOURCE,
        at=at,
    )


def tell_of_scores(row: SymptomScore, *, action: str, reason: str = "", by: User, at: datetime) -> None:
    """Ask for the rules to be run again and leave the row on the audit trail."""
    ask(kind=RESULTS_RECORDED, subject_id=row.patient_id)
    audit.note(
        at=at,
        clinic=row.clinic,
        by=by,
        action=action,
        subject=f"symptoms:{row.public_id}",
        patient_id=row.patient_id,
        reason=reason,
    )
