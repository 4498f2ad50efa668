"""The due list of a day in the past, as it stood when that day began; plans signed on the day itself are on it.

What was known then follows from when things were recorded, not from the days they speak of. Regimens that nobody touched
since wait for the dose they wait for now. Of the others every dose is weighed: one without an injection on record then was
still to give, and one moved since is put back to the date it had. Worked out in Python over a few columns, because a
window of then is told by a move's old date and the dose's own margins; four queries whatever the rows.
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import CharField, DateField, Exists, OuterRef, Q, QuerySet, Subquery, Value

from b12clinic.accounts.models import AuditEvent, Clinic
from regimens.models import (
    ContactAttempt,
    Dose,
    DoseState,
    Outcome,
    Pause,
    Regimen,
    RegimenState,
    Revision,
)
from regimens.protocols.due_bands import Band, band_of
from regimens.queries.due_list import LAST_WORD, PAGE, PINNED, Asked, Called, DueList, searched, shows
from regimens.queries.due_rows import DueDose, on_record, rows_of


class _Slot(NamedTuple):
    """A dose that could have been the one waited for; `called_on` and `last_word` are empty unless asked about."""

    id: int
    patient_id: int
    regimen_id: int
    ordinal: int
    number: int
    due_on: date
    earliest_on: date
    overdue_on: date
    urgent: bool
    kind: str
    drug: str
    route: str
    given_on: date | None
    called_on: date | None
    last_word: str | None


_COLUMNS = (
    "id",
    "patient_id",
    "phase__regimen_id",
    "phase__ordinal",
    "number",
    "due_on",
    "earliest_on",
    "overdue_on",
    "urgent",
    "phase__kind",
    "phase__drug",
    "phase__route",
    "given_as__given_on",
    "called_on",
    "last_word",
)


def due_page_as_it_stood(clinic: Clinic, asked: Asked, size: int = PAGE) -> DueList:
    """One page of the list of a past day, with counts of the whole; the place in it is a due date and an id, as ever."""
    waited = [slot for slot in _waited_for(clinic, asked) if _wanted(slot, asked)]
    counts = dict.fromkeys(Band, 0)
    shown: list[_Slot] = []
    for slot in waited:
        band = _band(slot, asked.as_of)
        counts[band] += 1
        if shows(asked, band):
            shown.append(slot)
    shown.sort(key=lambda slot: (slot.due_on, slot.id))
    pinned = [slot for slot in shown if _is_pinned(slot, asked)][:PINNED]
    kept = {slot.id for slot in pinned}
    others = [
        slot
        for slot in shown
        if slot.id not in kept and (asked.after is None or (slot.due_on, slot.id) > asked.after)
    ]
    size -= len(pinned)
    rows = _told([*pinned, *others[:size]], _begins(clinic, asked.as_of))
    return DueList(
        pinned=rows[: len(pinned)],
        doses=rows[len(pinned) :],
        more=len(others) > size,
        counts=counts,
        urgent=sum(_is_pinned(slot, asked) for slot in waited),
    )


def _waited_for(clinic: Clinic, asked: Asked) -> Iterable[_Slot]:
    """The dose of each patient that was next when the day began, with its date of then."""
    begins = _begins(clinic, asked.as_of)
    changed, was_due = _changes(clinic, begins)
    first: dict[int, _Slot] = {}
    for slot in _slots(clinic, asked, begins, changed):
        known = first.get(slot.patient_id)
        if known is None or _turn(slot) < _turn(known):
            first[slot.patient_id] = slot
    return [_dated(slot, was_due.get(slot.id, slot.due_on)) for slot in first.values()]


def _begins(clinic: Clinic, day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=ZoneInfo(clinic.time_zone))


def _changes(clinic: Clinic, begins: datetime) -> tuple[set[int], dict[int, date]]:
    """The regimens revised since, and the due date that each dose moved since had when the day began."""
    rows = Revision.objects.filter(regimen__clinic=clinic, at__gte=begins).order_by("-pk")
    changed: set[int] = set()
    was_due: dict[int, date] = {}
    for regimen, dose, due_on in rows.values_list("regimen_id", "moves__dose_id", "moves__was_due_on"):
        changed.add(regimen)
        if dose is not None:
            was_due[dose] = due_on  # the earliest move comes last and wins
    return changed, was_due


def _turn(slot: _Slot) -> tuple[int, int, int]:
    """Where a dose comes in its patient's course; of two regimens the newer one counts."""
    return -slot.regimen_id, slot.ordinal, slot.number


def _dated(slot: _Slot, due_on: date) -> _Slot:
    by = due_on - slot.due_on
    return slot._replace(due_on=due_on, earliest_on=slot.earliest_on + by, overdue_on=slot.overdue_on + by)


