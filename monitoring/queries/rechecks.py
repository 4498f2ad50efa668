"""Rechecks that a user may see, and those that a clinic waits for."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet

from b12clinic.accounts.models import Clinic
from b12clinic.accounts.queries import clinics_for
from b12clinic.patients.models import Patient
from monitoring.models import Recheck, RecheckAnswer
from monitoring.models.recheck import RecheckQuerySet

SOON_DAYS = 30
ROWS_A_PAGE = 50
BANDS = ("all", "overdue", "due", "soon")


@dataclass(frozen=True, slots=True)
class RecheckRows:
    """One part of the list with patients and answers; `after` leads to the next part, None at the end."""

    rows: tuple[Recheck, ...]
    after: tuple[date, int] | None


def rechecks_for(user: Any) -> RecheckQuerySet:
    """Every recheck of the clinics that the user belongs to."""
    return Recheck.objects.filter(clinic__in=clinics_for(user))


def wanted_rechecks(clinic: Clinic) -> RecheckQuerySet:
    """What a clinic still waits for, of patients it still cares for, in order of due day."""
    return Recheck.objects.filter(clinic=clinic).wanted().of_followed().order_by("due_on", "pk")


def overdue_rechecks(clinic: Clinic, today: date) -> RecheckQuerySet:
    """Wanted rechecks whose due day is over: due lasts the whole local day, overdue starts the next."""
    return wanted_rechecks(clinic).filter(due_on__lt=today)


def recheck_counts(clinic: Clinic, today: date) -> dict[str, int]:
    """How many rechecks each band of the list holds, in one query."""
    counts = {band: Count("pk", filter=_band(band, today)) for band in BANDS}
    return Recheck.objects.filter(clinic=clinic).wanted().of_followed().aggregate(**counts)


def recheck_rows(
    clinic: Clinic,
    today: date,
    band: str,
    after: tuple[date, int] | None = None,
    limit: int = ROWS_A_PAGE,
) -> RecheckRows:
    """One part of a band, from the key `after` on: two queries however long the list."""
    rows = wanted_rechecks(clinic).filter(_band(band, today))
    if after is not None:
        due_on, pk = after
        rows = rows.filter(Q(due_on__gt=due_on) | Q(due_on=due_on, pk__gt=pk))
    found = list(rows.select_related("patient").prefetch_related("answers")[: limit + 1])
    shown = tuple(found[:limit])
    return RecheckRows(shown, (shown[-1].due_on, shown[-1].pk) if len(found) > limit else None)


def signed_notes(patient: Patient) -> QuerySet[RecheckAnswer]:
    """The reviews and examinations of a patient that were answered in words, newest first."""
    notes = RecheckAnswer.objects.filter(recheck__patient=patient, result__isnull=True)
    return notes.select_related("answered_by").order_by("-answered_on", "-pk")


def _band(band: str, today: date) -> Q:
    """Overdue, due today, due within the next 30 days, or all of these."""
    horizon = today + timedelta(days=SOON_DAYS)
    if band == "overdue":
        return Q(due_on__lt=today)
    if band == "due":
        return Q(due_on=today)
    return Q(due_on__gt=today, due_on__lte=horizon) if band == "soon" else Q(due_on__lte=horizon)
