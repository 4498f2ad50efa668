"""What the worker does for regimens: one more door to the services, with the clock read here."""

from datetime import date, datetime

from celery import shared_task
from django.utils import timezone

from b12clinic.accounts.models import Clinic
from b12clinic.jobs.registry import handles
from b12clinic.messages.still_owed import still_owed
from b12clinic.patients.subjects import FACTS_CHANGED
from regimens.models import Administration, Dose, Regimen, RegimenState
from regimens.services.late_alerts import ask_for_decisions
from regimens.services.owe_missed_injections import owe_missed_injections
from regimens.services.recheck_safety import recheck_safety
from regimens.services.renew_reviews import renew_reviews
from regimens.services.resume_regimen import resume_due
from regimens.subjects import MISSED_INJECTION, RECHECK_SAFETY, URGENT_REACTION


@shared_task(name="regimens.tasks.sweep_missed_injections")
def sweep_missed_injections() -> int:
    """Owe one reminder for each injection that is overdue on its clinic's own day; how many were owed anew."""
    at = timezone.now()
    return sum(
        owe_missed_injections(clinic=clinic, today=clinic.local_date(at))
        for clinic in Clinic.objects.order_by("pk")
    )


@shared_task(name="regimens.tasks.sweep_reviews")
def sweep_reviews() -> int:
    """Plan the next yearly review wherever a running plan waits for none; how many are new."""
    at = timezone.now()
    return sum(renew_reviews(clinic=clinic, at=at) for clinic in Clinic.objects.order_by("pk"))


@shared_task(name="regimens.tasks.sweep_paused_regimens")
def sweep_paused_regimens() -> int:
    """Resume each regimen on the clinic's own day until which it was paused; how many went on."""
    at = timezone.now()
    return sum(
        resume_due(clinic=clinic, at=at, today=clinic.local_date(at))
        for clinic in Clinic.objects.order_by("pk")
    )


@shared_task(name="regimens.tasks.sweep_late_doses")
def sweep_late_doses() -> int:
    """Ask a clinician about each owed dose that is too late to be given without one; how many were asked anew."""
    at = timezone.now()
    return sum(
        ask_for_decisions(clinic=clinic, at=at, today=clinic.local_date(at))
        for clinic in Clinic.objects.order_by("pk")
    )


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
def injection_still_missed(subject_id: int, today: date) -> bool:
    """Whether a dose is still waited for and still overdue."""
    return Dose.objects.filter(
        pk=subject_id, is_next=True, overdue_on__lte=today, phase__regimen__state=RegimenState.ACTIVE
    ).exists()


@still_owed(URGENT_REACTION)
def reaction_still_stands(subject_id: int, today: date) -> bool:
    """Whether what was recorded of a severe reaction has not been taken back as an error."""
    return not Administration.objects.filter(corrects=subject_id, entered_in_error=True).exists()
