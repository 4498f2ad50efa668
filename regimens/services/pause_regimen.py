"""Pause a regimen until a day: hospital, travel. Nobody waits for a dose meanwhile, and none is forgotten."""

from datetime import date, datetime, timedelta

from django.db import transaction

from b12clinic.accounts.models import User
from b12clinic.accounts.services import audit
from b12clinic.messages.services.withdraw import withdraw
from regimens.models import Dose, DoseState, Pause, Regimen, RegimenState, RevisionKind
from regimens.policies import policy_of
from regimens.services.hold import hold_regimen, revise
from regimens.services.late_alerts import end_late_alerts
from regimens.subjects import OF_A_DOSE


class NotPaused(ValueError):
    """Why the regimen is not paused; the sentence says what is wanted."""


@transaction.atomic
def pause_regimen(
    *, regimen: Regimen, version: int, until_on: date | None, reason: str, by: User, at: datetime, today: date
) -> Pause:
    """Let a regimen rest from today; `until_on` is the first day on which it goes on again, None until a prescriber decides.

    Its doses stay owed on their days. Raises ChangedMeanwhile for a stale page, NotPaused with one sentence.
    """
    regimen = hold_regimen(regimen.pk, version)
    if not reason.strip():
        raise NotPaused("Say why the regimen is paused.")
    if until_on is not None and until_on <= today:
        raise NotPaused("The regimen goes on again on a later day than today.")
    longest = policy_of(regimen).longest_pause_days
    if until_on is not None and until_on > today + timedelta(days=longest):
        raise NotPaused(too_long(longest))
    if regimen.state != RegimenState.ACTIVE:
        raise NotPaused(f"This regimen is {regimen.get_state_display().lower()} already.")
    Regimen.objects.filter(pk=regimen.pk).move(RegimenState.ACTIVE, RegimenState.PAUSED)
    pause = Pause.objects.create(
        regimen=regimen, from_on=today, until_on=until_on, reason=reason.strip(), by=by, at=at
    )
    revise(
        regimen,
        RevisionKind.PAUSED,
        reason=f"Until {_said(until_on)}: {reason.strip()}",
        by=by,
        at=at,
    )
    _rest(regimen)
    end_late_alerts(regimen=regimen, how=f"The regimen was paused: {reason.strip()}", by=by, at=at)
    audit.note(
        at=at,
        clinic=regimen.clinic,
        by=by,
        action="regimen.paused",
        subject=f"regimen:{regimen.public_id}",
        patient_id=regimen.patient_id,
        before={"state": RegimenState.ACTIVE.value},
        after={"state": RegimenState.PAUSED.value, "until_on": until_on.isoformat() if until_on else None},
        reason=reason.strip(),
    )
    return pause


def too_long(longest: int) -> str:
    """What is said of a pause longer than the clinic's policy has it."""
    return (
        f"A pause lasts {longest} days at most (local policy); for longer, stop the regimen or pause again."
    )


def _said(until_on: date | None) -> str:
    return f"{until_on:%d %b %Y}" if until_on else "a prescriber decides"


def _rest(regimen: Regimen) -> None:
    """No dose is waited for, and what was to remind of one is called back."""
    owed = Dose.objects.filter(phase__regimen=regimen, state=DoseState.OWED)
    owed.filter(is_next=True).update(is_next=False)
    for dose_id in owed.values_list("pk", flat=True):
        withdraw(kinds=OF_A_DOSE, subject_id=dose_id, why="The regimen was paused.")
