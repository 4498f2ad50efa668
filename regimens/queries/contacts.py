"""Attempts to reach patients about doses that are owed."""

from collections.abc import Iterable

from django.db.models import OuterRef, Subquery

from regimens.models import ContactAttempt

_LAST_OF_DOSE = ContactAttempt.objects.filter(dose=OuterRef("dose")).order_by("-on", "-id").values("pk")[:1]


def last_contacts(dose_ids: Iterable[int]) -> dict[int, ContactAttempt]:
    """The last attempt about each dose, by dose: the latest day, and of one day what was recorded last. One query."""
    last = ContactAttempt.objects.filter(dose__in=list(dose_ids), pk=Subquery(_LAST_OF_DOSE))
    return {attempt.dose_id: attempt for attempt in last.select_related("by")}


def contacts_about(dose_id: int) -> list[ContactAttempt]:
    """Every attempt about a dose, the last first."""
    return list(ContactAttempt.objects.filter(dose=dose_id).order_by("-on", "-id").select_related("by"))


def contacts_of(patient_id: int, number: int = 10) -> list[ContactAttempt]:
    """The last attempts to reach a patient, about whichever dose, the last first. One query."""
    told = ContactAttempt.objects.filter(patient=patient_id).order_by("-on", "-id")
    return list(told.select_related("by")[:number])
