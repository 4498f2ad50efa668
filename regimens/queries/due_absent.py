"""Who is found by the words searched for on the due list and yet has no row on it, with what explains that."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from b12clinic.accounts.models import Clinic
from b12clinic.patients.models import Patient
from b12clinic.patients.queries import described, numbered
from b12clinic.vocabulary import PhaseKind
from regimens.models import Dose, Pause, Phase, Regimen, RegimenState

MOST = 10


@dataclass(frozen=True, slots=True)
class Absent:
    """A patient without a row. `state` and `ended_on` are of the newest regimen, empty without one.

    `waits_on` is the due day of a dose that is waited for, outside the filters asked for; `by_mouth` says that the phase
    that goes on is one of tablets.
    """

    public_id: UUID
    name: str
    died_on: date | None
    moved_on: date | None
    state: str | None
    ended_on: date | None
    paused_until: date | None
    waits_on: date | None
    by_mouth: bool


_NEWEST = Regimen.objects.filter(patient=OuterRef("pk")).order_by("-pk")
_PAUSES = Pause.objects.filter(regimen__patient=OuterRef("pk"), ended_on=None).order_by("-pk")
_WAITED = Dose.objects.filter(patient=OuterRef("pk"), is_next=True)
_ORAL = Phase.objects.filter(
    regimen__patient=OuterRef("pk"),
    regimen__state=RegimenState.ACTIVE,
    kind=PhaseKind.ORAL.value,
    finished_on=None,
)


def absent_from(clinic: Clinic, text: str, shown: Iterable[int], today: date) -> list[Absent]:
    """The patients of a clinic whom the text finds, less those shown, by name; at most ten. One query."""
    named = described(clinic, text, today)
    numbers = numbered(clinic, text)
    found = Q(pk__in=named.values("pk"))
    if not numbers.query.is_empty():
        found |= Q(pk__in=numbers.values("patient"))
    patients = Patient.objects.filter(found, clinic=clinic).exclude(pk__in=list(shown))
    told = _explained(patients).order_by("name_key", "pk")
    return [Absent(*row) for row in told.values_list(*_COLUMNS)[:MOST]]


_COLUMNS = (
    "public_id",
    "name",
    "died_on",
    "moved_on",
    "state",
    "ended_on",
    "paused_until",
    "waits_on",
    "by_mouth",
)


def _explained(patients: QuerySet[Patient]) -> QuerySet[Any]:
    return patients.annotate(
        state=Subquery(_NEWEST.values("state")[:1]),
        ended_on=Subquery(_NEWEST.values("ended_on")[:1]),
        paused_until=Subquery(_PAUSES.values("until_on")[:1]),
        waits_on=Subquery(_WAITED.values("due_on")[:1]),
        by_mouth=Exists(_ORAL),
    )
