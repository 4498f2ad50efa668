"""What a person types for a laboratory value, read without guessing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

COMPARATORS: tuple[str, ...] = ("<", ">", "<=", ">=")
POINT, COMMA = ".", ","

_SPELLINGS = {"≤": "<=", "≥": ">=", "=<": "<=", "=>": ">="}
_TYPED = re.compile(r"(?P<comparator><=|>=|=<|=>|<|>|≤|≥)?\s*(?P<number>\S.*)")
_NUMBER = re.compile(r"[0-9]{1,9}(\.[0-9]{1,6})?")


class Unreadable(ValueError):
    """What was typed is not a number that can be read in one way only; the sentence says how to write it."""


@dataclass(frozen=True, slots=True)
class TypedValue:
    """A number as typed (`text`), its value, and the comparator in front of it, empty where there is none."""

    text: str
    number: Decimal
    comparator: str


def read_typed(text: str, mark: str = POINT) -> TypedValue:
    """Read `4.10` or `<150`. Raises Unreadable for anything that a reader could take in two ways.

    Where the laboratory declared a decimal comma (`mark`), the text kept has a point for it all the same: on a page of
    ours 1,234 would be read as a thousand and more.
    """
    match = _TYPED.fullmatch(text.strip())
    if match is None:
        raise Unreadable("Type the number that the laboratory reported.")
    comparator = match["comparator"] or ""
    number = read_number(match["number"], mark)
    text = match["number"].replace(COMMA, POINT)
    return TypedValue(text, number, _SPELLINGS.get(comparator, comparator))


def read_number(text: str, mark: str = POINT) -> Decimal:
    """A plain decimal such as `85` or `0.28`. Raises Unreadable; a comma is never taken for a point or a thousand.

    With `mark` a comma, as a laboratory declared it of its files, it is the other way round: `0,28` is read, a point is not.
    """
    typed = text.strip()
    if mark == COMMA:
        if POINT in typed:
            raise Unreadable(
                f"“{typed}” has a point, but this laboratory's decimal mark is a comma, so that it could mean thousands."
            )
        typed = typed.replace(COMMA, POINT, 1)
    if "," in typed:
        raise Unreadable(
            f"“{typed}” has a comma, which could mean a decimal or thousands. Write 4.1 with a point, 1250 without a mark."
        )
    if not _NUMBER.fullmatch(typed):
        raise Unreadable(f"“{typed}” is not a plain number. Write it as in 85 or 0.28.")
    return Decimal(typed)
