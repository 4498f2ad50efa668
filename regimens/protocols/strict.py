"""Reads untrusted nested data (YAML, JSON, a stored snapshot) and says exactly where it does not fit.

Nothing is guessed and nothing is half-read: an unknown key, a missing key, a wrong type or an unknown code
raises `Misfit` with the path of the field and what was expected there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import Enum
from typing import Any, NoReturn, TypeVar

E = TypeVar("E", bound=Enum)
T = TypeVar("T")


_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_DIGITS_SHOWN, _TEXT_SHOWN = 18, 80


class Misfit(ValueError):
    """A value that does not fit: the path of its field and what was expected."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Node:
    """One value and the path that leads to it, e.g. `protocols[2].phases[0].drug`."""

    value: Any
    path: str = ""

    def fail(self, reason: str) -> NoReturn:
        raise Misfit(self.path or "the document", reason)

    def fields(self, required: Collection[str], optional: Collection[str] = ()) -> dict[str, Node]:
        """The fields of a mapping; a missing one of `optional` is present as a node that holds None."""
        if not isinstance(self.value, Mapping):
            self.fail(f"expected a mapping, found {_kind(self.value)}")
        self._no_unknown_keys({*required, *optional})
        for key in required:
            if key not in self.value:
                self.child(key).fail("is missing and must be there")
        return {key: self.child(key) for key in (*required, *optional)}

    def _no_unknown_keys(self, known: Collection[str]) -> None:
        for key in self.value:
            if key not in known:
                self.child(key).fail(f"is not a field here; expected one of: {', '.join(sorted(known))}")

    def child(self, key: str) -> Node:
        return Node(self.value.get(key), f"{self.path}.{key}" if self.path else str(key))

    def items(self) -> Iterator[Node]:
        """The entries of a list."""
        if not isinstance(self.value, list | tuple):
            self.fail(f"expected a list, found {_kind(self.value)}")
        for place, entry in enumerate(self.value):
            yield Node(entry, f"{self.path}[{place}]")

    def entries(self) -> Iterator[tuple[str, Node]]:
        """The pairs of a mapping with free keys, which are text."""
        if not isinstance(self.value, Mapping):
            self.fail(f"expected a mapping, found {_kind(self.value)}")
        for key in self.value:
            yield Node(key, self.path).text(), self.child(key)

    @property
    def is_absent(self) -> bool:
        return self.value is None

    def optional(self, read: Callable[[Node], T]) -> T | None:
        """None where nothing is written, else what `read` makes of it."""
        return None if self.is_absent else read(self)

    def text(self, at_most: int | None = None) -> str:
        """Text that is not empty, of `at_most` so many letters where that is said."""
        text = self.any_text()
        if not text:
            self.fail(f"expected text, found {_kind(self.value)}")
        if at_most is not None and len(text) > at_most:
            self.fail(f"expected {at_most} letters at most, found {len(text)}")
        return text

    def any_text(self) -> str:
        """Text that may be empty, without control characters: no database and no page can keep them."""
        if not isinstance(self.value, str):
            self.fail(f"expected text, found {_kind(self.value)}")
        if _UNPRINTABLE.search(self.value):
            self.fail("expected text, found a control character in it")
        return self.value.strip()

    def slug(self, at_most: int) -> str:
        """A name that fits into an address: small letters, digits and single hyphens."""
        text = self.text(at_most)
        if not _SLUG.fullmatch(text):
            self.fail(f"expected small letters, digits and single hyphens, found {_kind(text)}")
        return text

    def flag(self) -> bool:
        if not isinstance(self.value, bool):
            self.fail(f"expected true or false, found {_kind(self.value)}")
        return self.value

    def whole(self, at_least: int = 0, at_most: int | None = None) -> int:
        if isinstance(self.value, bool) or not isinstance(self.value, int):
            self.fail(f"expected a whole number, found {_kind(self.value)}")
        if self.value < at_least:
            self.fail(f"expected {at_least} or more, found {_kind(self.value)}")
        if at_most is not None and self.value > at_most:
            self.fail(f"expected {at_most} or less, found {_kind(self.value)}")
        return self.value

    def number(self, at_least: Decimal | None = None, at_most: Decimal | None = None) -> Decimal:
        """A number, written as a number or as its digits; binary fractions are read as they were written."""
        if isinstance(self.value, bool) or not isinstance(self.value, int | float | str | Decimal):
            self.fail(f"expected a number, found {_kind(self.value)}")
        try:
            number = Decimal(self.value if isinstance(self.value, int) else str(self.value).strip())
        except InvalidOperation:
            self.fail(f"expected a number, found {_shown(self.value)}")
        if not number.is_finite():
            self.fail(f"expected a finite number, found {_shown(self.value)}")
        if at_least is not None and number < at_least:
            self.fail(f"expected {at_least} or more, found {_shown(self.value)}")
        if at_most is not None and number > at_most:
            self.fail(f"expected {at_most} or less, found {_shown(self.value)}")
        return number

    def day(self) -> date:
        """A calendar date; a moment is refused, since it would hide a time zone."""
        if isinstance(self.value, date) and not isinstance(self.value, datetime):
            return self.value
        if isinstance(self.value, str):
            written = self.value.strip()
            try:
                day = date.fromisoformat(written)
            except ValueError:
                day = None
            if day is not None and day.isoformat() == written:
                return day
        return self.fail(f"expected a date as YYYY-MM-DD, found {_shown(self.value)}")

    def code(self, vocabulary: type[E]) -> E:
        """A member of a closed vocabulary, by its code."""
        try:
            return vocabulary(self.value)
        except ValueError:
            known = ", ".join(str(member.value) for member in vocabulary)
            self.fail(f"unknown code {_shown(self.value)}; expected one of: {known}")

    def one_of(self, known: Collection[str]) -> str:
        if not isinstance(self.value, str) or self.value not in known:
            self.fail(f"unknown code {_shown(self.value)}; expected one of: {', '.join(sorted(known))}")
        return self.value


def _kind(value: Any) -> str:
    return f"the text {_shown(value)}" if isinstance(value, str) else _shown(value)


def _shown(value: Any) -> str:
    """A value in few words, however long, deep or endless it is."""
    if value is None:
        return "nothing"
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, list | tuple | set):
        return "a list"
    if isinstance(value, int) and abs(value) >= 10**_DIGITS_SHOWN:
        return f"a number of more than {_DIGITS_SHOWN} digits"
    words = repr(value)
    return words if len(words) <= _TEXT_SHOWN else f"{words[:_TEXT_SHOWN]}…"
