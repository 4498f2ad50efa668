"""The clinic sheet as CSV: one row a patient with columns to fill in by hand, and reading it back. Plain Python.

A spreadsheet may change the separator and the way days are written; what it did to a cell is not trusted but weighed.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid5

from regimens.sealed_csv import BYTE_ORDER_MARK, Cell, unguarded, written

PRINTED = (
    "Sheet",
    "Dose id",
    "Name",
    "Date of birth",
    "Identifier",
    "Risks",
    "Drug",
    "Dose (mcg)",
    "Route",
    "Dose",
    "Due",
    "Window opens",
    "Window ends",
    "Order",
    "Last injection",
)
FILLED = {
    "given": "Given (y/n)",
    "on": "Date",
    "time": "Time",
    "product": "Product",
    "lot": "Lot",
    "expiry": "Expiry",
    "site": "Site",
    "side": "Side",
    "authority": "Authority (prescription, PSD or PGD)",
    "asked": "Questions asked (y and who)",
    "reaction": "Reaction (none, or 1 to 5 and words)",
    "reason": "Reason",
    "given_by": "Given by (initials or username)",
}
"""The columns that stay empty until the clinic, by the names that the code has for them."""
COLUMNS = (*PRINTED, *FILLED.values())
READ_BACK = {"sheet": "Sheet", "dose": "Dose id", "name": "Name", **FILLED}
ONCE_CALLED = {"given_by": "Initials"}
LATER = frozenset({"product", "authority", "asked"})
"""Columns that a sheet given out before there were any may lack."""

MOST_ROWS = 500
MOST_BYTES = 1_000_000
LONGEST_CELL = 500
_ROWS = UUID("6f1f0d0e-6a55-5c56-9d4c-3f5b0f6f3a11")
"""The namespace of form keys made from sheet rows."""


class UnreadableSheet(ValueError):
    """The file is no clinic sheet; the sentence says what is wrong and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetRow:
    """A row as it came back, texts only. `line` is its line in the file, the heading being line 1.

    What stands in a column that an older sheet lacks is None.
    """

    line: int
    sheet: str
    dose: str
    name: str
    given: str
    on: str
    time: str
    lot: str
    expiry: str
    site: str
    side: str
    reaction: str
    reason: str
    given_by: str
    product: str | None = None
    authority: str | None = None
    asked: str | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing was filled in."""
        return not any(getattr(self, name) for name in FILLED)

    def form_key(self, clinic: UUID, outcome: str, day: str) -> UUID:
        """The same for the same row of the same sheet however often it comes back; another day is another attempt."""
        return uuid5(_ROWS, "/".join((str(clinic), self.sheet, self.dose, outcome, day)))


def sheet_lines(rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """The file, with a mark that makes spreadsheets read it as UTF-8; text in it is made inert."""
    yield (BYTE_ORDER_MARK + csv_line(COLUMNS)).encode()
    for row in rows:
        yield csv_line([*row, *("" for _ in FILLED)]).encode()


def csv_line(cells: Sequence[Cell]) -> str:
    """One line of a file that no spreadsheet runs."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow([written(cell) for cell in cells])
    return text.getvalue()


def read_sheet(content: bytes) -> list[SheetRow]:
    """The rows of a sheet that came back. Raises UnreadableSheet with one sentence for a file that is none."""
    lines = _lines(content)
    heads = [head.strip().casefold() for head in lines[0]]
    places = _places(heads)
    rows = [
        SheetRow(line=number, **{name: _cell(line, place) for name, place in places.items()})
        for number, line in enumerate(lines[1:], start=2)
        if any(cell.strip() for cell in line)
    ]
    if not rows:
        raise UnreadableSheet("The sheet has a heading and no rows.")
    if len(rows) > MOST_ROWS:
        raise UnreadableSheet(
            f"The sheet has {len(rows)} rows; at most {MOST_ROWS} are taken at once. Split the file."
        )
    return rows


def _places(heads: Sequence[str]) -> dict[str, int]:
    """Where each column stands, under its name or the one it had once."""
    places = {}
    for name, column in READ_BACK.items():
        called = (column.casefold(), ONCE_CALLED.get(name, column).casefold())
        found = next((one for one in called if one in heads), None)
        if found is not None:
            places[name] = heads.index(found)
        elif name not in LATER:
            raise UnreadableSheet(
                f"This is not a clinic sheet: the column “{column}” is missing. Fill in the file that this page gives out."
            )
    return places


def _lines(content: bytes) -> list[list[str]]:
    if len(content) > MOST_BYTES:
        raise UnreadableSheet(
            "The file is larger than 1 MB; a clinic sheet never is. Choose the sheet's own file."
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise UnreadableSheet(
            "The file is not UTF-8 text; save it in the spreadsheet as “CSV UTF-8” and try again."
        )
    heading = text.lstrip().partition("\n")[0]
    separator = max(",;\t", key=heading.count)
    try:
        lines = list(csv.reader(io.StringIO(text.lstrip(), newline=""), delimiter=separator, strict=True))
    except csv.Error as broken:
        raise UnreadableSheet(
            "The file cannot be read as CSV; save the sheet as CSV and try again."
        ) from broken
    if not lines:
        raise UnreadableSheet("The file is empty.")
    return lines


def _cell(line: Sequence[str], place: int) -> str:
    text = unguarded(line[place]).strip() if place < len(line) else ""
    return text[:LONGEST_CELL]
