"""What the address of the due list asks for, and the address of what is asked."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from enum import Enum
from typing import TypeVar
from urllib.parse import urlencode

from b12clinic.vocabulary import Drug, PhaseKind, Route
from regimens.queries.due_list import Asked, Band, Called

Place = tuple[date, int, bool]
"""A row's due date and dose, and whether it stood among the pinned ones."""

Choice = TypeVar("Choice", bound=Enum)

EARLIEST = date(2000, 1, 1)
LATEST_YEAR = 2100
LONGEST_SEARCH = 80

INJECTED_KINDS = (PhaseKind.LOADING, PhaseKind.TAPER, PhaseKind.MAINTENANCE)
INJECTED_ROUTES = (Route.IM, Route.SC)
FILTERS = ("band", "kind", "drug", "route", "called", "q")
"""What narrows the list and what a saved view keeps; the day and the place are asked anew each time."""
ASKS = ("as_of", *FILTERS, "after", "clinic", "at")
AHEAD = "up_to_a_week"
"""The band that an address names for all up to a week ahead: not one band but four."""


def read_asked(given: Mapping[str, str], today: date, clinic: str = "") -> tuple[Asked, str]:
    """What is asked, and a sentence for what could not be read and was left out. `clinic`: the one whose list it is."""
    as_of, unreadable = _day(given.get("as_of", ""), today)
    after, lost = _place(given.get("after", ""))
    return (
        Asked(
            as_of=as_of,
            today=today,
            band=_member(Band, given.get("band", "")),
            ahead=given.get("band", "") == AHEAD,
            kind=_one_of(INJECTED_KINDS, given.get("kind", "")),
            drug=_one_of(Drug, given.get("drug", "")),
            route=_one_of(INJECTED_ROUTES, given.get("route", "")),
            called=_member(Called, given.get("called", "")),
            text=given.get("q", "").replace("\x00", "").strip()[:LONGEST_SEARCH],
            after=after,
            clinic=clinic,
        ),
        unreadable or lost,
    )


def read_place(given: Mapping[str, str]) -> Place | None:
    """The row that one comes back to from recording; None where the address names none."""
    text = given.get("at", "")
    place, _ = _place(text.removesuffix(".p"))
    return (*place, text.endswith(".p")) if place else None


def filters_of(asked: Asked) -> dict[str, str]:
    """The filters as they stand in the address, without day and place."""
    values = {
        "band": asked.band.value if asked.band else AHEAD if asked.ahead else "",
        "kind": asked.kind,
        "drug": asked.drug,
        "route": asked.route,
        "called": asked.called.value if asked.called else "",
        "q": asked.text,
    }
    return {name: value for name, value in values.items() if value}


def query_of(asked: Asked) -> str:
    """The address's part after the path with all that is asked, empty where nothing is."""
    day = {"as_of": asked.as_of.isoformat()} if asked.as_of != asked.today else {}
    place = {"after": f"{asked.after[0].isoformat()}.{asked.after[1]}"} if asked.after else {}
    whose = {"clinic": asked.clinic} if asked.clinic else {}
    asks = urlencode(day | filters_of(asked) | place | whose)
    return f"?{asks}" if asks else ""


def without(asked: Asked, name: str) -> Asked:
    """The same list with one filter dropped, from its beginning; "as_of" goes back to today."""
    if name == "as_of":
        return replace(asked, as_of=asked.today or asked.as_of, after=None)
    if name == "q":
        return replace(asked, text="", after=None)
    if name == "band":
        return replace(asked, band=None, ahead=False, after=None)
    nothing = None if name == "called" else ""
    return replace(asked, after=None, **{name: nothing})  # type: ignore[arg-type]


def _day(text: str, today: date) -> tuple[date, str]:
    if not text:
        return today, ""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return today, f"“{text[:20]}” is not a date; the list shows today."
    if day < EARLIEST or day.year > LATEST_YEAR:
        return today, "That day is out of reach; the list shows today."
    return day, ""


def _place(cursor: str) -> tuple[tuple[date, int] | None, str]:
    if not cursor:
        return None, ""
    on, _, dose_id = cursor.partition(".")
    try:
        place = date.fromisoformat(on), int(dose_id)
    except ValueError:
        place = date.min, -1
    if not 0 <= place[1] < 2**63:
        return None, "That place in the list could not be read; it begins at the top."
    return place, ""


def _member(kind: type[Choice], value: str) -> Choice | None:
    return next((one for one in kind if one.value == value), None)


def _one_of(known: Iterable[Enum], value: str) -> str:
    return next((str(one.value) for one in known if one.value == value), "")
