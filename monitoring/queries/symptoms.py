"""Symptom scores that a user may see, and a patient's scores that stand."""

from typing import Any

from django.db.models import QuerySet

from b12clinic.accounts.queries import clinics_for
from b12clinic.patients.models import Patient
from b12clinic.prepared import Prepared
from monitoring.interpretation.symptom_trend import DOMAINS, Scores
from monitoring.models import SymptomScore


def scores_for(user: Any) -> QuerySet[SymptomScore]:
    """Every row, corrected ones included, of the clinics that the user belongs to."""
    return SymptomScore.objects.filter(clinic__in=clinics_for(user))


def live_rows(patient: Patient) -> QuerySet[SymptomScore]:
    """The rows that nothing corrects and nobody took back, oldest first."""
    return _standing(patient.pk)


def _standing(patient: int) -> QuerySet[SymptomScore]:
    return SymptomScore.objects.filter(patient=patient, corrected_by__isnull=True, entered_in_error=False)


def live_scores(patient: Patient) -> list[Scores]:
    """A patient's scores that stand, oldest first; of one day the last entered stands last."""
    return [Scores(*row) for row in _SCORES.rows(patient.pk)]


_SCORES = Prepared(lambda patient: _standing(patient).values_list("on", *DOMAINS))


def scores_of(row: SymptomScore) -> Scores:
    """A row as the trend reads it."""
    return Scores(row.on, **{domain: getattr(row, domain) for domain in DOMAINS})
