"""One laboratory value as it was reported."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import NamedTuple


class LabValue(NamedTuple):
    """A result in the laboratory's own words.

    `value` is None where the result is a word (`positive`); `text` always holds what was reported. `low` and `high`
    are the laboratory's reference range in the reported unit. `comparator` is `<`, `<=`, `>`, `>=` or None.
    A tuple, since ten years of monthly results are a thousand of them.
    """

    analyte: str
    value: Decimal | None
    text: str
    unit: str | None
    taken_on: date
    low: Decimal | None = None
    high: Decimal | None = None
    comparator: str | None = None
