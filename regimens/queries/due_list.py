"""The injection due list: one row a patient, the dose waited for, in the order in which they fell due.

The reading is plain tuples from one indexed query and two look-ups by patient, whatever the number of rows: the page
is won in rendering and in the number of queries.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.db.models.lookups import IsNull

from b12clinic.accounts.models import Clinic
from b12clinic.patients.models import PatientAllergy, PatientIdentifier, name_keys
from regimens.models import Administration, Dose, Outcome, Regimen, RegimenState

PAGE = 50
WEEK = timedelta(days=7)


class Band(str, Enum):
    """Where a dose stands on the as-of day. Overdue is outside its on-time window; today is due and still inside it."""

    OVERDUE = "overdue"
    TODAY = "today"
    WEEK = "week"


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of the due list: the clinic's day, a band or all, words to search by, and where the page begins."""

    as_of: date
    band: Band | None = None
    text: str = ""
    after: tuple[date, int] | None = None


@dataclass(frozen=True, slots=True)
class DueDose:
    """A row before it is put into words."""

    id: int
    public_id: Any
    due_on: date
    earliest_on: date
    overdue_on: date
    number: int
    patient_id: int
    patient_public_id: Any
    patient_name: str
    born_on: date
    kind: str
    drug: str
    dose_mcg: int
    route: str
    doses_wanted: int | None
    neurological: bool
    identifier: str = ""
    allergies: tuple[str, ...] = ()
    last_injection: tuple[date, str, str] | None = None


_COLUMNS = (
    "id",
    "public_id",
    "due_on",
    "earliest_on",
    "overdue_on",
    "number",
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
)

_LAST_INJECTION = (
    Administration.objects.filter(
        patient=OuterRef("patient"), outcome=Outcome.GIVEN, corrected_by__isnull=True, entered_in_error=False
    )
    .order_by("-given_on", "-id")
    .values(told=JSONObject(on="given_on", site="site", side="side"))[:1]
)

_RUNNING = Regimen.objects.filter(
    phases=OuterRef("phase"),
    state=RegimenState.ACTIVE,
    patient__died_on=None,
    patient__moved_on=None,
).values("pk")

# Asked of each dose by itself: joined, the planner takes the few doses waited for to be many and reads whole tables.
_WAITED_FOR = Dose.objects.filter(IsNull(Subquery(_RUNNING), False), is_next=True)


def waited_for(clinic: Clinic) -> QuerySet[Dose]:
    """The doses that the clinic's patients wait for: running regimens of people alive and not moved away."""
    return _WAITED_FOR.filter(clinic=clinic)


def due_page(clinic: Clinic, asked: Asked, size: int = PAGE) -> tuple[list[DueDose], bool]:
    """One page of the list by keyset, and whether more follow."""
    doses = _matching(clinic, asked).filter(_in_band(asked))
    if asked.after is not None:
        due_on, last_id = asked.after
        doses = doses.filter(due_on__gte=due_on).exclude(due_on=due_on, id__lte=last_id)
    ordered = doses.annotate(last_injection=Subquery(_LAST_INJECTION)).order_by("due_on", "id")
    rows = list(ordered.values_list(*_COLUMNS, "last_injection")[: size + 1])
    return _with_company(rows[:size]), len(rows) > size


def due_counts(clinic: Clinic, asked: Asked) -> dict[Band, int]:
    """How many stand in each band under the same search, so that counts and rows agree."""
    bands = {band.value: Count("id", filter=_band(band, asked.as_of)) for band in Band}
    counted = _matching(clinic, asked).filter(due_on__lte=asked.as_of + WEEK).aggregate(**bands)
    return {Band(name): number for name, number in counted.items()}


def _matching(clinic: Clinic, asked: Asked) -> QuerySet[Dose]:
    return searched(waited_for(clinic), clinic, asked.text)


def searched(doses: QuerySet[Dose], clinic: Clinic, text: str) -> QuerySet[Dose]:
    """The doses of patients whose name begins with the text, as written or last word first, or who have it as a number."""
    if text:
        key = name_keys(text)[0]
        digits = "".join(text.split()).replace("-", "")
        named = (
            Q(patient__name_key__startswith=key) | Q(patient__name_turned_key__startswith=key) if key else Q()
        )
        numbered = Q(
            patient__in=PatientIdentifier.objects.filter(clinic=clinic, value=digits).values("patient")
        )
        doses = doses.filter(named | numbered if key else numbered)
    return doses


def _in_band(asked: Asked) -> Q:
    return _band(asked.band, asked.as_of) if asked.band else Q(due_on__lte=asked.as_of + WEEK)


def _band(band: Band, as_of: date) -> Q:
    if band is Band.OVERDUE:
        return Q(overdue_on__lte=as_of)
    if band is Band.TODAY:
        return Q(due_on__lte=as_of, overdue_on__gt=as_of)
    return Q(due_on__gt=as_of, due_on__lte=as_of + WEEK)


def _with_company(rows: list[tuple[Any, ...]]) -> list[DueDose]:
    """The rows with each patient's identifier and allergies, by two queries whatever their number."""
    patients = [row[6] for row in rows]
    if not patients:
        return []
    identifiers = dict(
        PatientIdentifier.objects.filter(patient__in=patients)
        .order_by("-id")
        .values_list("patient_id", "value")
    )
    allergies: dict[int, tuple[str, ...]] = {}
    for patient, substance in PatientAllergy.objects.filter(patient__in=patients, ended_on=None).values_list(
        "patient_id", "substance"
    ):
        allergies[patient] = (*allergies.get(patient, ()), substance)
    return [_due_dose(row, identifiers.get(row[6], ""), allergies.get(row[6], ())) for row in rows]


def _due_dose(row: tuple[Any, ...], identifier: str, allergies: tuple[str, ...]) -> DueDose:
    told = row[-1]
    last = None if told is None else (date.fromisoformat(told["on"]), told["site"], told["side"])
    values: tuple[Any, ...] = (*row[:-1], identifier, allergies, last)
    return DueDose(*values)
