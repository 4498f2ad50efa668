"""One laboratory value as it was reported."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class LabValue:
    """A result in the laboratory's own words.

    `value` is None where the result is a word (`positive`); `text` always holds what was reported. `low` and `high`
    are the laboratory's reference range in the reported unit. `comparator` is `<`, `<=`, `>`, `>=` or None.
    """

    analyte: str
    value: Decimal | None
    text: str
    unit: str | None
    taken_on: date
    low: Decimal | None = None
    high: Decimal | None = None
    comparator: str | None = None
