"""Single doses, administrations and products, reached only through the user's clinics."""

from datetime import date
from typing import Any

from django.db.models import QuerySet

from b12clinic.accounts.models import Clinic
from b12clinic.accounts.queries import clinics_for
from regimens.models import Administration, Dose, Product


def doses_for(user: Any) -> QuerySet[Dose]:
    """Doses of the user's clinics, with all that recording one needs."""
    return Dose.objects.filter(clinic__in=clinics_for(user)).select_related(
        "clinic", "patient", "phase__regimen__clinic", "phase__regimen__assessment", "given_as__recorded_by"
    )


def administrations_for(user: Any) -> QuerySet[Administration]:
    """Injections and attempts recorded in the user's clinics."""
    return Administration.objects.filter(clinic__in=clinics_for(user)).select_related(
        "clinic", "patient", "dose__phase", "recorded_by", "given_by"
    )


def correctable_for(user: Any) -> QuerySet[Administration]:
    """Injections given that were not marked as an error, with all that putting one right needs."""
    return (
        administrations_for(user)
        .filter(outcome="given", entered_in_error=False)
        .select_related("patient__clinic", "checked_by", "dose__phase__regimen__clinic")
    )


def products_in_use(clinic: Clinic) -> list[Product]:
    """The clinic's formulary, by name."""
    return list(Product.objects.filter(clinic=clinic, in_use=True))


def last_box(clinic: Clinic, user: Any, drug: str, today: date) -> Administration | None:
    """The injection this person last gave here today of this drug, for the product, lot and expiry on its box."""
    return (
        Administration.objects.filter(
            clinic=clinic, given_by=user, given_on=today, drug=drug, outcome="given", entered_in_error=False
        )
        .exclude(corrected_by__isnull=False)
        .exclude(lot="")
        .order_by("-id")
        .first()
    )


def attempts_of(dose: Dose) -> list[Administration]:
    """The tries at a dose that led to no injection and stand, newest first."""
    return list(
        Administration.objects.filter(
            dose=dose, outcome="not_given", corrected_by__isnull=True, entered_in_error=False
        ).order_by("-given_on", "-id")
    )


def last_injections(patient_id: int, number: int = 3) -> list[Administration]:
    """A patient's most recent injections that stand, newest first."""
    return list(
        Administration.objects.filter(
            patient_id=patient_id, outcome="given", corrected_by__isnull=True, entered_in_error=False
        ).order_by("-given_on", "-id")[:number]
    )
