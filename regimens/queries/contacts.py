"""Attempts to reach patients about doses that are owed."""

from collections.abc import Iterable

from django.db.models import OuterRef, Subquery

from b12clinic.accounts.models import User
from b12clinic.prepared import PreparedObjects
from regimens.models import ContactAttempt

LAST_OF_DOSE = ContactAttempt.objects.filter(dose=OuterRef("dose")).order_by("-on", "-id").values("pk")[:1]


def last_contacts(dose_ids: Iterable[int]) -> dict[int, ContactAttempt]:
    """The last attempt about each dose, by dose: the latest day, and of one day what was recorded last. One query."""
    last = ContactAttempt.objects.filter(dose__in=list(dose_ids), pk=Subquery(LAST_OF_DOSE))
    return {attempt.dose_id: attempt for attempt in last.select_related("by")}


def contacts_about(dose_id: int) -> list[ContactAttempt]:
    """Every attempt about a dose, the last first."""
    return list(ContactAttempt.objects.filter(dose=dose_id).order_by("-on", "-id").select_related("by"))


def contacts_of(patient_id: int) -> list[ContactAttempt]:
    """The last ten attempts to reach a patient, about whichever dose, the last first. One query."""
    return _LAST_OF_PATIENT.of(patient_id)


_LAST_OF_PATIENT = PreparedObjects(
    ContactAttempt,
    lambda patient: ContactAttempt.objects.filter(patient=patient).order_by("-on", "-id")[:10],
    by=User,
)
