"""What the worker does for regimens: one more door to the services, with the clock read here."""

from datetime import date, datetime

from celery import shared_task
from django.db.models import Q
from django.utils import timezone

from b12clinic.accounts.models import Clinic
from b12clinic.jobs.registry import handles
from b12clinic.messages.digest import counts
from b12clinic.messages.heartbeat import LATE_DOSES, PAUSES, REVIEWS
from b12clinic.messages.services.do_in_each_clinic import do_in_each_clinic
from b12clinic.messages.services.sweep import sweep_all
from b12clinic.messages.still_owed import still_owed
from b12clinic.patients.subjects import FACTS_CHANGED
from regimens.models import Administration, Assessment, Dose, Phase, Regimen, RegimenState
from regimens.queries.decisions import late_doses, waiting_reviews
from regimens.queries.due_list import Asked, Band, due_counts
from regimens.queries.last_word import postponed
from regimens.queries.plans import unsigned_assessments
from regimens.services.find_owed import find_owed
from regimens.services.find_settled import find_settled
from regimens.services.late_alerts import ask_for_decisions
from regimens.services.plan_pause import begin_planned
from regimens.services.recheck_safety import recheck_safety
from regimens.services.renew_reviews import renew_reviews
from regimens.services.resume_regimen import resume_due
from regimens.subjects import (
    INJECTION_DUE,
    MISSED_INJECTION,
    RECHECK_SAFETY,
    REVIEW_DUE,
    UNSIGNED_REGIMEN,
    URGENT_REACTION,
)


@shared_task(name="regimens.tasks.sweep_plans")
def sweep_plans() -> int:
    """Owe what each clinic's plans have come to on its own day: injections, reviews, signatures; how many are new."""
    return sweep_all(
        clinics=Clinic.objects.order_by("pk"),
        work="plans",
        find=find_owed,
        settled=find_settled,
        at=timezone.now(),
    )


@shared_task(name="regimens.tasks.sweep_reviews")
def sweep_reviews() -> int:
    """Plan the next yearly review wherever a running plan waits for none; how many are new."""
    at = timezone.now()
    return do_in_each_clinic(work=REVIEWS, do=lambda clinic: renew_reviews(clinic=clinic, at=at), at=at)


@shared_task(name="regimens.tasks.sweep_paused_regimens")
def sweep_paused_regimens() -> int:
    """Begin each pause that was planned, and end each that is over, on the clinic's own day; how many of both."""
    at = timezone.now()

    def begin_and_end(clinic: Clinic) -> int:
        today = clinic.local_date(at)
        begun = begin_planned(clinic=clinic, at=at, today=today)
        return begun + resume_due(clinic=clinic, at=at, today=today)

    return do_in_each_clinic(work=PAUSES, do=begin_and_end, at=at)


@shared_task(name="regimens.tasks.sweep_late_doses")
def sweep_late_doses() -> int:
    """Ask a clinician about each owed dose that is too late to be given without one; how many were asked anew."""
    at = timezone.now()

    def ask(clinic: Clinic) -> int:
        return ask_for_decisions(clinic=clinic, at=at, today=clinic.local_date(at))

    return do_in_each_clinic(work=LATE_DOSES, do=ask, at=at)


@handles(RECHECK_SAFETY)
def recheck(subject_id: int, at: datetime) -> None:
    """The rules of one regimen again."""
    recheck_safety(regimen_id=subject_id, at=at)


@handles("monitoring.results_recorded")
@handles(FACTS_CHANGED)
def results_recorded(subject_id: int, at: datetime) -> None:
    """New results of a patient, or other facts about them: the rules of the running regimen again."""
    running = Regimen.objects.filter(
        patient_id=subject_id, state__in=[RegimenState.ACTIVE, RegimenState.PAUSED]
    ).values_list("pk", flat=True)
    for regimen_id in running:
        recheck_safety(regimen_id=regimen_id, at=at)


@still_owed(MISSED_INJECTION)
def injection_still_missed(subject_id: int, about_on: date, today: date) -> bool:
    """Whether a dose is still waited for, for the same day, still overdue, and was not postponed."""
    return Dose.objects.filter(
        ~Q(pk__in=postponed(today, dose=subject_id)),
        pk=subject_id,
        is_next=True,
        due_on=about_on,
        overdue_on__lte=today,
        phase__regimen__state=RegimenState.ACTIVE,
    ).exists()


@still_owed(INJECTION_DUE)
def injection_still_due(subject_id: int, about_on: date, today: date) -> bool:
    """Whether a dose is still waited for on the same day, that day has not passed, and it was not postponed."""
    return (
        about_on >= today
        and Dose.objects.filter(
            ~Q(pk__in=postponed(today, dose=subject_id)),
            pk=subject_id,
            is_next=True,
            due_on=about_on,
            phase__regimen__state=RegimenState.ACTIVE,
        ).exists()
    )


@still_owed(REVIEW_DUE)
def review_still_due(subject_id: int, about_on: date, today: date) -> bool:
    """Whether a loading still waits for its review of that day."""
    return Phase.objects.filter(
        pk=subject_id, finished_on=None, review_on=about_on, regimen__state=RegimenState.ACTIVE
    ).exists()


@still_owed(UNSIGNED_REGIMEN)
def assessment_still_unsigned(subject_id: int, about_on: date, today: date) -> bool:
    """Whether nothing was signed from an assessment and nobody set it aside."""
    return Assessment.objects.filter(pk=subject_id, regimen__isnull=True, set_aside__isnull=True).exists()


@still_owed(URGENT_REACTION)
def reaction_still_stands(subject_id: int, about_on: date, today: date) -> bool:
    """Whether what was recorded of a severe reaction has not been taken back as an error."""
    return not Administration.objects.filter(corrects=subject_id, entered_in_error=True).exists()


@counts("overdue_injections", "long_overdue")
def injections_overdue(clinic: Clinic, today: date) -> dict[str, int]:
    """For the morning summary: injections past their window, and those of them long past it."""
    bands, _ = due_counts(clinic, Asked(as_of=today))
    long = bands[Band.LONG_OVERDUE]
    return {"overdue_injections": bands[Band.OVERDUE] + long, "long_overdue": long}


@counts("late_doses")
def late_doses_to_decide(clinic: Clinic, today: date) -> dict[str, int]:
    """For the morning summary: doses too late to be given without a clinician."""
    return {"late_doses": late_doses(clinic).count()}


@counts("reviews")
def reviews_to_decide(clinic: Clinic, today: date) -> dict[str, int]:
    """For the morning summary: neurological reviews due."""
    return {"reviews": waiting_reviews(clinic, today).count()}


@counts("unsigned")
def plans_unsigned(clinic: Clinic, today: date) -> dict[str, int]:
    """For the morning summary: assessments without a signed plan."""
    return {"unsigned": unsigned_assessments(clinic).count()}
