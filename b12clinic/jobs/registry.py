"""Who does which kind of job. Upper apps register their handlers in their `tasks.py`; this app knows only the kinds."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol, TypeVar

from django.utils.module_loading import autodiscover_modules


class Handler(Protocol):
    """Does one job. Runs inside a transaction; run twice, it acts once. `at` is the moment of the run, aware."""

    def __call__(self, subject_id: int, at: datetime) -> None: ...


class NoHandler(LookupError):
    """Nobody has registered for this kind of job."""


_HANDLERS: dict[str, Handler] = {}
H = TypeVar("H", bound=Handler)


def handles(kind: str) -> Callable[[H], H]:
    """Register the decorated function for a kind: `@handles("regimens.recheck_safety")`."""

    def register(handler: H) -> H:
        _HANDLERS[kind] = handler
        return handler

    return register


def handler_for(kind: str) -> Handler:
    """The function that does jobs of this kind. Raises NoHandler."""
    if kind not in _HANDLERS:
        autodiscover_modules("tasks")  # a worker has loaded them; a shell, a command or a test may not have
    if kind not in _HANDLERS:
        raise NoHandler(f"No handler is registered for jobs of the kind “{kind}”.")
    return _HANDLERS[kind]
