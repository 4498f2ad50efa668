"""The dates of a running regimen, worked out anew from what was actually given."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import count

from b12clinic.messages.services.withdraw import withdraw, withdraw_all
from b12clinic.prepared import PreparedObjects
from b12clinic.vocabulary import PhaseKind, RecheckTest
from monitoring.models import Recheck, RecheckState
from monitoring.services.move_recheck import move_recheck
from regimens.calendars import calendar_for
from regimens.courses import Given, course_of, first_review_on, given_of, is_neurological_loading
from regimens.models import (
    Dose,
    DoseMove,
    DoseState,
    Pause,
    Phase,
    Regimen,
    RegimenState,
    Revision,
)
from regimens.protocols.late_decision import lay_out
from regimens.protocols.phasespec import PhaseSpec
from regimens.protocols.policy import Policy
from regimens.protocols.schedule import ClinicCalendar, PhaseForecast, PlannedDose
from regimens.subjects import OF_A_DOSE, REVIEW_DUE


@dataclass(frozen=True, slots=True)
class Redating:
    """What changed: doses moved (old and new due date), doses newly planned, and the dose now waited for.

    pause: where doses are owed but none is waited for, since the regimen rests.
    """

    moved: tuple[tuple[Dose, date, date], ...]
    planned: int
    next_dose: Dose | None
    pause: Pause | None = None


MOVED = "The date was moved."
OTHER_FIRST = "Another injection comes first."


def redate(
    *,
    regimen: Regimen,
    revision: Revision,
    policy: Policy,
    given: Given | None = None,
    why: str = MOVED,
) -> Redating:
    """Move, add and withdraw future doses so that they follow from what was given; past doses stay as they are.

    What reminds of a day that stands no longer is withdrawn, `why` says for what.

    Call it inside the transaction that holds the regimen's lock. Every moved dose leaves a DoseMove under `revision`.
    given: what was given, where the caller has read it; else it is read.
    """
    phases = _PHASES.of(regimen.pk)
    given = given or given_of(regimen)
    _expect_reviews(regimen, phases, given, policy, revision)
    proposal = dates_to_come(regimen, phases, policy, calendar_for(regimen), given)
    return _apply(regimen, phases, proposal, revision, why)


def dates_to_come(
    regimen: Regimen,
    phases: list[Phase],
    policy: Policy,
    calendar: ClinicCalendar,
    given: Given | None = None,
) -> tuple[PhaseForecast, ...]:
    """What the regimen still has to give, laid on a calendar; nothing is saved."""
    return lay_out(course_of(regimen, phases, policy, calendar, given))


def _expect_reviews(
    regimen: Regimen, phases: list[Phase], given: Given, policy: Policy, revision: Revision
) -> None:
    """A neurological loading that has begun and was not reviewed yet is reviewed so many days after its first dose."""
    for phase in phases:
        if not is_neurological_loading(regimen, phase) or phase.finished_on is not None:
            continue
        days = given.by_phase.get(phase.ordinal, ())
        due_on = first_review_on(PhaseSpec.from_dict(phase.spec), days, policy)
        # None is reviewed before its first dose was given.
        if phase.review_on == due_on or (len(days) > 1 and phase.reviews.exists()):
            continue
        if phase.review_on is not None:
            withdraw(kinds=(REVIEW_DUE,), subject_id=phase.pk, why="The review was put on another day.")
        phase.review_on = due_on
        phase.save(update_fields=["review_on"])
        if due_on is not None:
            _examine_on(regimen, due_on, revision)


def _examine_on(regimen: Regimen, due_on: date, revision: Revision) -> None:
    """The first examination that the plan asks for is this review: one day for both, wherever it is shown."""
    planned = Recheck.objects.filter(planned_by__revision__regimen=regimen).order_by("due_on", "pk")
    asked = (one for one in planned.select_related("clinic") if RecheckTest.NEURO_EXAM.value in one.tests)
    first = next(asked, None)
    if first is not None and first.state == RecheckState.WANTED and first.due_on != due_on:
        move_recheck(
            recheck=first,
            due_on=due_on,
            begins_on=regimen.starts_on,
            reason="The neurological review counts from the first dose.",
            by=revision.by,
            at=revision.at,
        )


def mark_next(regimen: Regimen) -> Dose | None:
    """Mark the first owed dose of an active regimen as the one waited for; none when it is paused or over."""
    if regimen.state != RegimenState.ACTIVE:
        return None
    owed = (
        Dose.objects.filter(phase__regimen=regimen, state=DoseState.OWED)
        .order_by("phase__ordinal", "number")
        .first()
    )
    if owed is not None:
        owed.is_next = True
        owed.save(update_fields=["is_next"])
    return owed


def _apply(
    regimen: Regimen,
    phases: list[Phase],
    proposal: tuple[PhaseForecast, ...],
    revision: Revision,
    why: str,
) -> Redating:
    """Write what differs, and mark the dose now waited for; a dose that stays as it is is not written."""
    laid = _lay(regimen, phases, proposal)
    upcoming = laid.owed[0] if laid.owed and regimen.state == RegimenState.ACTIVE else None
    _call_back(laid, upcoming, why)
    _wait_no_longer([slot for slot in laid.slots if slot.is_next and slot is not upcoming])
    if laid.left_over:
        Dose.objects.filter(pk__in=laid.left_over).move(DoseState.OWED, DoseState.WITHDRAWN)
    if laid.again:
        Dose.objects.filter(pk__in=laid.again).move(DoseState.WITHDRAWN, DoseState.OWED)
    if upcoming is not None and not upcoming.is_next:
        upcoming.is_next = True
        laid.changed.setdefault(upcoming.pk, upcoming)
    changed = [dose for dose in laid.changed.values() if dose.pk is not None]
    if laid.fresh or changed:
        # One statement for new slots and for rows laid over those that are there: a CASE for each column of each dose costs
        # many times as much.
        Dose.objects.bulk_create(
            [*laid.fresh, *(_laid_over(dose) for dose in changed)],
            update_conflicts=True,
            unique_fields=["phase", "number"],
            update_fields=[*_LAID, "is_next"],
        )
    if laid.moves:
        DoseMove.objects.bulk_create(
            DoseMove(revision=revision, dose=dose, was_due_on=was, due_on=now)
            for dose, was, now in laid.moves
        )
    rests = bool(laid.owed) and regimen.state == RegimenState.PAUSED
    pause = regimen.pauses.filter(ended_on=None).first() if rests else None
    return Redating(moved=tuple(laid.moves), planned=len(laid.fresh), next_dose=upcoming, pause=pause)


def _laid_over(dose: Dose) -> Dose:
    """A new row for the place of one that is there: all but the dates and the mark stays as it stands there."""
    owed = ("phase_id", "clinic_id", "patient_id", "number", *_LAID, "is_next", "urgent")
    return Dose(**{name: getattr(dose, name) for name in owed})


def _wait_no_longer(doses: list[Dose]) -> None:
    if doses:
        Dose.objects.filter(pk__in=[dose.pk for dose in doses]).update(is_next=False)
    for dose in doses:
        dose.is_next = False


@dataclass(slots=True)
class _Laid:
    """The doses of a regimen against what is proposed: all slots, those owed from now on in order, and what differs."""

    slots: list[Dose]
    owed: list[Dose] = field(default_factory=list)
    fresh: list[Dose] = field(default_factory=list)
    changed: dict[int, Dose] = field(default_factory=dict)
    moves: list[tuple[Dose, date, date]] = field(default_factory=list)
    again: list[int] = field(default_factory=list)
    left_over: list[int] = field(default_factory=list)


def _call_back(laid: _Laid, upcoming: Dose | None, why: str) -> None:
    """Withdraw what was said of the dose waited for until now, unless it stands as it stood: no other is ever spoken of."""
    moved = {dose.pk for dose, _, _ in laid.moves} | set(laid.left_over)
    spoken_of = [slot.pk for slot in laid.slots if slot.is_next]
    gone = [pk for pk in spoken_of if pk in moved]
    passed_over = [pk for pk in spoken_of if pk not in moved and (upcoming is None or pk != upcoming.pk)]
    for doses, said in ((gone, why), (passed_over, OTHER_FIRST)):
        if doses:
            withdraw_all(kinds=OF_A_DOSE, subject_ids=doses, why=said)


def _lay(regimen: Regimen, phases: list[Phase], proposal: tuple[PhaseForecast, ...]) -> _Laid:
    laid = _Laid(_DOSES.of(regimen.pk))
    slots = {(dose.phase_id, dose.number): dose for dose in laid.slots}
    for part in proposal:
        phase = phases[part.ordinal]
        for number, planned in zip(_open_numbers(phase, slots), part.doses, strict=False):
            dose = slots.pop((phase.pk, number), None)
            if dose is None:
                laid.fresh.append(_dated(_slot(regimen, phase, number), planned))
                laid.owed.append(laid.fresh[-1])
                continue
            _move(laid, dose, planned)
    laid.left_over = [dose.pk for dose in slots.values() if dose.state == DoseState.OWED]
    return laid


def _move(laid: _Laid, dose: Dose, planned: PlannedDose) -> None:
    if dose.due_on != planned.due_on:
        laid.moves.append((dose, dose.due_on, planned.due_on))
    if dose.state == DoseState.WITHDRAWN:
        laid.again.append(dose.pk)
    before = _dates(dose)
    if _dates(_dated(dose, planned)) != before:
        laid.changed[dose.pk] = dose
    laid.owed.append(dose)


def _open_numbers(phase: Phase, slots: dict[tuple[int, int], Dose]) -> Iterator[int]:
    """The numbers of a phase that are still to give, lowest first; a slot freed by a correction comes back first."""
    given = {
        number
        for (phase_id, number), dose in slots.items()
        if phase_id == phase.pk and dose.state == DoseState.GIVEN
    }
    return (number for number in count(1) if number not in given)


def _slot(regimen: Regimen, phase: Phase, number: int) -> Dose:
    return Dose(
        phase=phase,
        clinic_id=regimen.clinic_id,
        patient_id=regimen.patient_id,
        number=number,
        urgent=regimen.neurological and phase.kind == PhaseKind.LOADING,
    )


def _dated(dose: Dose, planned: PlannedDose) -> Dose:
    dose.earliest_on, dose.due_on, dose.overdue_on = planned.earliest_on, planned.due_on, planned.overdue_on
    dose.provisional = planned.provisional
    return dose


def _dates(dose: Dose) -> tuple[date, date, date, bool]:
    return dose.earliest_on, dose.due_on, dose.overdue_on, dose.provisional


_LAID = ("earliest_on", "due_on", "overdue_on", "provisional")
_PHASES = PreparedObjects(Phase, lambda regimen: Phase.objects.filter(regimen=regimen).order_by("ordinal"))
_DOSES = PreparedObjects(
    Dose, lambda regimen: Dose.objects.filter(phase__regimen=regimen).order_by("due_on", "id")
)
