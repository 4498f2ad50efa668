"""Single doses, administrations and products, reached only through the user's clinics."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from b12clinic.accounts.models import Clinic, User
from b12clinic.accounts.queries import clinics_for
from b12clinic.patients.models import Patient, PatientMedicine
from b12clinic.patients.queries import OPEN
from b12clinic.prepared import PreparedObjects
from b12clinic.vocabulary import ANTICOAGULANTS, ANTIPLATELETS
from regimens.models import Administration, Assessment, Dose, Phase, Product, Regimen, Revision
from regimens.policies import policy_from
from regimens.protocols.policy import Policy

THIN_BLOOD = sorted(medicine.value for medicine in ANTICOAGULANTS | ANTIPLATELETS)


def doses_for(user: Any) -> QuerySet[Dose]:
    """Doses of the user's clinics, with all that recording one needs.

    `policy_kept` is the policy that the regimen runs under; `bleeds_by` whether the patient takes anything that thins blood.
    """
    return _with_policy(Dose.objects.filter(clinic__in=clinics_for(user))).select_related(
        "clinic",
        "patient",
        "phase__regimen__clinic",
        "phase__regimen__assessment",
        "given_as__recorded_by",
    )


def dose_at_hand(clinic: Clinic, dose_id: UUID) -> Dose | None:
    """A dose of a clinic with the same beside it as by `doses_for`, with its SQL written once; None where it has no such dose."""
    found = _AT_HAND.of(dose_id)
    return found[0] if found and found[0].clinic_id == clinic.pk else None


def _with_policy(doses: QuerySet[Dose]) -> QuerySet[Any]:
    signed = Revision.objects.filter(regimen=OuterRef("phase__regimen"), policy_snapshot__isnull=False)
    taken = PatientMedicine.objects.filter(OPEN, patient=OuterRef("patient"), code__in=THIN_BLOOD)
    return doses.annotate(
        policy_kept=Subquery(signed.order_by("-number").values("policy_snapshot")[:1]),
        bleeds_by=Exists(taken),
    )


_AT_HAND = PreparedObjects(
    Dose,
    lambda dose_id: _with_policy(Dose.objects.filter(public_id=dose_id)),
    key_type=UUID,
    annotated=("policy_kept", "bleeds_by"),
    clinic=Clinic,
    patient=Patient,
    phase=Phase,
    phase__regimen=Regimen,
    phase__regimen__clinic=Clinic,
    phase__regimen__assessment=Assessment,
    given_as=Administration,
    given_as__recorded_by=User,
)


def policy_with(dose: Dose) -> Policy:
    """The policy that the regimen of a dose read by `doses_for` runs under."""
    kept: Any = dose
    return policy_from(kept.policy_kept)


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
    return _PRODUCTS_IN_USE.of(clinic.pk)


_PRODUCTS_IN_USE = PreparedObjects(
    Product, lambda clinic: Product.objects.filter(clinic=clinic, in_use=True).order_by("name", "pk")
)


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
