"""What becomes of a row of a laboratory's file."""

from __future__ import annotations

from enum import StrEnum


class Fate(StrEnum):
    """The closed list of fates, in the order in which a page tells them."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    LEFT_OUT = "left_out"
    UNKNOWN_PATIENT = "unknown_patient"
    BIRTH_DATE = "birth_date"
    UNKNOWN_TEST = "unknown_test"
    NO_UNIT = "no_unit"
    BAD_UNIT = "bad_unit"
    BAD_VALUE = "bad_value"
    BAD_DATE = "bad_date"
    FUTURE = "future"
    DOUBTED = "doubted"
    DUPLICATE = "duplicate"
    CONFLICT = "conflict"
    NOT_FINAL = "not_final"
    WITHDRAWN = "withdrawn"
    UNREADABLE = "unreadable"

    @property
    def label(self) -> str:
        """The fate in words."""
        return _LABELS[self]

    @property
    def is_taken(self) -> bool:
        """Whether the row becomes a result."""
        return self in TAKEN

    @property
    def is_refused(self) -> bool:
        """Whether the row waits for somebody."""
        return self in REFUSED


TAKEN = frozenset({Fate.NEW, Fate.CHANGED})
NOTHING_TO_DO = frozenset({Fate.SAME, Fate.LEFT_OUT})
REFUSED = frozenset(Fate) - TAKEN - NOTHING_TO_DO

_LABELS = {
    Fate.NEW: "New",
    Fate.CHANGED: "Corrects an earlier one",
    Fate.SAME: "On file already",
    Fate.LEFT_OUT: "Left out",
    Fate.UNKNOWN_PATIENT: "Unknown patient",
    Fate.BIRTH_DATE: "Date of birth does not match",
    Fate.UNKNOWN_TEST: "Unknown test",
    Fate.NO_UNIT: "No unit",
    Fate.BAD_UNIT: "Not a unit of this test",
    Fate.BAD_VALUE: "Value cannot be read",
    Fate.BAD_DATE: "Date cannot be read",
    Fate.FUTURE: "In the future",
    Fate.DOUBTED: "Unit or value in doubt",
    Fate.DUPLICATE: "Same value twice",
    Fate.CONFLICT: "Contradicts what is on file",
    Fate.NOT_FINAL: "Not final",
    Fate.WITHDRAWN: "Withdrawn",
    Fate.UNREADABLE: "Cannot be read",
}
