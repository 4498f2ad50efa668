"""What waits for a prescriber's decision in a clinic: late doses, neurological reviews, pauses about to end, people gone."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import F, Q, QuerySet

from b12clinic.accounts.models import Clinic
from monitoring.models import Alert
from regimens.incidents import LATE_DOSE
from regimens.models import Pause, Phase, Regimen, RegimenState

SHOWN = 50
WEEK = timedelta(days=7)
RUNNING = (RegimenState.ACTIVE, RegimenState.PAUSED)


@dataclass(frozen=True, slots=True)
class Decisions:
    """Each list oldest first and cut at a page."""

    late: list[Alert]
    reviews: list[Phase]
    pauses: list[Pause]
    gone: list[Regimen]


def decisions_for(clinic: Clinic, today: date) -> Decisions:
    """What waits on the clinic's own day."""
    return Decisions(
        late=list(late_doses(clinic).select_related("patient").order_by("raised_at")[:SHOWN]),
        reviews=reviews_due(clinic, today),
        pauses=list(pauses_ending(clinic, today)),
        gone=list(gone_with_a_plan(clinic)),
    )


def late_doses(clinic: Clinic) -> QuerySet[Alert]:
    """Alerts that a dose is too late to be given without a clinician."""
    return Alert.objects.filter(
        clinic=clinic, rule=LATE_DOSE, ended_at=None, patient__died_on=None, patient__moved_on=None
    )


def reviews_due(clinic: Clinic, today: date) -> list[Phase]:
    """The reviews of `waiting_reviews`, oldest first and cut at a page."""
    due = waiting_reviews(clinic, today)
    return list(due.select_related("regimen__patient").order_by("review_on", "pk")[:SHOWN])


def waiting_reviews(clinic: Clinic, today: date) -> QuerySet[Phase]:
    """Open loadings whose neurological review is due or past its day."""
    return Phase.objects.filter(
        review_on__lte=today,
        finished_on__isnull=True,
        regimen__clinic=clinic,
        regimen__state__in=RUNNING,
        regimen__patient__died_on=None,
        regimen__patient__moved_on=None,
    )


def pauses_ending(clinic: Clinic, today: date) -> list[Pause]:
    """Pauses that wait for a decision, then those that end within seven days."""
    asked = Q(until_on__isnull=True) | Q(until_on__lte=today + WEEK)
    ending = Pause.objects.filter(
        asked, ended_on__isnull=True, regimen__clinic=clinic, regimen__state="paused"
    )
    by_day = F("until_on").asc(nulls_first=True)
    return list(ending.select_related("regimen__patient").order_by(by_day, "pk")[:SHOWN])


def back_by(clinic: Clinic, today: date, as_of: date) -> QuerySet[Pause]:
    """Pauses that end between tomorrow and a day ahead: a list printed for that day lacks their patients."""
    return Pause.objects.filter(
        until_on__gt=today,
        until_on__lte=as_of,
        ended_on__isnull=True,
        regimen__clinic=clinic,
        regimen__state="paused",
        regimen__patient__died_on=None,
        regimen__patient__moved_on=None,
    )


def gone_with_a_plan(clinic: Clinic) -> list[Regimen]:
    """Regimens still running of people who died or moved away: somebody decides whether they are stopped."""
    gone = Q(patient__died_on__isnull=False) | Q(patient__moved_on__isnull=False)
    running = Regimen.objects.filter(gone, clinic=clinic, state__in=RUNNING)
    return list(running.select_related("patient").order_by("pk")[:SHOWN])
