"""A row that was read, as the few words that are kept of it until its file is imported, and the row made of them again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from .rows import LabRow, RowError

Words = Sequence[Any] | Mapping[str, Any]


def words_of(row: LabRow | RowError) -> Words:
    """What JSON can hold of a row besides its number, its days still as days."""
    if isinstance(row, RowError):
        return {"fate": row.fate, "sentence": row.sentence, "said": row.said}
    return row[1:]


def row_of(number: int, words: Words) -> LabRow | RowError:
    """The row as it was read."""
    if isinstance(words, Mapping):
        return RowError(number, words["fate"], words["sentence"], words["said"])
    row = LabRow(number, *words)
    return row._replace(
        identifiers=tuple((scheme, one) for scheme, one in row.identifiers),
        born_on=None if row.born_on is None else date.fromisoformat(str(row.born_on)),
        taken_on=date.fromisoformat(str(row.taken_on)),
        taken_at=None if row.taken_at is None else datetime.fromisoformat(str(row.taken_at)),
    )


def said_by(number: int, words: Words) -> dict[str, object]:
    """What a row says, as text."""
    row = row_of(number, words)
    return row.said() if isinstance(row, LabRow) else row.said
