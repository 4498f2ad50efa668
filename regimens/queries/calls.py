"""Whom to call on a day: the doses waited for that are overdue, sorted by what the last attempt to reach somebody said.

Everybody overdue stands under exactly one filter, so that no attempt ever makes anybody vanish. Whoever was tried and not
reached stays until the dose is given, though it was put on a later day meanwhile; and whoever is to be tried again on a
day, since the injection was not given, stands here from that day.
"""

from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact

from b12clinic.accounts.models import Clinic
from b12clinic.patients.identifiers import grouped
from b12clinic.patients.models import PatientIdentifier
from regimens.models import Administration, ContactAttempt, DoseMove, DoseState, Outcome
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
    """A row before it is put into words; `attempts` from the first to the last.

    `not_given` is the try without an injection whose next day has come; `redated` says that the dose was put on its day
    after somebody had been tried.
    """

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
    not_given: Administration | None = None
    redated: bool = False


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
    "phase__regimen_id",
    "missed",
    "call_state",
    "rank",
)

_OVERDUE, _NUMBER, _REGIMEN, _MISSED = (
    _COLUMNS.index(one) for one in ("overdue_on", "number", "phase__regimen_id", "missed")
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
    """One page of a part by keyset, and whether more follow. At most five queries, however many rows."""
    states = [state.value for state in HOLDS[asked.part]]
    doses = _called_about(clinic, asked).filter(call_state__in=states).annotate(rank=_RANK)
    if asked.after is not None:
        rank, due_on, last_id = asked.after
        beyond = Q(due_on__gt=due_on) | Q(due_on=due_on, id__gt=last_id)
        doses = doses.filter(Q(rank__gt=rank) | Q(rank=rank) & beyond)
    rows = list(doses.order_by("rank", "due_on", "id").values_list(*_COLUMNS)[: size + 1])
    return _with_company(rows[:size], asked), len(rows) > size


def calls_counts(clinic: Clinic, asked: Asked) -> dict[Filter, int]:
    """How many stand in each part under the same search, so that counts and rows agree. One query."""
    by_state = dict(
        _called_about(clinic, asked).order_by().values_list("call_state").annotate(number=Count("id"))
    )
    return {part: sum(by_state.get(state.value, 0) for state in states) for part, states in HOLDS.items()}


def _called_about(clinic: Clinic, asked: Asked) -> QuerySet[Any, Any]:
    """The doses waited for that somebody is called about on the day, each with where its calls stand.

    Those outside their window; those about which somebody was tried and not taken off the calls; and those to be tried
    again, since an injection was not given.
    """
    tried = ContactAttempt.objects.filter(clinic=clinic, on__lte=asked.as_of)
    begun_again = tried.filter(dose__state=DoseState.WITHDRAWN).values("dose__phase__regimen")
    open_tries = Q(pk__in=tried.values("dose")) | Q(number=1, phase__regimen__in=begun_again)
    state = Case(
        When(missed=True, then=Value(CallState.AGAIN.value)),
        default=Coalesce(
            Subquery(_last_word(asked), output_field=CharField()), Value(CallState.NOT_CALLED.value)
        ),
        output_field=CharField(),
    )
    missed = _due(asked).filter(clinic=clinic).values("dose")
    wanted = Q(overdue_on__lte=asked.as_of) | open_tries | Q(pk__in=missed)
    doses = searched(waited_for(clinic).filter(wanted), clinic, asked.text, asked.as_of)
    rests = (CallState.REMOVED.value, CallState.NOT_CALLED.value)
    doses = doses.annotate(missed=Exists(_due(asked).filter(dose=OuterRef("pk"))))
    return doses.annotate(call_state=state).exclude(call_state__in=rests, overdue_on__gt=asked.as_of)


def _due(asked: Asked) -> QuerySet[Administration]:
    """The tries that led to no injection, whose next day has come and after which nobody was called."""
    called_since = ContactAttempt.objects.filter(
        dose=OuterRef("dose"), on__lte=asked.as_of, at__gte=OuterRef("recorded_at")
    )
    return Administration.objects.filter(
        ~Exists(called_since),
        outcome=Outcome.NOT_GIVEN,
        corrected_by__isnull=True,
        entered_in_error=False,
        given_on__lte=asked.as_of,
        next_action_on__lte=asked.as_of,
    )


def _last_word(asked: Asked) -> QuerySet[Any, Any]:
    """The state that the last attempt about a dose leads to, attempts after the day left out.

    For the first dose of a phase that begins again, what was tried about the dose it stands in for counts too.
    """
    about = Q(dose=OuterRef("pk")) | Q(
        dose__state=DoseState.WITHDRAWN, dose__phase__regimen=OuterRef("phase__regimen"), number_is_first=True
    )
    attempts = ContactAttempt.objects.alias(number_is_first=Exact(OuterRef("number"), 1))
    attempts = attempts.filter(about, patient=OuterRef("patient"), on__lte=asked.as_of)
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


def _with_company(rows: list[tuple[Any, ...]], asked: Asked) -> list[Call]:
    """The rows with each patient's identifier, the attempts about each dose and what explains a row that is not overdue."""
    if not rows:
        return []
    told = PatientIdentifier.objects.filter(patient__in=[row[6] for row in rows]).order_by("-id")
    identifiers = {
        patient_id: grouped(scheme, value)
        for patient_id, scheme, value in told.values_list("patient_id", "scheme", "value")
    }
    attempts = _attempts_about(rows)
    tries = _tries_of(rows, asked)
    moved = _moved_since(rows, attempts, asked)
    return [
        _call(row, identifiers.get(row[6], ""), attempts.get(row[0], ()), tries.get(row[0]), row[0] in moved)
        for row in rows
    ]


def _call(row: tuple[Any, ...], identifier: str, *company: Any) -> Call:
    *told, _, _, state, rank = row
    values: tuple[Any, ...] = (*told, CallState(state), rank, identifier, *company)
    return Call(*values)


def _attempts_about(rows: list[tuple[Any, ...]]) -> dict[int, tuple[ContactAttempt, ...]]:
    """By dose; what was tried about doses withdrawn from a regimen goes to the first dose of what begins again."""
    by_regimen = {row[_REGIMEN]: row[0] for row in rows if row[_NUMBER] == 1}
    about = Q(dose__in=[row[0] for row in rows]) | Q(
        dose__state=DoseState.WITHDRAWN, dose__phase__regimen__in=list(by_regimen)
    )
    found: dict[int, tuple[ContactAttempt, ...]] = {}
    attempts = ContactAttempt.objects.filter(about).order_by("on", "id").select_related("by", "dose__phase")
    for attempt in attempts:
        dose = attempt.dose
        owner = by_regimen[dose.phase.regimen_id] if dose.state == DoseState.WITHDRAWN else dose.pk
        found[owner] = (*found.get(owner, ()), attempt)
    return found


def _tries_of(rows: list[tuple[Any, ...]], asked: Asked) -> dict[int, Administration]:
    """By dose, the last try without an injection that is to be followed; read where there are such rows."""
    again = [row[0] for row in rows if row[_MISSED]]
    if not again:
        return {}
    tries = _due(asked).filter(dose__in=again)
    return {row.dose_id: row for row in tries.order_by("given_on", "id") if row.dose_id}


def _moved_since(
    rows: list[tuple[Any, ...]], attempts: dict[int, tuple[ContactAttempt, ...]], asked: Asked
) -> set[int]:
    """The doses not overdue that were put on another day after the last attempt; read where there are such rows."""
    ahead = [row[0] for row in rows if row[_OVERDUE] > asked.as_of and row[0] in attempts]
    if not ahead:
        return set()
    last = {dose: told[-1] for dose, told in attempts.items()}
    moves = DoseMove.objects.filter(dose__in=ahead).values_list("dose", "revision__at")
    moved = {dose for dose, at in moves if at >= last[dose].at}
    return moved | {dose for dose in ahead if last[dose].dose_id != dose}
