"""No running plan is without an open review: where one was answered or dropped, the next is laid down."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction

from b12clinic.accounts.models import Clinic
from b12clinic.accounts.services import audit
from b12clinic.vocabulary import IntervalUnit, RecheckTest
from monitoring.models import Recheck, RecheckState
from monitoring.services.plan_rechecks import plan_rechecks
from regimens.models import PlannedRecheck, Regimen, RegimenState, Revision
from regimens.policies import policy_of
from regimens.protocols.intervals import Interval
from regimens.protocols.need_reviews import TABLETS, why_asked

RUNNING = (RegimenState.ACTIVE, RegimenState.PAUSED)
LIFELONG = "Yearly review of a lifelong replacement (NICE NG239; the day is local policy)."


def renew_reviews(*, clinic: Clinic, at: datetime) -> int:
    """Plan the next yearly review of every running regimen that waits for none; how many were new.

    Each regimen stands by itself, so that a sweep cut short loses nothing and two at once plan one review.
    """
    today = clinic.local_date(at)
    return sum(_renew(regimen_id, today, at) for regimen_id in _without_review(clinic))


def _without_review(clinic: Clinic) -> list[int]:
    """Running regimens, of patients who are followed, with no review among the rechecks that they still want."""
    running = Regimen.objects.filter(
        clinic=clinic, state__in=RUNNING, patient__died_on=None, patient__moved_on=None
    ).values_list("pk", flat=True)
    wanted = PlannedRecheck.objects.filter(
        revision__regimen__clinic=clinic,
        revision__regimen__state__in=RUNNING,
        recheck__state=RecheckState.WANTED,
    ).values_list("revision__regimen_id", "recheck__tests")
    reviewed = {regimen_id for regimen_id, tests in wanted if _asks(tests)}
    return [regimen_id for regimen_id in running.order_by("pk") if regimen_id not in reviewed]


def _asks(tests: Iterable[str]) -> bool:
    return RecheckTest.SYMPTOM_REVIEW.value in tests


@transaction.atomic
def _renew(regimen_id: int, today: date, at: datetime) -> int:
    regimen = (
        Regimen.objects.select_for_update(of=("self",)).select_related("clinic", "patient").get(pk=regimen_id)
    )
    planned = list(Recheck.objects.filter(planned_by__revision__regimen=regimen))
    reviews = [recheck for recheck in planned if _asks(recheck.tests)]
    if regimen.state not in RUNNING or any(one.state == RecheckState.WANTED for one in reviews):
        return 0
    last = max((one.ended_on for one in reviews if one.ended_on), default=regimen.starts_on)
    year = Interval(policy_of(regimen).need_review_months, IntervalUnit.MONTH)
    [recheck] = plan_rechecks(
        patient=regimen.patient,
        clinic=regimen.clinic,
        wanted=[
            (
                max(year.after(last), today),
                [RecheckTest.SYMPTOM_REVIEW.value],
                LIFELONG if regimen.lifelong else _why(reviews),
            )
        ],
        at=at,
        begins_on=regimen.starts_on,
    )
    revision = Revision.objects.filter(regimen=regimen).latest("number")
    PlannedRecheck.objects.create(revision=revision, recheck=recheck)
    audit.note(
        at=at,
        clinic=regimen.clinic,
        by=None,
        action="recheck.planned",
        subject=f"recheck:{recheck.public_id}",
        patient_id=regimen.patient_id,
        after={"due_on": recheck.due_on.isoformat(), "why": recheck.why},
    )
    return 1


def _why(reviews: Iterable[Recheck]) -> str:
    """The questions that were asked before: whether tablets may take over is settled when the plan is signed."""
    return why_asked(any(TABLETS in review.why for review in reviews))
