"""What a row of the due list is made of: plain tuples, and what stands beside them by one look-up for the whole page.

The page is won in rendering and in the number and size of queries. Of many injections only the last is read, with the
row itself; what a patient or a dose has few of is read for all rows at once.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from operator import itemgetter
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import CharField, Exists, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Cast, JSONObject

from b12clinic.accounts.models import Clinic, ClosedDay
from b12clinic.patients.models import PatientAllergy, PatientCondition, PatientIdentifier, PatientMedicine
from regimens.models import Administration, ContactAttempt, Direction, Dose, Outcome, SavedView
from regimens.queries.decisions import back_by

Told = dict[str, Any] | None
"""A few fields of another row, days written as 2026-01-14; None where there is no such row."""


Noted = tuple[str, str, str | None]
"""A day, a code or a further day, and perhaps a last day, as texts."""


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
    phone: str
    allergies_asked_on: date | None
    kind: str
    drug: str
    dose_mcg: int
    route: str
    doses_wanted: int | None
    regimen_id: int
    neurological: bool
    pregnancy: str
    last: Told
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
    "patient__phone",
    "patient__allergies_asked_on",
    "phase__kind",
    "phase__drug",
    "phase__dose_mcg",
    "phase__route",
    "phase__doses_wanted",
    "phase__regimen_id",
    "phase__regimen__neurological",
    "phase__regimen__assessment__pregnancy",
    "last",
)

_STANDING = Administration.objects.filter(corrected_by__isnull=True, entered_in_error=False)


def on_record(moment: datetime) -> QuerySet[Administration]:
    """What stood on record at a moment: recorded before it, and neither corrected nor called an error before it."""
    successor = Administration.objects.filter(corrects=OuterRef("pk"), recorded_at__lt=moment)
    return Administration.objects.filter(~Exists(successor), recorded_at__lt=moment, entered_in_error=False)


def _last(records: QuerySet[Any]) -> QuerySet[Any]:
    """Of each row's patient the injections, newest first, as a few fields."""
    return (
        records.filter(patient=OuterRef("patient"), outcome=Outcome.GIVEN)
        .order_by("-given_on", "-id")
        .annotate(
            told=JSONObject(
                on="given_on", site="site", side="side", grade="reaction_grade", reaction="reaction"
            )
        )
    )


_LAST = _last(_STANDING)


def rows_of(doses: QuerySet[Dose], *, back_to: datetime | None = None) -> list[DueDose]:
    """The doses as rows, one query. `back_to` leaves out the injections that were not on record then."""
    last = _LAST if back_to is None else _last(on_record(back_to))
    told = doses.annotate(last=Subquery(last.values("told")[:1]))
    return [DueDose(*row) for row in told.values_list(*_COLUMNS)]