def _slots(clinic: Clinic, asked: Asked, begins: datetime, changed: set[int]) -> list[_Slot]:
    """The doses waited for now and, of the regimens changed since, every one that was still to give: one query."""
    day = asked.as_of
    doses = Dose.objects.filter(
        _running(clinic, day, begins),
        clinic=clinic,
        phase__regimen__in=_signed_by(clinic, begins + timedelta(days=1)).values("pk"),
    )
    found = (
        searched(doses, clinic, asked.text, asked.today or day).annotate(**_calls(asked, begins)).order_by()
    )
    if not changed:
        return [_Slot(*row) for row in found.filter(is_next=True).values_list(*_COLUMNS)]
    now = found.filter(is_next=True).exclude(phase__regimen__in=changed).values_list(*_COLUMNS)
    then = found.filter(_still_to_give(day, begins), phase__regimen__in=changed).values_list(*_COLUMNS)
    return [_Slot(*row) for row in now.union(then, all=True)]


def _still_to_give(day: date, begins: datetime) -> Q:
    """Planned when the day began, and no injection of it on record yet, or none any more."""
    withdrawn_since = Q(phase__finished_on__gte=day) | Q(
        phase__finished_on=None, phase__regimen__ended_on__gte=day
    )
    planned = Q(state__in=(DoseState.OWED, DoseState.GIVEN)) | Q(withdrawn_since, state=DoseState.WITHDRAWN)
    given = on_record(begins).filter(dose=OuterRef("pk"), outcome=Outcome.GIVEN)
    return planned & ~Q(Exists(given))


def _signed_by(clinic: Clinic, moment: datetime) -> QuerySet[Regimen]:
    return Regimen.objects.filter(clinic=clinic, revisions__number=1, revisions__at__lt=moment)


def _running(clinic: Clinic, day: date, begins: datetime) -> Q:
    """Neither over nor at rest when the day began, of somebody who was not known to be dead or gone."""
    pauses = Pause.objects.filter(regimen__clinic=clinic)
    rested = pauses.filter(Q(ended_on=None) | Q(ended_on__gt=day), at__lt=begins).values("regimen")
    rests_since = pauses.filter(ended_on=None, at__gte=begins).values("regimen")
    here, gone = _left_since(clinic, begins)
    still_here = (Q(patient__died_on=None) | Q(patient__died_on__gte=day)) & (
        Q(patient__moved_on=None) | Q(patient__moved_on__gte=day)
    )
    return (
        (Q(phase__regimen__ended_on=None) | Q(phase__regimen__ended_on__gte=day))
        & (still_here | Q(patient__in=here))
        & ~Q(patient__in=gone)
        & ~Q(phase__regimen__in=rested)
        & (~Q(phase__regimen__state=RegimenState.PAUSED) | Q(phase__regimen__in=rests_since))
    )


def _left_since(clinic: Clinic, begins: datetime) -> tuple[QuerySet[Any], QuerySet[Any]]:
    """Patients in the clinic's care when the day began and patients not in it: by what was noted of them first since."""
    noted = AuditEvent.objects.filter(
        clinic=clinic,
        at__gte=begins,
        action__in=("patient.died", "patient.moved", "patient.returned"),
        patient_id__isnull=False,
    ).order_by()
    earlier = noted.filter(patient_id=OuterRef("patient_id"), pk__lt=OuterRef("pk"))
    first = noted.filter(~Exists(earlier)).values("patient_id")
    return first.exclude(action="patient.returned"), first.filter(action="patient.returned")


def _calls(asked: Asked, begins: datetime) -> dict[str, Any]:
    """The last attempt to reach the patient noted by that day, read only where the list is narrowed by it."""
    if asked.called is None:
        return {
            "called_on": Value(None, output_field=DateField(null=True)),
            "last_word": Value(None, output_field=CharField(null=True)),
        }
    noted = ContactAttempt.objects.filter(on__lte=asked.as_of, at__lt=begins + timedelta(days=1))
    about = noted.filter(dose=OuterRef("pk")).order_by("-on", "-id")
    return {
        "called_on": Subquery(about.values("on")[:1]),
        "last_word": Subquery(about.values("outcome")[:1]),
    }


def _wanted(slot: _Slot, asked: Asked) -> bool:
    """Whether the dose passes the filters that are asked of the dose waited for, not of every dose."""
    for wanted, held in ((asked.kind, slot.kind), (asked.drug, slot.drug), (asked.route, slot.route)):
        if wanted and wanted != held:
            return False
    if asked.called is None:
        return True
    if asked.called is Called.NOT_CALLED:
        return slot.called_on is None
    if asked.called is Called.CALLED_TODAY:
        return slot.called_on == asked.as_of
    return slot.last_word == LAST_WORD[asked.called]


def _band(slot: _Slot, as_of: date) -> Band:
    return band_of(
        due_on=slot.due_on,
        overdue_on=slot.overdue_on,
        kind=slot.kind,
        urgent=slot.urgent,
        as_of=as_of,
    )


def _is_pinned(slot: _Slot, asked: Asked) -> bool:
    return slot.urgent and slot.overdue_on <= asked.as_of


def _told(slots: list[_Slot], begins: datetime) -> list[DueDose]:
    """The rows of these doses in this order, with their dates of then."""
    read = rows_of(Dose.objects.filter(pk__in=[slot.id for slot in slots]), back_to=begins) if slots else []
    rows = {row.id: row for row in read}
    return [
        rows[slot.id]._replace(
            due_on=slot.due_on,
            earliest_on=slot.earliest_on,
            overdue_on=slot.overdue_on,
            given_on=slot.given_on,
        )
        for slot in slots
        if slot.id in rows
    ]
