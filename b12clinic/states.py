"""The states that a row may go through: one table per model, by which its services move and the reference draws."""

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
        allowed = {(move.begins, move.ends) for move in self.model.MOVES}  # type: ignore[attr-defined]
        wanted = (begins,) if isinstance(begins, str) else begins
        for begin in wanted:
            if (begin, ends) not in allowed:
                raise ValueError(f"{self.model.__name__} does not go from {begin} to {ends}.")
        return self.filter(state__in=wanted).update(state=ends, **changes)
