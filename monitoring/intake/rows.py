"""What a laboratory's file says, row by row: as text, as read, or as a row that cannot be read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from monitoring.interpretation.typed_value import POINT

Identifiers = tuple[tuple[str, str], ...]


class FileRefused(ValueError):
    """A file that cannot be read at all; the message is the one sentence for who sent it."""


class Said(NamedTuple):
    """One result in the laboratory's own words. `identifiers` are (scheme, number), the scheme empty where unsaid.

    `code` and `test` are its code and its name for the test, `system` says what the code is taken from. `status` is one
    of `intake.statuses`, `flag` the laboratory's own mark of an abnormal value.
    """

    identifiers: Identifiers = ()
    name: str = ""
    born_on: str = ""
    code: str = ""
    test: str = ""
    system: str = ""
    value: str = ""
    comparator: str = ""
    unit: str = ""
    taken_on: str = ""
    low: str = ""
    high: str = ""
    source_id: str = ""
    status: str = ""
    flag: str = ""


class LabRow(NamedTuple):
    """One result, its days and test understood; value, unit and range still as text.

    `analyte` is ours. `code_unit` is the unit that a LOINC code speaks of, empty where it speaks of none. `corrected`
    is None where the file's kind does not say. `number` is the place in the file, as a person would count. `taken_at` is
    the moment of the sample in UTC, None where a day alone was written. `among_several`: the message holds the test more
    than once under one number, and `source_id` tells them apart by their places only.
    """

    number: int
    identifiers: Identifiers
    name: str
    born_on: date | None
    analyte: str
    code: str
    code_unit: str
    value: str
    comparator: str
    unit: str
    taken_on: date
    low: str
    high: str
    source_id: str
    corrected: bool | None
    flag: str
    taken_at: datetime | None = None
    among_several: bool = False
    decimal_mark: str = POINT

    def said(self) -> dict[str, object]:
        """The row as text, so that it can wait for somebody."""
        return {
            "identifiers": [list(pair) for pair in self.identifiers],
            "name": self.name,
            "born_on": self.born_on.isoformat() if self.born_on else "",
            "analyte": self.analyte,
            "code": self.code,
            "value": self.value,
            "comparator": self.comparator,
            "unit": self.unit,
            "taken_on": self.taken_on.isoformat(),
            "taken_at": self.taken_at.isoformat() if self.taken_at else "",
            "low": self.low,
            "high": self.high,
            "source_id": self.source_id,
            "flag": self.flag,
        }


class RowError(NamedTuple):
    """A row that cannot be read: why, as a fate and a sentence, and what it says."""

    number: int
    fate: str
    sentence: str
    said: dict[str, object]


@dataclass(frozen=True)
class Layout:
    """How one laboratory writes its files, and the zones in which its times and the clinic's days are meant.

    `columns` maps our fields to its headings, `codes` its codes to our analytes (empty: left out), `units` an analyte to
    the unit that somebody confirmed for values without one. `day_first` None: 05/01/2026 is refused as ambiguous.
    `decimal_mark` is a point unless the laboratory declared a comma; numbers with the other one are refused.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    codes: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    encoding: str = "utf-8"
    scheme: str = ""
    day_first: bool | None = None
    decimal_mark: str = POINT
    zone: str = ""
    clinic_zone: str = "UTC"
