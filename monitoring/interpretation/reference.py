"""A value against the laboratory's own reference range, in the unit of both."""

from __future__ import annotations

from decimal import Decimal

LOW, HIGH, NORMAL, UNCLEAR, NO_RANGE = "low", "high", "normal", "unclear", ""


def against_range(number: Decimal, comparator: str, low: Decimal | None, high: Decimal | None) -> str:
    """`low`, `high`, `normal`, `unclear` where a comparator leaves it open, or empty where there is no range.

    Both ends belong to the range. A value known only as `<10` is low when 10 does not exceed the lower end.
    """
    if low is None and high is None:
        return NO_RANGE
    if comparator in ("<", "<="):
        return _at_most(number, comparator, low, high)
    if comparator in (">", ">="):
        return _at_least(number, comparator, low, high)
    if low is not None and number < low:
        return LOW
    return HIGH if high is not None and number > high else NORMAL


def _at_most(number: Decimal, comparator: str, low: Decimal | None, high: Decimal | None) -> str:
    if low is not None:
        surely_below = number <= low if comparator == "<" else number < low
        return LOW if surely_below else UNCLEAR
    return NORMAL if high is not None and number <= high else UNCLEAR


def _at_least(number: Decimal, comparator: str, low: Decimal | None, high: Decimal | None) -> str:
    if high is not None:
        surely_above = number >= high if comparator == ">" else number > high
        return HIGH if surely_above else UNCLEAR
    return NORMAL if low is not None and number >= low else UNCLEAR
