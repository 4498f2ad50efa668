"""Asked at the moment of sending: is this message still owed? Upper apps answer for their kinds from their `tasks.py`."""

from collections.abc import Callable
from datetime import date
from typing import Protocol, TypeVar

from django.utils.module_loading import autodiscover_modules


class Check(Protocol):
    """Whether the row `subject_id` still calls for its message about `about_on` on the clinic's day `today`."""

    def __call__(self, subject_id: int, about_on: date, today: date) -> bool: ...


class NoCheck(LookupError):
    """Nobody can say whether messages of this kind are still owed, so none is sent."""


_CHECKS: dict[str, Check] = {}
C = TypeVar("C", bound=Check)


def still_owed(kind: str) -> Callable[[C], C]:
    """Register the decorated function for a kind: `@still_owed("missed_injection")`."""

    def register(check: C) -> C:
        _CHECKS[kind] = check
        return check

    return register


def check_for(kind: str) -> Check:
    """The function that answers for this kind. Raises NoCheck."""
    if kind not in _CHECKS:
        autodiscover_modules("tasks")  # a worker has loaded them; a shell, a command or a test may not have
    if kind not in _CHECKS:
        raise NoCheck(f"Nobody can say whether messages of the kind “{kind}” are still owed.")
    return _CHECKS[kind]
