"""Attempts to reach patients about doses that are owed."""

from collections.abc import Iterable

from django.db.models import OuterRef, Subquery

from regimens.models import ContactAttempt

_LAST_OF_DOSE = ContactAttempt.objects.filter(dose=OuterRef("dose")).order_by("-on", "-id").values("pk")[:1]


def last_contacts(dose_ids: Iterable[int]) -> dict[int, ContactAttempt]:
    """The last attempt about each dose, by dose: the latest day, and of one day what was recorded last. One query."""
    last = ContactAttempt.objects.filter(dose__in=list(dose_ids), pk=Subquery(_LAST_OF_DOSE))
    return {attempt.dose_id: attempt for attempt in last.select_related("by")}
