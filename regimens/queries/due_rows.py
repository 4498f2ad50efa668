"""What a row of the due list is made of: plain tuples, and what stands beside them by one look-up for the whole page.

The page is won in rendering and in the number of queries, so a row carries its last injection, attempt, call and
direction as one JSON object each instead of a query each.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import CharField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import JSONObject

from b12clinic.accounts.models import Clinic
from b12clinic.patients.models import PatientAllergy, PatientCondition, PatientIdentifier, PatientMedicine
from regimens.models import Administration, ContactAttempt, Direction, Dose, Outcome, SavedView

Told = dict[str, Any] | None
"""A few fields of another row, days written as 2026-01-14; None where there is no such row."""


class DueDose(NamedTuple):
    """A row before it is put into words. `given_on` and `state` speak of what happened since, on a list that looks back."""

    id: int
    public_id: UUID
    due_on: date
    earliest_on: date
    overdue_on: date
    number: int
    urgent: bool
    state: str
    patient_id: int
    patient_public_id: UUID
    patient_name: str
    born_on: date
    kind: str
    drug: str
    dose_mcg: int
    route: str
    doses_wanted: int | None
    neurological: bool
    pregnancy: str
    last: Told
    tried: Told
    called: Told
    direction: Told
    given_on: date | None = None


_COLUMNS = (
    "id",
    "public_id",
    "due_on",
    "earliest_on",
    "overdue_on",
    "number",
    "urgent",
    "state",
    "patient_id",
    "patient__public_id",
    "patient__name",
    "patient__born_on",
    "phase__kind",
    "phase__drug",
    "phase__dose_mcg",
    "phase__route",
    "phase__doses_wanted",
    "phase__regimen__neurological",
    "phase__regimen__assessment__pregnancy",
    "last",
    "tried",
    "called",
    "direction_told",
)

_STANDING = Administration.objects.filter(corrected_by__isnull=True, entered_in_error=False)
_LAST = (
    _STANDING.filter(patient=OuterRef("patient"), outcome=Outcome.GIVEN)
    .order_by("-given_on", "-id")
    .annotate(
        told=JSONObject(on="given_on", site="site", side="side", grade="reaction_grade", reaction="reaction")
    )
)
_TRIED = (
    _STANDING.filter(dose=OuterRef("pk"), outcome=Outcome.NOT_GIVEN)
    .order_by("-given_on", "-id")
    .annotate(told=JSONObject(on="given_on", why="not_given_reason", next="next_action_on"))
)
_CALLED = (
    ContactAttempt.objects.filter(dose=OuterRef("pk"))
    .order_by("-on", "-id")
    .annotate(told=JSONObject(on="on", outcome="outcome", next="next_action_on"))
)
_DIRECTION = (
    Direction.objects.filter(regimen=OuterRef("phase__regimen"))
    .order_by("-id")
    .annotate(told=JSONObject(begins="from_on", until="until_on", ended="ended_on"))
)


def _first(rows: QuerySet[Any]) -> Subquery:
    return Subquery(rows.values("told")[:1])


_TOLD = {
    "last": _first(_LAST),
    "tried": _first(_TRIED),
    "called": _first(_CALLED),
    "direction_told": _first(_DIRECTION),
}


def rows_of(doses: QuerySet[Dose], *, back_to: date | None = None) -> list[DueDose]:
    """The doses as rows, one query. `back_to` leaves out what was recorded for that day's injections and later."""
    told = _TOLD if back_to is None else _told_before(back_to)
    return [DueDose(*row) for row in doses.annotate(**told).values_list(*_COLUMNS)]


def _told_before(day: date) -> dict[str, Subquery]:
    return {
        "last": _first(_LAST.filter(given_on__lt=day)),
        "tried": _first(_TRIED.filter(given_on__lte=day)),
        "called": _first(_CALLED.filter(on__lte=day)),
        "direction_told": _first(_DIRECTION.filter(from_on__lte=day)),
    }


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside the rows, by patient: numbers, open allergies, conditions, medicines; and the user's saved views."""

    identifiers: dict[int, list[tuple[str, str]]] = field(default_factory=dict)
    allergies: dict[int, list[str]] = field(default_factory=dict)
    conditions: dict[int, list[str]] = field(default_factory=dict)
    medicines: dict[int, list[str]] = field(default_factory=dict)
    views: list[tuple[str, str]] = field(default_factory=list)


def beside(rows: Sequence[DueDose], *, clinic: Clinic, user: Any) -> Beside:
    """One query for all of it, however many rows there are."""
    found = Beside()
    parts = [_part(SavedView.objects.filter(user=user, clinic=clinic), "view", "pk", "name", "query")]
    patients = [row.patient_id for row in rows]
    if patients:
        whose = {"patient__in": patients}
        still = whose | {"ended_on": None}
        parts += [
            _part(PatientIdentifier.objects.filter(**whose), "identifier", "patient_id", "scheme", "value"),
            _part(PatientAllergy.objects.filter(**still), "allergy", "patient_id", "substance", "substance"),
            _part(PatientCondition.objects.filter(**still), "condition", "patient_id", "code", "code"),
            _part(PatientMedicine.objects.filter(**still), "medicine", "patient_id", "code", "dose"),
        ]
    for kind, owner, first, second in parts[0].union(*parts[1:], all=True) if parts[1:] else parts[0]:
        if kind == "view":
            found.views.append((first, second))
        elif kind == "identifier":
            found.identifiers.setdefault(owner, []).append((first, second))
        elif kind == "allergy":
            found.allergies.setdefault(owner, []).append(first)
        elif kind == "condition":
            found.conditions.setdefault(owner, []).append(first)
        else:
            found.medicines.setdefault(owner, []).append(first)
    found.views.sort()
    return found


def _part(rows: QuerySet[Any], kind: str, owner: str, first: str, second: str) -> QuerySet[Any]:
    tagged = rows.order_by().annotate(beside=Value(kind, output_field=CharField()))
    return tagged.values_list("beside", owner, first, second)
