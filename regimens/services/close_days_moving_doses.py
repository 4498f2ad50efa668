"""Close the clinic on days and move the doses that were planned on them; or show what that would move."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from b12clinic.accounts.models import Clinic, User
from b12clinic.accounts.services.close_days import close_days
from regimens.models import Dose, Regimen, RegimenState, Revision, RevisionKind
from regimens.policies import policy_of
from regimens.queries.day_load import regimens_with_doses_on
from regimens.services.redate import redate


@dataclass(frozen=True, slots=True)
class Moved:
    """One dose that leaves its day. `late`: no open day was left inside its window; `paused`: its plan rests."""

    dose: Dose
    was_due_on: date
    due_on: date
    late: bool
    paused: bool = False


@dataclass(frozen=True, slots=True)
class Closing:
    """The days that were not closed before, and the doses that moved, earliest first."""

    fresh: list[date]
    moved: tuple[Moved, ...]


@transaction.atomic
def close_days_moving_doses(
    *, clinic: Clinic, days: Mapping[date, str], by: User, at: datetime, today: date
) -> Closing:
    """Close the clinic on these days, each with why, and re-date every regimen that had a dose on one of them.

    Days that have passed move nothing. Raises NotClosed as `close_days` does.
    """
    fresh = close_days(clinic=clinic, days=days, by=by, at=at)
    ahead = [day for day in fresh if day >= today]
    moved = [
        move
        for regimen_id in regimens_with_doses_on(clinic, ahead)
        for move in _move_off(regimen_id, days, by=by, at=at)
    ]
    return Closing(fresh, tuple(sorted(moved, key=lambda move: (move.was_due_on, move.dose.pk))))


def rehearse(*, clinic: Clinic, days: Mapping[date, str], by: User, at: datetime, today: date) -> Closing:
    """What closing would move, worked out by closing and taking it back: what is shown is what would be saved."""
    with transaction.atomic():
        closing = close_days_moving_doses(clinic=clinic, days=days, by=by, at=at, today=today)
        transaction.set_rollback(True)
    return closing


def _move_off(regimen_id: int, days: Mapping[date, str], *, by: User, at: datetime) -> list[Moved]:
    regimen = (
        Regimen.objects.select_for_update(of=("self",)).select_related("clinic", "patient").get(pk=regimen_id)
    )
    windows = dict(Dose.objects.filter(phase__regimen=regimen).values_list("pk", "overdue_on"))
    regimen.version += 1
    regimen.save(update_fields=["version"])
    why = "; ".join(f"{day.day} {day:%B %Y}, {reason}" for day, reason in sorted(days.items()))
    revision = Revision.objects.create(
        regimen=regimen,
        number=regimen.version,
        kind=RevisionKind.ADJUSTED,
        reason=f"The clinic is closed: {why}.",
        by=by,
        at=at,
    )
    redating = redate(regimen=regimen, revision=revision, policy=policy_of(regimen))
    for dose, _, _ in redating.moved:
        dose.patient = regimen.patient
    paused = regimen.state == RegimenState.PAUSED
    return [
        Moved(dose, was, now, late=now >= windows[dose.pk], paused=paused)
        for dose, was, now in redating.moved
    ]
