"""Sign a patient-specific direction for a regimen until a day, and end one before it."""

from datetime import date, datetime

from django.db import transaction

from b12clinic.accounts.models import User
from b12clinic.accounts.services import audit
from regimens.models import Direction, Regimen


class NoDirection(ValueError):
    """Why no direction is signed or ended; the sentence says what is wanted."""


@transaction.atomic
def sign_direction(
    *, regimen: Regimen, from_on: date, until_on: date, by: User, at: datetime, today: date
) -> Direction:
    """Let nurses give the doses of a regimen from one day to another, both counted; one signed before gives way.

    Raises NoDirection for days in the wrong order or all past, and for a regimen that is over.
    """
    regimen = Regimen.objects.select_for_update(of=("self",)).select_related("clinic").get(pk=regimen.pk)
    if regimen.ended_on is not None:
        raise NoDirection("This regimen is over; nothing is given under it.")
    if until_on < from_on or until_on < today:
        raise NoDirection("A direction ends on its first day or later, and not before today.")
    Direction.objects.filter(regimen=regimen, ended_on__isnull=True).update(ended_on=today)
    direction = Direction.objects.create(regimen=regimen, from_on=from_on, until_on=until_on, by=by, at=at)
    _note("direction.signed", direction, regimen, by=by, at=at)
    return direction


@transaction.atomic
def end_direction(*, direction: Direction, by: User, at: datetime, today: date) -> None:
    """End a direction today. Raises NoDirection when it has ended already."""
    if not Direction.objects.filter(pk=direction.pk, ended_on__isnull=True).update(ended_on=today):
        raise NoDirection("This direction has been ended already.")
    regimen = Regimen.objects.select_related("clinic").get(pk=direction.regimen_id)
    _note("direction.ended", direction, regimen, by=by, at=at)


def _note(action: str, direction: Direction, regimen: Regimen, *, by: User, at: datetime) -> None:
    audit.note(
        at=at,
        clinic=regimen.clinic,
        by=by,
        action=action,
        subject=f"regimen:{regimen.public_id}",
        patient_id=regimen.patient_id,
        after={"from_on": direction.from_on.isoformat(), "until_on": direction.until_on.isoformat()},
    )
