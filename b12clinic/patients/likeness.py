"""Whether two entries of the register may be one person. Plain Python."""

from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher

from b12clinic.patients.birth_dates import turned

CLOSE = 0.8  # of difflib's 0 to 1: "smith" and "smyth" are 0.8, "jon" and "john" 0.86, "ada" and "ida" 0.67


@dataclass(frozen=True, slots=True)
class Entry:
    """What is compared: a name folded to its key, as written and with the last word first, and a date of birth."""

    name_key: str
    name_turned_key: str
    born_on: date


def likeness(one: Entry, other: Entry) -> str:
    """In words, why two entries look like one person; empty when they do not.

    The same date of birth with the same name in either order, or with a first or last name that is nearly the same;
    or the same name with day and month of birth changed over.
    """
    same_name = bool({one.name_key, one.name_turned_key} & {other.name_key, other.name_turned_key})
    if one.born_on == other.born_on:
        return "Same name, same date of birth" if same_name else _close_names(one, other)
    if same_name and other.born_on == turned(one.born_on):
        return "Same name, day and month of birth changed over"
    return ""


def _close_names(one: Entry, other: Entry) -> str:
    first, last = _ends(one)
    other_first, other_last = _ends(other)
    if _close(last, other_last):
        return "Same date of birth, same or similar last name"
    if _close(first, other_first):
        return "Same date of birth, same or similar first name"
    if _close(first, other_last) and _close(last, other_first):
        return "Same date of birth, similar names changed over"
    return ""


def _ends(entry: Entry) -> tuple[str, str]:
    words = entry.name_key.split()
    return words[0], words[-1]


def _close(word: str, other: str) -> bool:
    return SequenceMatcher(None, word, other, autojunk=False).ratio() >= CLOSE
