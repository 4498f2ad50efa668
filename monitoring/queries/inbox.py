"""The results inbox: patients by their most pressing result, each with all that waits of them.

Counts and rows are read under the same filters, so that they agree. What was corrected since, or entered in error, waits
no longer.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, F, Max, Min, OuterRef, Q, QuerySet, Subquery, Value, When, Window
from django.db.models.functions import Coalesce, RowNumber

from b12clinic.accounts.models import Clinic, User
from b12clinic.accounts.queries import clinics_for
from b12clinic.patients.models import Patient, PatientIdentifier, name_keys
from b12clinic.prepared import PreparedObjects
from monitoring.interpretation.clinic_ranges import ClinicRange
from monitoring.models import InboxItem, Result
from monitoring.models.inbox_item import InboxItemQuerySet
from monitoring.models.result import sampled_at
from monitoring.queries.clinic_ranges import clinic_ranges

PATIENTS_A_PAGE = 12
ROWS_A_PATIENT = 15
ROWS_OF_ONE_PATIENT = 150
"""Of a patient looked at alone; what is left stands there once these are acknowledged."""

RANK = Case(When(critical=True, then=Value(2)), When(abnormal=True, then=Value(1)), default=Value(0))


_BESIDE = (
    "result__patient",
    "result__recorded_by",
    "result__supersedes__inbox_item__acknowledged_by",
    "owner",
)


def unread_items(clinic: Clinic) -> InboxItemQuerySet:
    """What nobody has acknowledged of patients whom the clinic still cares for."""
    return InboxItem.objects.filter(
        clinic=clinic,
        acknowledged_at=None,
        result__patient__died_on=None,
        result__patient__moved_on=None,
    )


class Show(str, Enum):
    """Which of the waiting results are asked for."""

    EVERYTHING = "everything"
    CRITICAL = "critical"
    ABNORMAL = "abnormal"
    MINE = "mine"
    UNASSIGNED = "unassigned"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page ends: the last patient's most pressing rank, since when they wait, and who they are."""

    rank: int
    since: datetime
    patient_id: int


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of the inbox; `patient` narrows it to one, `after` is where the page begins."""

    show: Show = Show.EVERYTHING
    text: str = ""
    patient: UUID | None = None
    after: Place | None = None


@dataclass(frozen=True, slots=True)
class OfPatient:
    """A patient with the results that are shown, and how many there are under the same filters."""

    patient: Patient
    items: list[InboxItem]
    count: int


@dataclass(frozen=True, slots=True)
class InboxPage:
    """A page of the inbox; `after` leads on. By result: `previous`, the value of that analyte before it, `ranges`, the clinic's."""

    patients: list[OfPatient]
    after: Place | None
    counts: dict[Show, int]
    previous: dict[int, Result] = field(default_factory=dict)
    ranges: dict[int, ClinicRange] = field(default_factory=dict)

    @property
    def shown(self) -> int:
        """How many results the page shows."""
        return sum(len(one.items) for one in self.patients)


def inbox_for(user: Any) -> InboxItemQuerySet:
    """Every item, acknowledged ones included, of the clinics that the user belongs to."""
    return InboxItem.objects.filter(clinic__in=clinics_for(user))


def patient_at_hand(clinic: Clinic, patient_id: UUID) -> Patient | None:
    """A patient of a clinic, with the number of their results that wait as `to_acknowledge`; None where it has no such one.

    One query whose SQL is written once, since every page about a patient asks.
    """
    found = _AT_HAND.of(patient_id)
    return found[0] if found and found[0].clinic_id == clinic.pk else None


def _with_waiting(patients: QuerySet[Patient]) -> QuerySet[Patient]:
    items = InboxItem.objects.filter(result__patient=OuterRef("pk"), clinic=OuterRef("clinic")).waiting()
    counted = items.values("clinic").annotate(number=Count("pk")).values("number")
    return patients.annotate(to_acknowledge=Coalesce(Subquery(counted), 0))


_AT_HAND = PreparedObjects(
    Patient,
    lambda patient_id: _with_waiting(Patient.objects.filter(public_id=patient_id)),
    key_type=UUID,
    annotated=["to_acknowledge"],
    clinic=Clinic,
)


def inbox_counts(clinic: Clinic, user: User, asked: Asked) -> dict[Show, int]:
    """How many results each choice holds under the same search, in one query."""
    counts = {show.value: Count("pk", filter=_shown(show, user)) for show in Show}
    counted = _searched(clinic, asked).aggregate(**counts)
    return {show: counted[show.value] for show in Show}


