"""The states that a row may go through: one table per model, by which its services move and the reference draws."""

from collections.abc import Iterable
from typing import Any, NamedTuple, TypeVar

from django.db import models

Row = TypeVar("Row", bound=models.Model)


class Move(NamedTuple):
    """One step that a row may take, and what takes it. `begins` is empty for a row that is made."""

    begins: str
    ends: str
    when: str


class MovingQuerySet(models.QuerySet[Row]):
    """Rows whose state changes by the table `MOVES` of their model alone."""

    def move(self, begins: str | tuple[str, ...], ends: str, **changes: Any) -> int:
        """Those of these rows that stand in `begins` go to `ends`, in one conditional update; how many did.

        Raises ValueError for a step that is not in the table.
        """
        wanted = (begins,) if isinstance(begins, str) else begins
        _check(self.model, wanted, ends)
        return self.filter(state__in=wanted).update(state=ends, **changes)


def move_in_sql(model: type[models.Model], begins: tuple[str, ...], ends: str) -> tuple[str, str]:
    """The same step in the words of an UPDATE written by hand: what it sets, and of which rows. Raises ValueError likewise."""
    _check(model, begins, ends)
    wanted = ", ".join(f"'{begin}'" for begin in begins)
    return f"state = '{ends}'", f"state IN ({wanted})"


def _check(model: type[models.Model], begins: Iterable[str], ends: str) -> None:
    allowed = {(move.begins, move.ends) for move in model.MOVES}  # type: ignore[attr-defined]
    for begin in begins:
        if (begin, ends) not in allowed:
            raise ValueError(f"{model.__name__} does not go from {begin} to {ends}.")
