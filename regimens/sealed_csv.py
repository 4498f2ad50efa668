"""Reports as CSV that a spreadsheet cannot run and a cut-off copy cannot pass for whole. Plain Python.

The first line says what the report is, the second names the columns, the last one seals the file: the number of rows
between and the SHA-256 of every byte before it. Text is made inert by an apostrophe that `unguarded` takes off again.
"""

import csv
import hashlib
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import BinaryIO

from b12clinic.inert_cells import guarded, unguarded

__all__ = ["BrokenSeal", "Cell", "Seal", "guarded", "sealed_csv", "unguarded", "verify", "written"]

Cell = str | int | Decimal | date | None

END = "End of report"
BYTE_ORDER_MARK = "\ufeff"
LINES_BEFORE_ROWS = 2


class BrokenSeal(ValueError):
    """The file is not a whole report; the sentence says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Seal:
    """What the last line says: the number of rows, and the SHA-256 of every byte before that line in hexadecimal."""

    rows: int
    sha256: str


def written(cell: Cell) -> str:
    """A cell as it stands in the file: numbers as digits, days as 2026-11-22, text made inert."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return guarded(cell)
    if isinstance(cell, date):
        return cell.isoformat()
    return format(cell.normalize(), "f") if isinstance(cell, Decimal) else str(cell)


def sealed_csv(
    *,
    about: Sequence[Cell],
    columns: Sequence[str],
    batches: Iterable[Iterable[Sequence[Cell]]],
    byte_order_mark: bool = False,
    finished: Callable[[Seal], None] = lambda seal: None,
) -> Iterator[bytes]:
    """The file in pieces, one a batch, so that memory stays flat. `finished` is called once the last piece was taken."""
    digest, rows = hashlib.sha256(), 0
    piece = ((BYTE_ORDER_MARK if byte_order_mark else "") + _lines([about, columns])).encode()
    digest.update(piece)
    yield piece
    for batch in batches:
        lines = list(batch)
        rows += len(lines)
        piece = _lines(lines).encode()
        digest.update(piece)
        yield piece
    seal = Seal(rows=rows, sha256=digest.hexdigest())
    yield _lines([(END, "rows", seal.rows, "sha256", seal.sha256)]).encode()
    finished(seal)


def _lines(rows: Iterable[Sequence[Cell]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows([written(cell) for cell in row] for row in rows)
    return text.getvalue()


def verify(file: BinaryIO) -> Seal:
    """The seal of a whole report. Raises BrokenSeal for one that was cut off or changed. Reads line by line."""
    before = _AllButLast(file)
    try:
        found = sum(1 for _ in csv.reader(before)) - LINES_BEFORE_ROWS
    except csv.Error as unreadable:
        raise BrokenSeal("The file cannot be read as CSV.") from unreadable
    seal = _read_seal(before.last)
    if seal.rows != found:
        raise BrokenSeal(f"The last line speaks of {seal.rows} rows; the file holds {found}.")
    if seal.sha256 != before.digest.hexdigest():
        raise BrokenSeal(
            "The file was changed after it was written: its SHA-256 is not the one in the last line."
        )
    return seal


class _AllButLast:
    """The lines of a file but the last, which is kept apart; the bytes given out are counted into the digest."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.digest = hashlib.sha256()
        self.last = b""

    def __iter__(self) -> Iterator[str]:
        for line in self.file:
            if self.last:
                yield self._counted()
            self.last = line

    def _counted(self) -> str:
        self.digest.update(self.last)
        try:
            return self.last.decode("utf-8")
        except UnicodeDecodeError as unreadable:
            raise BrokenSeal("The file is not UTF-8 text.") from unreadable


def _read_seal(line: bytes) -> Seal:
    match = re.fullmatch(rb"%s,rows,(\d+),sha256,([0-9a-f]{64})\r\n" % END.encode(), line)
    if match is None:
        raise BrokenSeal("The last line is missing: the file was cut off, and rows may be missing with it.")
    return Seal(rows=int(match[1]), sha256=match[2].decode())
