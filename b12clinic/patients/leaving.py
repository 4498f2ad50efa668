"""What must follow when somebody dies, in the same transaction: upper apps say so, this one knows only the moment."""

from datetime import date, datetime
from typing import Protocol, TypeVar

from b12clinic.accounts.models import User
from b12clinic.patients.models import Patient


class Follow(Protocol):
    """Acts on the death of a patient inside the caller's transaction."""

    def __call__(self, *, patient: Patient, by: User, at: datetime, today: date) -> None: ...


_FOLLOWS: list[Follow] = []
F = TypeVar("F", bound=Follow)


def follows_death(act: F) -> F:
    """Register the decorated function: it runs whenever a death is noted."""
    if act not in _FOLLOWS:
        _FOLLOWS.append(act)
    return act


def on_death(*, patient: Patient, by: User, at: datetime, today: date) -> None:
    """Run what was registered."""
    for act in _FOLLOWS:
        act(patient=patient, by=by, at=at, today=today)
