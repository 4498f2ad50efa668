"""Rows of a CSV file: the columns by their headings, the separator by the headings, one row spoiled spoils no other."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TextIO

from .bounds import LINES_OF_ONE_ROW, LONGEST_LINE, MOST_COLUMNS, MOST_ROWS
from .fates import Fate
from .limits import limits_of
from .rows import FileRefused, LabRow, Layout, RowError, Said
from .understand import row_error, understood

FIELDS: tuple[str, ...] = (
    "identifier", "scheme", "name", "born_on", "code", "test", "value", "comparator", "unit", "taken_on",
    "low", "high", "range", "source_id", "status", "flag",
)  # fmt: skip
"""What a column may be; a file that uses these words as headings needs no profile."""

NEEDED = ("identifier", "born_on", "value", "taken_on")
SEPARATORS = (",", ";", "\t", "|")
_WORDS = {
    "identifier": "patient's number", "born_on": "date of birth", "value": "value", "taken_on": "day of the sample",
}  # fmt: skip

Cells = Sequence[str]


def csv_rows(text: TextIO, layout: Layout) -> Iterator[LabRow | RowError]:
    """Every row below the headings. Raises FileRefused when no headings can be made out, or past the bounds."""
    lines = _Lines(text)
    separator, headings = _headings(lines, layout)
    cells = _picker(headings, layout)
    for count, (number, row) in enumerate(_records(lines, separator, len(headings))):
        if count >= MOST_ROWS:
            raise FileRefused(f"The file has more than {MOST_ROWS:,} rows; ask for it in parts.")
        if isinstance(row, str):
            said = Said(value=row[:200])
            yield row_error(number, said, Fate.UNREADABLE, _spoiled(row, headings, separator))
        else:
            yield understood(number, cells(row), layout)


class _Lines:
    """The lines with their numbers, some of which may be looked at before they are taken."""

    def __init__(self, text: TextIO) -> None:
        self._text, self._ahead, self.number = text, deque[str](), 0

    def take(self) -> str:
        """The next line without its end; empty at the end of the file, a line's own emptiness being one space."""
        self.number += 1
        return self._ahead.popleft() if self._ahead else self._read()

    def ahead(self, count: int) -> list[str]:
        """The next lines, left where they are."""
        while len(self._ahead) < count and (line := self._read()):
            self._ahead.append(line)
        return list(self._ahead)[:count]

    def drop(self, count: int) -> None:
        """Pass over lines that were looked at."""
        for _ in range(count):
            self.take()

    def _read(self) -> str:
        line = rest = self._text.readline(LONGEST_LINE + 2)
        while len(rest) > LONGEST_LINE and not rest.endswith(("\r", "\n")):
            rest = self._text.readline(
                LONGEST_LINE + 2
            )  # of a line too long to be a row, only the start is kept
        return line.rstrip("\r\n") or " " if line else ""


def _headings(lines: _Lines, layout: Layout) -> tuple[str, list[str]]:
    """The separator under which the most of our columns are found, and the headings that it makes."""
    line = _first_line(lines)
    if len(line) > LONGEST_LINE or max(line.count(mark) for mark in SEPARATORS) >= MOST_COLUMNS:
        raise FileRefused(
            f"The first line is too long to be headings: at most {MOST_COLUMNS} columns are read."
        )
    wanted = {heading.casefold() for heading in _columns(layout).values()}
    found = [(mark, _split(line, mark) or []) for mark in SEPARATORS]
    separator, cells = max(found, key=lambda pair: len(wanted & {_heading(cell) for cell in pair[1]}))
    headings = [_heading(cell) for cell in cells]
    _refuse_headings(headings, layout)
    return separator, headings


def _first_line(lines: _Lines) -> str:
    while line := lines.take():
        if line.strip() and not line.casefold().startswith("sep="):
            return line
    raise FileRefused("The file is empty.")


def _refuse_headings(headings: list[str], layout: Layout) -> None:
    columns = _columns(layout)
    missing = [name for name in NEEDED if columns[name].casefold() not in headings]
    if not {columns["code"].casefold(), columns["test"].casefold()} & set(headings):
        missing.append("code")
    if missing:
        wanted = ", ".join(f"“{columns[name]}” ({_WORDS.get(name, 'test')})" for name in missing)
        raise FileRefused(
            f"The first line has no column {wanted}: choose the laboratory's profile, or name its columns."
        )
    twice = {name for name in columns.values() if headings.count(name.casefold()) > 1}
    if twice:
        raise FileRefused(
            f"The heading “{min(twice)}” stands twice, so it is not sure which column is meant."
        )


def _columns(layout: Layout) -> Mapping[str, str]:
    return {name: layout.columns.get(name) or name for name in FIELDS}


def _heading(cell: str) -> str:
    return cell.strip().casefold()


def _picker(headings: list[str], layout: Layout) -> Callable[[Cells], Said]:
    """What turns the cells of a row into words, the places looked up once."""
    columns = _columns(layout)
    at = {
        name: headings.index(columns[name].casefold())
        for name in FIELDS
        if columns[name].casefold() in headings
    }
    blank = len(headings)
    places = [at.get(name, blank) for name in FIELDS]

    def pick(row: Cells) -> Said:
        cells = (*row, "")
        (identifier, scheme, name, born_on, code, test, value, comparator, unit, taken_on,
         low, high, printed, source_id, status, flag) = [cells[place].strip() for place in places]  # fmt: skip
        if printed and not (low or high):
            low, high = limits_of(printed)
        who = ((scheme or layout.scheme, identifier),) if identifier else ()
        return Said(
            who, name, born_on, code or test, test, "", value, comparator, unit, taken_on,
            low, high, source_id, status, flag,
        )  # fmt: skip

    return pick


def _records(lines: _Lines, separator: str, width: int) -> Iterator[tuple[int, list[str] | str]]:
    """(number of its first line, cells) of each row; the line as text where it does not come out at the headings' width."""
    while line := lines.take():
        if not line.strip():
            continue
        number = lines.number
        row = _split(line, separator) if len(line) <= LONGEST_LINE else None
        if row is None and '"' in line:
            row = _over_lines(line, lines, separator, width)
        row = _fitted(row, width)
        yield number, line if row is None else row


def _split(line: str, separator: str) -> list[str] | None:
    """The cells of one line; None where its quotes do not close."""
    if '"' not in line:
        return line.split(separator)
    try:
        return next(csv.reader((line,), delimiter=separator, strict=True))
    except (csv.Error, StopIteration):
        return None


def _over_lines(line: str, lines: _Lines, separator: str, width: int) -> list[str] | None:
    """A cell may hold line ends: the row is the shortest run of lines that comes out at the headings' width."""
    following = lines.ahead(LINES_OF_ONE_ROW)
    for count in range(1, len(following) + 1):
        joined = "\n".join([line, *following[:count]])
        if len(joined) > LONGEST_LINE:
            return None
        try:
            row = next(csv.reader(joined.splitlines(keepends=True), delimiter=separator, strict=True))
        except (csv.Error, StopIteration):
            continue
        if len(row) == width:
            lines.drop(count)
            return row
    return None


def _fitted(row: list[str] | None, width: int) -> list[str] | None:
    """The row, if it is as wide as the headings. One cell too many may be a decimal comma, so none is ever cut off."""
    return row if row is not None and len(row) == width else None


def _spoiled(line: str, headings: list[str], separator: str) -> str:
    row = _split(line, separator) if len(line) <= LONGEST_LINE else []
    if row:
        return f"The row has {len(row)} cells, the headings are {len(headings)}."
    return "A quotation mark of this row is not closed." if row is None else "The row is too long."
