"""Assessments and regimens, reached only through the user's clinics."""

from typing import Any

from django.db.models import Q, QuerySet

from b12clinic.accounts.models import Clinic
from b12clinic.accounts.queries import clinics_for
from b12clinic.patients.models import Patient
from regimens.models import Assessment, Phase, Regimen, RegimenState


def assessments_for(user: Any) -> QuerySet[Assessment]:
    """Assessments made in the user's clinics."""
    return Assessment.objects.filter(clinic__in=clinics_for(user)).select_related(
        "patient__clinic", "clinic", "by"
    )


def unsigned_assessments(clinic: Clinic) -> QuerySet[Assessment]:
    """Assessments from which nothing was signed and that nobody set aside, oldest first."""
    return (
        # The signed ones are left out at once: asked one by one, years of them are looked up for the few that are not.
        Assessment.objects.filter(
            ~Q(pk__in=Regimen.objects.filter(clinic=clinic).values("assessment")),
            clinic=clinic,
            regimen__isnull=True,
            set_aside__isnull=True,
            patient__died_on=None,
            patient__moved_on=None,
        )
        .select_related("patient", "by")
        .order_by("at")
    )


def open_reviews(clinic: Clinic) -> QuerySet[Phase]:
    """The phases under way of running regimens, each with the day of its review, where it has one."""
    return Phase.objects.filter(
        regimen__clinic=clinic,
        regimen__state=RegimenState.ACTIVE,
        regimen__patient__died_on=None,
        regimen__patient__moved_on=None,
        finished_on=None,
    )


def regimens_for(user: Any) -> QuerySet[Regimen]:
    """Regimens of the user's clinics."""
    return Regimen.objects.filter(clinic__in=clinics_for(user)).select_related(
        "patient__clinic", "clinic", "assessment"
    )


def running_regimen(patient: Patient) -> Regimen | None:
    """The one regimen that a patient is on, active or paused."""
    return (
        Regimen.objects.filter(patient=patient, state__in=[RegimenState.ACTIVE, RegimenState.PAUSED])
        .select_related("clinic", "assessment", "patient")
        .first()
    )
