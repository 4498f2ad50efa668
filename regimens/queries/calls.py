"""Whom to call on a day: the doses waited for that are overdue, sorted by what the last attempt to reach somebody said.

Everybody overdue stands under exactly one filter, so that no attempt ever makes anybody vanish.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from b12clinic.accounts.models import Clinic
from b12clinic.patients.identifiers import grouped
from b12clinic.patients.models import PatientIdentifier
from regimens.models import ContactAttempt
from regimens.protocols.calling import CallState
from regimens.protocols.vocabulary import ContactOutcome
from regimens.queries.due_list import searched, waited_for

PAGE = 50


class Filter(str, Enum):
    """A part of the list. To call is what the day asks for; agreed, later and removed rest."""

    TO_CALL = "to_call"
    NOT_CALLED = "not_called"
    AGAIN = "again"
    AGREED = "agreed"
    LATER = "later"
    REMOVED = "removed"


HOLDS: dict[Filter, tuple[CallState, ...]] = {
    Filter.TO_CALL: (CallState.NOT_CALLED, CallState.AGAIN, CallState.ANOTHER_WAY),
    Filter.NOT_CALLED: (CallState.NOT_CALLED,),
    Filter.AGAIN: (CallState.AGAIN, CallState.ANOTHER_WAY),
    Filter.AGREED: (CallState.AGREED,),
    Filter.LATER: (CallState.LATER,),
    Filter.REMOVED: (CallState.REMOVED,),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of the calls: the clinic's day, the first day whose attempts still rest, a part, words, a place."""

    as_of: date
    rests_from: date
    part: Filter = Filter.TO_CALL
    text: str = ""
    after: tuple[int, date, int] | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """A row before it is put into words; `attempts` from the first to the last."""

    id: int
    public_id: Any
    due_on: date
    overdue_on: date
    number: int
    urgent: bool
    patient_id: int
    patient_public_id: Any
    patient_name: str
    born_on: date
    phone: str
    email: str
    consents_to_sms: bool
    consents_to_email: bool
    consents_to_letter: bool
    kind: str
    drug: str
    dose_mcg: int
    route: str
    doses_wanted: int | None
    state: CallState
    rank: int
    identifier: str = ""
    attempts: tuple[ContactAttempt, ...] = ()


_COLUMNS = (
    "id",
    "public_id",
    "due_on",
    "overdue_on",
    "number",
    "urgent",
    "patient_id",
    "patient__public_id",
    "patient__name",
    "patient__born_on",
    "patient__phone",
    "patient__email",
    "patient__consents_to_sms",
    "patient__consents_to_email",
    "patient__consents_to_letter",
    "phase__kind",
    "phase__drug",
    "phase__dose_mcg",
    "phase__route",
    "phase__doses_wanted",
    "call_state",
    "rank",
)

# A neurological loading before all else; then who cannot be reached as it is tried; then the longest overdue.
_RANK = Case(
    When(urgent=True, call_state=CallState.ANOTHER_WAY.value, then=Value(0)),
    When(urgent=True, then=Value(1)),
    When(call_state=CallState.ANOTHER_WAY.value, then=Value(2)),
    default=Value(3),
    output_field=IntegerField(),
)


def calls_page(clinic: Clinic, asked: Asked, size: int = PAGE) -> tuple[list[Call], bool]:
    """One page of a part by keyset, and whether more follow. Three queries, however many rows."""
    states = [state.value for state in HOLDS[asked.part]]
    doses = _overdue(clinic, asked).filter(call_state__in=states).annotate(rank=_RANK)
    if asked.after is not None:
        rank, due_on, last_id = asked.after
        beyond = Q(due_on__gt=due_on) | Q(due_on=due_on, id__gt=last_id)
        doses = doses.filter(Q(rank__gt=rank) | Q(rank=rank) & beyond)
    rows = list(doses.order_by("rank", "due_on", "id").values_list(*_COLUMNS)[: size + 1])
    return _with_company(rows[:size]), len(rows) > size


def calls_counts(clinic: Clinic, asked: Asked) -> dict[Filter, int]:
    """How many stand in each part under the same search, so that counts and rows agree. One query."""
    by_state = dict(_overdue(clinic, asked).order_by().values_list("call_state").annotate(number=Count("id")))
    return {part: sum(by_state.get(state.value, 0) for state in states) for part, states in HOLDS.items()}


def _overdue(clinic: Clinic, asked: Asked) -> QuerySet[Any, Any]:
    """The doses waited for that are outside their window on the day, each with where its calls stand."""
    said = Subquery(_last_word(asked), output_field=CharField())
    overdue = waited_for(clinic).filter(overdue_on__lte=asked.as_of)
    state = Coalesce(said, Value(CallState.NOT_CALLED.value))
    return searched(overdue, clinic, asked.text, asked.as_of).annotate(call_state=state)


def _last_word(asked: Asked) -> QuerySet[Any, Any]:
    """The state that the last attempt about a dose leads to, attempts after the day left out."""
    attempts = ContactAttempt.objects.filter(dose=OuterRef("pk"), on__lte=asked.as_of)
    return attempts.order_by("-on", "-id").values(said=_state_on(asked))[:1]


def _state_on(asked: Asked) -> Case:
    agreed = Q(outcome=ContactOutcome.AGREED_TO_VISIT.value, next_action_on__isnull=False)
    resting = Q(next_action_on__gt=asked.as_of) | Q(next_action_on=None, on__gte=asked.rests_from)
    return Case(
        When(outcome=ContactOutcome.REMOVED.value, then=Value(CallState.REMOVED.value)),
        When(outcome=ContactOutcome.WRONG_NUMBER.value, then=Value(CallState.ANOTHER_WAY.value)),
        When(agreed & Q(next_action_on__gte=asked.as_of), then=Value(CallState.AGREED.value)),
        When(resting, then=Value(CallState.LATER.value)),
        default=Value(CallState.AGAIN.value),
        output_field=CharField(),
    )


def _with_company(rows: list[tuple[Any, ...]]) -> list[Call]:
    """The rows with each patient's identifier and the attempts about each dose, by two queries whatever their number."""
    if not rows:
        return []
    told = PatientIdentifier.objects.filter(patient__in=[row[6] for row in rows]).order_by("-id")
    identifiers = {
        patient_id: grouped(scheme, value)
        for patient_id, scheme, value in told.values_list("patient_id", "scheme", "value")
    }
    attempts = _attempts_about(row[0] for row in rows)
    return [_call(row, identifiers.get(row[6], ""), attempts.get(row[0], ())) for row in rows]


def _call(row: tuple[Any, ...], identifier: str, attempts: tuple[ContactAttempt, ...]) -> Call:
    *told, state, rank = row
    values: tuple[Any, ...] = (*told, CallState(state), rank, identifier, attempts)
    return Call(*values)


def _attempts_about(dose_ids: Iterable[int]) -> dict[int, tuple[ContactAttempt, ...]]:
    found: dict[int, tuple[ContactAttempt, ...]] = {}
    for attempt in (
        ContactAttempt.objects.filter(dose__in=list(dose_ids)).order_by("on", "id").select_related("by")
    ):
        found[attempt.dose_id] = (*found.get(attempt.dose_id, ()), attempt)
    return found