def inbox_page(
    clinic: Clinic,
    user: User,
    asked: Asked,
    *,
    patients: int = PATIENTS_A_PAGE,
    rows: int = ROWS_A_PATIENT,
) -> InboxPage:
    """One page by keyset, so many patients and so many results of each; six queries however many results wait."""
    counts = inbox_counts(clinic, user, asked)
    matching = _searched(clinic, asked).filter(_shown(asked.show, user))
    places = _places(matching, asked.after, patients + 1) if counts[asked.show] else []
    shown = places[:patients]
    items = _items(
        matching, [place.patient_id for place, _ in shown], ROWS_OF_ONE_PATIENT if asked.patient else rows
    )
    return InboxPage(
        patients=_by_patient(items, shown),
        after=shown[-1][0] if len(places) > patients else None,
        counts=counts,
        previous=_previous(items),
        ranges=clinic_ranges(item.result for item in items),
    )


def _searched(clinic: Clinic, asked: Asked) -> InboxItemQuerySet:
    """What waits in a clinic, of the patient asked for, or of those whose name or number fits the text."""
    items = InboxItem.objects.filter(clinic=clinic).waiting()
    if asked.patient is not None:
        items = items.filter(result__patient__public_id=asked.patient)
    if not asked.text:
        return items
    key, digits = name_keys(asked.text)[0], "".join(asked.text.split()).replace("-", "")
    numbered = PatientIdentifier.objects.filter(clinic=clinic, value__in=[digits, asked.text])
    found = Q(result__patient__in=numbered.values("patient"))
    if key:
        named = Q(name_key__startswith=key) | Q(name_turned_key__startswith=key)
        found |= Q(result__patient__in=Patient.objects.filter(named, clinic=clinic).values("pk"))
    return items.filter(found)


def _shown(show: Show, user: User) -> Q:
    return {
        Show.EVERYTHING: Q(),
        Show.CRITICAL: Q(critical=True),
        Show.ABNORMAL: Q(abnormal=True),
        Show.MINE: Q(owner=user),
        Show.UNASSIGNED: Q(owner=None),
    }[show]


def _places(matching: QuerySet[InboxItem], after: Place | None, limit: int) -> list[tuple[Place, int]]:
    """The patients of a page, the most pressing first, each with the number of their results."""
    grouped = matching.values("result__patient").annotate(
        most=Max(RANK), since=Min("arrived_at"), count=Count("pk")
    )
    if after is not None:
        grouped = grouped.filter(
            Q(most__lt=after.rank)
            | Q(most=after.rank, since__gt=after.since)
            | Q(most=after.rank, since=after.since, result__patient__gt=after.patient_id)
        )
    found = grouped.order_by("-most", "since", "result__patient")[:limit]
    return [(Place(row["most"], row["since"], row["result__patient"]), row["count"]) for row in found]


def _items(matching: QuerySet[InboxItem], patient_ids: list[int], rows: int) -> list[InboxItem]:
    """The most pressing results of each patient, with what stands beside them."""
    if not patient_ids:
        return []
    order = [F("rank").desc(), F("result__taken_on").desc(), F("result_id").asc()]
    place = Window(RowNumber(), partition_by=[F("result__patient")], order_by=order)
    ranked = matching.filter(result__patient__in=patient_ids).annotate(rank=RANK).annotate(place=place)
    wanted = list(ranked.filter(place__lte=rows).values_list("pk", flat=True))
    items = InboxItem.objects.filter(pk__in=wanted).annotate(rank=RANK, before_id=_before())
    return list(
        items.select_related(*_BESIDE)
        .prefetch_related("result__patient__identifiers")
        .order_by("-rank", "-result__taken_on", "result_id")
    )


def _before() -> Subquery:
    """The result of the same analyte that stands before an item's, by day and moment of sampling."""
    moment = sampled_at("result__", OuterRef)
    same_day = Q(sampled__lt=moment) | Q(sampled=moment, pk__lt=OuterRef("result_id"))
    earlier = Q(taken_on__lt=OuterRef("result__taken_on")) | Q(
        same_day, taken_on=OuterRef("result__taken_on")
    )
    same = (
        Result.objects.live()
        .annotate(sampled=sampled_at())
        .filter(earlier, patient=OuterRef("result__patient"), analyte=OuterRef("result__analyte"))
    )
    return Subquery(same.newest_first().values("pk")[:1])


def _previous(items: Iterable[InboxItem]) -> dict[int, Result]:
    befores = {item.result_id: item.before_id for item in items if item.before_id}  # type: ignore[attr-defined]
    found = Result.objects.in_bulk(befores.values()) if befores else {}
    return {result_id: found[before_id] for result_id, before_id in befores.items()}


def _by_patient(items: list[InboxItem], places: list[tuple[Place, int]]) -> list[OfPatient]:
    rows: dict[int, list[InboxItem]] = {}
    for item in items:
        rows.setdefault(item.result.patient_id, []).append(item)
    return [
        OfPatient(rows[place.patient_id][0].result.patient, rows[place.patient_id], count)
        for place, count in places
        if place.patient_id in rows
    ]
