"""The dates of a running regimen, worked out anew from what was actually given."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import count

from b12clinic.vocabulary import PhaseKind
from regimens.calendars import calendar_for
from regimens.courses import course_of, days_given, first_review_on, is_neurological_loading
from regimens.models import (
    Dose,
    DoseMove,
    DoseState,
    Phase,
    Regimen,
    RegimenState,
    Revision,
)
from regimens.protocols.late_decision import lay_out
from regimens.protocols.policy import Policy
from regimens.protocols.schedule import ClinicCalendar, PhaseForecast, PlannedDose


@dataclass(frozen=True, slots=True)
class Redating:
    """What changed: doses moved (old and new due date), doses newly planned, and the dose now waited for."""

    moved: tuple[tuple[Dose, date, date], ...]
    planned: int
    next_dose: Dose | None


def redate(*, regimen: Regimen, revision: Revision, policy: Policy) -> Redating:
    """Move, add and withdraw future doses so that they follow from what was given; past doses stay as they are.

    Call it inside the transaction that holds the regimen's lock. Every moved dose leaves a DoseMove under `revision`.
    """
    phases = list(regimen.phases.order_by("ordinal"))
    _expect_reviews(regimen, phases, policy)
    proposal = dates_to_come(regimen, phases, policy, calendar_for(regimen))
    Dose.objects.filter(phase__regimen=regimen, is_next=True).update(is_next=False)
    moved, planned = _apply(regimen, phases, proposal, revision)
    return Redating(moved=moved, planned=planned, next_dose=mark_next(regimen))


def dates_to_come(
    regimen: Regimen, phases: list[Phase], policy: Policy, calendar: ClinicCalendar
) -> tuple[PhaseForecast, ...]:
    """What the regimen still has to give, laid on a calendar; nothing is saved."""
    return lay_out(course_of(regimen, phases, policy, calendar))


def _expect_reviews(regimen: Regimen, phases: list[Phase], policy: Policy) -> None:
    """A neurological loading that has begun and was not reviewed yet is reviewed so many days after its first dose."""
    given = days_given(regimen)
    for phase in phases:
        if not is_neurological_loading(regimen, phase) or phase.reviews.exists():
            continue
        due_on = first_review_on(phase, given.get(phase.ordinal, ()), policy)
        if phase.review_on != due_on:
            phase.review_on = due_on
            phase.save(update_fields=["review_on"])


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
    regimen: Regimen, phases: list[Phase], proposal: tuple[PhaseForecast, ...], revision: Revision
) -> tuple[tuple[tuple[Dose, date, date], ...], int]:
    slots = {(dose.phase_id, dose.number): dose for dose in Dose.objects.filter(phase__regimen=regimen)}
    touched: list[Dose] = []
    fresh: list[Dose] = []
    moves: list[tuple[Dose, date, date]] = []
    for part in proposal:
        phase = phases[part.ordinal]
        for number, planned in zip(_open_numbers(phase, slots), part.doses, strict=False):
            dose = slots.pop((phase.pk, number), None)
            if dose is None:
                fresh.append(_dated(_slot(regimen, phase, number), planned))
                continue
            if dose.due_on != planned.due_on:
                moves.append((dose, dose.due_on, planned.due_on))
            touched.append(_dated(dose, planned))
    left_over = [dose for dose in slots.values() if dose.state == DoseState.OWED]
    Dose.objects.filter(pk__in=[dose.pk for dose in left_over]).move(DoseState.OWED, DoseState.WITHDRAWN)
    again = [dose.pk for dose in touched if dose.state == DoseState.WITHDRAWN]
    if again:
        Dose.objects.filter(pk__in=again).move(DoseState.WITHDRAWN, DoseState.OWED)
    Dose.objects.bulk_create(fresh)
    Dose.objects.bulk_update(touched, ["earliest_on", "due_on", "overdue_on", "provisional"])
    DoseMove.objects.bulk_create(
        DoseMove(revision=revision, dose=dose, was_due_on=was, due_on=now) for dose, was, now in moves
    )
    return tuple(moves), len(fresh)


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
