"""Change how often a running regimen's maintenance is given; its dates are laid out anew."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from django.db import transaction

from b12clinic.accounts.models import User
from b12clinic.accounts.services import audit
from b12clinic.jobs.services.ask import ask
from b12clinic.vocabulary import PhaseKind
from regimens.calendars import calendar_for
from regimens.models import Dose, DoseState, Phase, Regimen, RegimenState, Revision, RevisionKind
from regimens.policies import policy_of
from regimens.protocols.intervals import Interval
from regimens.protocols.phasespec import PhaseSpec
from regimens.services.hold import hold_regimen, revise
from regimens.services.redate import dates_to_come, redate
from regimens.subjects import RECHECK_SAFETY


class IntervalKept(ValueError):
    """Why the interval stays as it is; the sentence says what is wanted."""


@transaction.atomic
def change_interval(
    *, regimen: Regimen, version: int, interval: Interval, reason: str, by: User, at: datetime, today: date
) -> Revision:
    """Give the maintenance every `interval` from the last injection on, as a new revision with its reason.

    A dose that is not overdue now never becomes due before today. Raises ChangedMeanwhile for a stale page and
    IntervalKept with one sentence.
    """
    regimen = hold_regimen(regimen.pk, version)
    phase = _phase_to_change(regimen, interval, reason)
    was = PhaseSpec.from_dict(phase.spec)
    _space(phase, interval, _starts_on(regimen, phase, today)).save(
        update_fields=["spec", "interval_count", "interval_unit", "starts_on"]
    )
    words = f"Maintenance {interval.phrase}, before {was.interval.phrase}. {reason.strip()}"
    revision = revise(regimen, RevisionKind.ADJUSTED, reason=words, by=by, at=at)
    redate(regimen=regimen, revision=revision, policy=policy_of(regimen), why="The interval was changed.")
    ask(kind=RECHECK_SAFETY, subject_id=regimen.pk)
    audit.note(
        at=at,
        clinic=regimen.clinic,
        by=by,
        action="regimen.interval_changed",
        subject=f"regimen:{regimen.public_id}",
        patient_id=regimen.patient_id,
        before={"version": version, "interval": str(was.interval)},
        after={"version": regimen.version, "interval": str(interval)},
        reason=reason.strip(),
    )
    return revision


def maintenance_of(regimen: Regimen) -> Phase | None:
    """The maintenance that is not over: the phase whose interval can be changed."""
    open_phases = regimen.phases.filter(kind=PhaseKind.MAINTENANCE, finished_on__isnull=True)
    return open_phases.order_by("ordinal").first()


def dates_with(regimen: Regimen, interval: Interval, today: date) -> tuple[list[date], list[date]]:
    """The due days still to come as they stand, and as they would be with another interval; nothing is saved."""
    owed = Dose.objects.filter(phase__regimen=regimen, state=DoseState.OWED)
    before = list(owed.order_by("phase__ordinal", "number").values_list("due_on", flat=True))
    phases = list(regimen.phases.order_by("ordinal"))
    wanted = maintenance_of(regimen)
    for phase in phases:
        if wanted is not None and phase.pk == wanted.pk:
            _space(phase, interval, _starts_on(regimen, phase, today))
    return before, _due_days(regimen, phases)


def _due_days(regimen: Regimen, phases: Sequence[Phase]) -> list[date]:
    laid_out = dates_to_come(regimen, list(phases), policy_of(regimen), calendar_for(regimen))
    return [dose.due_on for part in laid_out for dose in part.doses]


def _space(phase: Phase, interval: Interval, starts_on: date | None) -> Phase:
    spec = replace(PhaseSpec.from_dict(phase.spec), interval=interval, gaps=(), lead=None)
    phase.spec, phase.starts_on = spec.to_dict(), starts_on
    phase.interval_count, phase.interval_unit = interval.count, interval.unit
    return phase


def _starts_on(regimen: Regimen, phase: Phase, today: date) -> date | None:
    """Today at the earliest, unless the dose waited for is overdue already: a change hides no lateness."""
    overdue = Dose.objects.filter(phase__regimen=regimen, is_next=True, overdue_on__lte=today).exists()
    return phase.starts_on if overdue else max(phase.starts_on or today, today)


def _phase_to_change(regimen: Regimen, interval: Interval, reason: str) -> Phase:
    if not reason.strip():
        raise IntervalKept("Say why the interval changes.")
    if regimen.state != RegimenState.ACTIVE:
        raise IntervalKept(f"This regimen is {regimen.get_state_display().lower()}.")
    phase = maintenance_of(regimen)
    if phase is None:
        raise IntervalKept("This regimen has no maintenance by injection that runs or is to come.")
    if PhaseSpec.from_dict(phase.spec).interval == interval:
        raise IntervalKept(f"The maintenance is given {interval.phrase} already.")
    return phase
