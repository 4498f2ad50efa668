"""Cells of a CSV file that no spreadsheet takes for a formula. Plain Python."""

import re

# What makes Excel, LibreOffice or Google Sheets take a cell for a formula, the full-width forms among them. The
# apostrophe is in the list so that taking one off again is exact.
_RUNS = "=+\\-@＝＋－＠"
_AT_START = re.compile(rf"""^(?:['\t\r\n\0]|[\s"\ufeff\u200b]*[{_RUNS}])""")
# Where the spreadsheet of another country splits the line; a comma is safe inside quotes.
_AFTER_SEPARATOR = re.compile(rf"""([;|\t\r\n])(?=['\t\r\n]|[\s"\ufeff\u200b]*[{_RUNS}])""")
_GUARD_AFTER_SEPARATOR = re.compile(r"([;|\t\r\n])'")


def guarded(text: str) -> str:
    """The text as a cell that no spreadsheet runs, whether it splits lines at commas, semicolons, tabs or bars."""
    inside = _AFTER_SEPARATOR.sub(r"\1'", text)
    return f"'{inside}" if _AT_START.match(text) else inside


def unguarded(cell: str) -> str:
    """The text that `guarded` was given."""
    return _GUARD_AFTER_SEPARATOR.sub(r"\1", cell.removeprefix("'"))
