"""The audit trail of one clinic, newest first, a page at a time by key."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from b12clinic.accounts.models import AuditEvent, Clinic
from b12clinic.accounts.queries import audit_for
from b12clinic.patients.models import Patient

PAGE = 50


@dataclass(frozen=True, slots=True)
class AuditAsked:
    """What is asked of the trail: by whom, which act, about which patient, between which days of the clinic.

    `before` is the moment and key of the event after which a page begins.
    """

    person: UUID | None = None
    action: str = ""
    patient: UUID | None = None
    since: date | None = None
    until: date | None = None
    before: tuple[datetime, int] | None = None


def audit_page(
    user: Any, clinic: Clinic, asked: AuditAsked, size: int = PAGE
) -> tuple[list[AuditEvent], AuditEvent | None]:
    """One page of the clinic's events, and the last of them where more follow."""
    events = audit_for(user, clinic).filter(_asked(clinic, asked)).order_by("-at", "-id")
    if asked.before is not None:
        at, key = asked.before
        events = events.filter(Q(at__lt=at) | Q(at=at, id__lt=key))
    found = list(events[: size + 1])
    return found[:size], found[size - 1] if len(found) > size else None


def patients_named(clinic: Clinic, keys: Collection[int]) -> dict[int, Patient]:
    """The clinic's patients among these keys."""
    patients: QuerySet[Patient] = Patient.objects.filter(clinic=clinic).only("public_id", "name")
    return patients.in_bulk(set(keys))


def patient_named(clinic: Clinic, public_id: UUID | None) -> Patient | None:
    """A patient of the clinic."""
    return Patient.objects.filter(clinic=clinic, public_id=public_id).first() if public_id else None


def _asked(clinic: Clinic, asked: AuditAsked) -> Q:
    """The filters as conditions; a patient or person unknown to the clinic matches nothing."""
    wanted = Q()
    if asked.person:
        wanted &= Q(actor__public_id=asked.person)
    if asked.action:
        wanted &= Q(action=asked.action)
    if asked.patient:
        patient = patient_named(clinic, asked.patient)
        wanted &= Q(patient_id=patient.pk if patient else -1)
    if asked.since:
        wanted &= Q(at__gte=_midnight(asked.since, clinic))
    if asked.until:
        wanted &= Q(at__lt=_midnight(asked.until + timedelta(days=1), clinic))
    return wanted


def _midnight(day: date, clinic: Clinic) -> datetime:
    return datetime.combine(day, time.min, tzinfo=ZoneInfo(clinic.time_zone))
