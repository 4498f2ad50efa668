"""Results of one test that a laboratory sends under one number without telling them apart: only their places differ.

An HL7 order may hold a test twice without a sub-id. The first bears the number as it is, the others their place.
"""

from __future__ import annotations

NOT_TOLD_APART = (
    "The laboratory reported this test more than once under one number, so it is not sure which value this corrects: "
    "compare them, correct the right one by hand, then leave this row out."
)


def number_at(number: str, place: int) -> str:
    """The number of a result without a sub-id at its place among those of one test, counted from 1."""
    return number if place == 1 else f"{number}.{place}"


def shared_number(source_id: str) -> str:
    """The number that a result shares with the others of its test; empty where it has one of its own."""
    number, bar, place = source_id.rpartition("|")
    return f"{number}{bar}" if bar and (not place or (place[0] == "." and place[1:].isdigit())) else ""


def numbers_beside(source_id: str) -> tuple[str, ...]:
    """The numbers under which another result of the same test would stand; the first two tell whether there are several."""
    shared = shared_number(source_id)
    if not shared:
        return ()
    return tuple(one for one in (shared, number_at(shared, 2)) if one != source_id)