class Back(NamedTuple):
    """Whose pause ends by a day ahead: the day, the name, the public id."""

    on: date
    name: str
    public_id: str


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside the rows, the user's saved views, the clinic's closed days with why, and whose pause ends by then.

    By patient: numbers, and as codes open allergies, conditions, medicines. By dose: the last attempt that led to no injection
    and the last call. By regimen: the last direction.
    """

    identifiers: dict[int, list[tuple[str, str]]] = field(default_factory=dict)
    allergies: dict[int, list[str]] = field(default_factory=dict)
    conditions: dict[int, list[str]] = field(default_factory=dict)
    medicines: dict[int, list[str]] = field(default_factory=dict)
    tried: dict[int, Noted] = field(default_factory=dict)
    called: dict[int, Noted] = field(default_factory=dict)
    directions: dict[int, Noted] = field(default_factory=dict)
    views: list[tuple[str, str]] = field(default_factory=list)
    closed: dict[date, str] = field(default_factory=dict)
    back: list[Back] = field(default_factory=list)


def beside(
    rows: Sequence[DueDose],
    *,
    clinic: Clinic,
    user: Any,
    closed_from: date,
    back_to: date | None = None,
    ahead: tuple[date, date] | None = None,
) -> Beside:
    """One query for all of it, however many rows there are. `back_to` leaves out what was noted after that day.

    `closed_from` is the first day of which it matters whether the clinic is closed; `ahead` today and the later day that
    the list is asked for.
    """
    closed = ClosedDay.objects.filter(clinic=clinic, on__gte=closed_from)
    parts = [
        _part("view", SavedView.objects.filter(user=user, clinic=clinic), "pk", "name", "query", "name"),
        _part("closed", closed, "pk", _text("on"), "why", "why"),
    ]
    if ahead is not None:
        paused = back_by(clinic, *ahead)
        whose = ("regimen__patient__name", _text("regimen__patient__public_id"))
        parts.append(_part("back", paused, "pk", _text("until_on"), *whose))
    if rows:
        noted_by = datetime.combine(back_to, time.max, tzinfo=ZoneInfo(clinic.time_zone)) if back_to else None
        parts += [*_of_patients(rows), *_of_doses(rows, noted_by)]
    found = Beside()
    read = parts[0].union(*parts[1:], all=True)
    for kind, owner, _, first, second, third in sorted(read, key=itemgetter(0, 2)):
        _put(found, kind, owner, first, second, third)
    found.views.sort()
    found.back.sort()
    return found


def _put(found: Beside, kind: str, owner: int, first: str, second: str, third: str | None) -> None:
    """Rows come oldest first, so that of a dose's or a regimen's the last one stays."""
    if kind == "view":
        found.views.append((first, second))
    elif kind == "closed":
        found.closed[date.fromisoformat(first)] = second
    elif kind == "back":
        found.back.append(Back(date.fromisoformat(first), second, f"{third}"))
    elif kind == "identifiers":
        found.identifiers.setdefault(owner, []).append((first, second))
    elif kind in ("allergies", "conditions", "medicines"):
        getattr(found, kind).setdefault(owner, []).append(first)
    else:
        told = getattr(found, kind)
        if kind == "directions" or owner not in told or told[owner][0] <= first:
            told[owner] = (first, second, third)


def _of_patients(rows: Sequence[DueDose]) -> Iterator[QuerySet[Any]]:
    whose = {"patient__in": [row.patient_id for row in rows]}
    still = whose | {"ended_on": None}
    numbers = PatientIdentifier.objects.filter(**whose)
    yield _part("identifiers", numbers, "patient_id", "scheme", "value", "value")
    allergies = PatientAllergy.objects.filter(**still)
    yield _part("allergies", allergies, "patient_id", "substance", "substance", "substance")
    for kind, model in (("conditions", PatientCondition), ("medicines", PatientMedicine)):
        yield _part(kind, model._default_manager.filter(**still), "patient_id", "code", "code", "code")


def _of_doses(rows: Sequence[DueDose], noted_by: datetime | None) -> Iterator[QuerySet[Any]]:
    doses = [row.id for row in rows]
    tries, calls, orders = _STANDING, ContactAttempt.objects.all(), Direction.objects.all()
    if noted_by is not None:
        day = noted_by.date()
        tries = on_record(noted_by).filter(given_on__lte=day)
        calls, orders = calls.filter(on__lte=day, at__lte=noted_by), orders.filter(at__lte=noted_by)
    tried = tries.filter(dose__in=doses, outcome=Outcome.NOT_GIVEN)
    yield _part("tried", tried, "dose_id", _text("given_on"), "not_given_reason", _text("next_action_on"))
    called = calls.filter(dose__in=doses)
    yield _part("called", called, "dose_id", _text("on"), "outcome", _text("next_action_on"))
    directions = orders.filter(regimen__in=[row.regimen_id for row in rows])
    yield _part(
        "directions", directions, "regimen_id", _text("from_on"), _text("until_on"), _text("ended_on")
    )


def _text(name: str) -> Cast:
    """A day as 2026-01-14, on either database."""
    return Cast(name, CharField())


def _part(kind: str, rows: QuerySet[Any], owner: str, *told: str | Cast) -> QuerySet[Any]:
    tagged = rows.order_by().annotate(beside=Value(kind, output_field=CharField()))
    return tagged.values_list("beside", owner, "pk", *told)
