"""Sign a pause for days to come, such as a journey; it begins by itself on its day unless it is called off."""

from datetime import date, datetime, timedelta

from django.db import transaction

from b12clinic.accounts.models import Clinic, User
from b12clinic.accounts.services import audit
from regimens.models import PlannedPause, Regimen, RegimenState, RevisionKind
from regimens.policies import policy_of
from regimens.services.hold import hold_regimen, revise
from regimens.services.pause_regimen import NotPaused, pause_regimen, too_long


@transaction.atomic
def plan_pause(
    *,
    regimen: Regimen,
    version: int,
    from_on: date,
    until_on: date,
    reason: str,
    by: User,
    at: datetime,
    today: date,
) -> PlannedPause:
    """Let a regimen rest from a later day than today; `until_on` is the first day on which it goes on again.

    Raises ChangedMeanwhile for a stale page, NotPaused with one sentence.
    """
    regimen = hold_regimen(regimen.pk, version)
    reason = reason.strip()
    if not reason:
        raise NotPaused("Say why the regimen is paused.")
    if from_on <= today:
        raise NotPaused("A pause that is planned begins on a later day than today.")
    if until_on <= from_on:
        raise NotPaused("The regimen goes on again on a later day than the pause begins.")
    longest = policy_of(regimen).longest_pause_days
    if until_on > from_on + timedelta(days=longest):
        raise NotPaused(too_long(longest))
    if regimen.state != RegimenState.ACTIVE:
        raise NotPaused(f"This regimen is {regimen.get_state_display().lower()} already.")
    if open_plan := PlannedPause.objects.filter(regimen=regimen, settled_on=None).first():
        raise NotPaused(f"A pause from {open_plan.from_on:%d %b %Y} is planned already; call it off first.")
    planned = PlannedPause.objects.create(
        regimen=regimen, from_on=from_on, until_on=until_on, reason=reason, by=by, at=at
    )
    said = f"Planned from {from_on:%d %b %Y} until {until_on:%d %b %Y}: {reason}"
    revise(regimen, RevisionKind.PAUSED, reason=said, by=by, at=at)
    _note("regimen.pause_planned", planned, by=by, at=at)
    return planned


@transaction.atomic
def call_off_pause(*, regimen: Regimen, version: int, by: User, at: datetime, today: date) -> None:
    """Take back a pause that has not begun. Raises ChangedMeanwhile for a stale page, NotPaused where none is planned."""
    regimen = hold_regimen(regimen.pk, version)
    planned = PlannedPause.objects.filter(regimen=regimen, settled_on=None).first()
    if planned is None:
        raise NotPaused("No pause is planned any more.")
    _settle(planned, today)
    revise(
        regimen,
        RevisionKind.PAUSED,
        reason=f"Called off: the pause from {planned.from_on:%d %b %Y}",
        by=by,
        at=at,
    )
    _note("regimen.pause_called_off", planned, by=by, at=at)


def begin_planned(*, clinic: Clinic, at: datetime, today: date) -> int:
    """Begin each pause of a clinic whose day has come; how many. Run again, it finds none left."""
    due = PlannedPause.objects.filter(regimen__clinic=clinic, settled_on=None, from_on__lte=today)
    return sum(_begin(planned_id, at=at, today=today) for planned_id in due.values_list("pk", flat=True))


@transaction.atomic
def _begin(planned_id: int, *, at: datetime, today: date) -> bool:
    """One that finds the regimen at rest or over, or its own end gone by, is settled without a pause."""
    planned = PlannedPause.objects.select_related("by").get(pk=planned_id)
    regimen = Regimen.objects.select_for_update(of=("self",)).get(pk=planned.regimen_id)
    if not _settle(planned, today):
        return False  # begun or called off by somebody meanwhile
    if regimen.state != RegimenState.ACTIVE or planned.until_on <= today:
        return False
    pause_regimen(
        regimen=regimen,
        version=regimen.version,
        until_on=planned.until_on,
        reason=planned.reason,
        by=planned.by,
        at=at,
        today=today,
    )
    return True


def _settle(planned: PlannedPause, today: date) -> bool:
    return bool(PlannedPause.objects.filter(pk=planned.pk, settled_on=None).update(settled_on=today))


def _note(action: str, planned: PlannedPause, *, by: User, at: datetime) -> None:
    regimen = planned.regimen
    audit.note(
        at=at,
        clinic=regimen.clinic,
        by=by,
        action=action,
        subject=f"regimen:{regimen.public_id}",
        patient_id=regimen.patient_id,
        after={"from_on": planned.from_on.isoformat(), "until_on": planned.until_on.isoformat()},
        reason=planned.reason,
    )
