"""What stands in the cells of a clinic sheet, read as people and spreadsheets write it."""

import re
from calendar import monthrange
from collections.abc import Iterable
from datetime import date, datetime, time

from b12clinic.accounts.models import User
from b12clinic.vocabulary import ReactionGrade, Side, Site
from regimens.models import Product
from regimens.models.administration import Authority

_SHAPES = ("%Y-%m-%d", "%d.%m.%Y", "%d %b %Y", "%d %B %Y", "%d-%b-%Y")
_DAY_FIRST, _MONTH_FIRST = ("%d/%m/%Y", "%d/%m/%y"), ("%m/%d/%Y", "%m/%d/%y")
_MONTHS = ("%m/%Y", "%m/%y", "%m-%Y", "%m.%Y", "%Y-%m", "%b %Y", "%B %Y", "%b-%y")
_TIMES = ("%H:%M", "%H.%M", "%H:%M:%S")
_SIDES = {"l": Side.LEFT, "left": Side.LEFT, "r": Side.RIGHT, "right": Side.RIGHT}


class Refused(ValueError):
    """Why a cell cannot be taken; the sentence says what is wanted."""


def read_day(text: str, country: str) -> date | None:
    """A day as people and spreadsheets write it; 02/03/2026 is 2 March, in the United States 3 February."""
    slashes = _MONTH_FIRST if country == "US" else _DAY_FIRST
    found = _first(text, (*_SHAPES, *slashes))
    return found.date() if found else None


def read_expiry(text: str, country: str) -> date | None:
    """A day, or a month as boxes bear it: 12/2027 lasts up to and with 31 December 2027."""
    if day := read_day(text, country):
        return day
    month = _first(text, _MONTHS)
    return date(month.year, month.month, monthrange(month.year, month.month)[1]) if month else None


def read_time(text: str) -> time | None:
    """A time of day on a 24-hour clock."""
    found = _first(text, _TIMES)
    return found.time() if found else None


def _first(text: str, shapes: Iterable[str]) -> datetime | None:
    for shape in shapes:
        try:
            return datetime.strptime(text, shape)  # noqa: DTZ007  the clinic's own day and clock
        except ValueError:
            continue
    return None


def read_place(site: str, side: str) -> tuple[str, str]:
    """Site and side; "left deltoid" in the first cell tells both."""
    words = site.casefold().split()
    told = [_SIDES[word] for word in words if word in _SIDES]
    rest = " ".join(word for word in words if word not in _SIDES) if told else site
    if told and side and _one_of(Side, side, "side") != told[0].value:
        raise Refused(f"The site says {told[0].label.lower()}, the side “{side[:40]}”: write one side.")
    return _one_of(Site, rest, "site"), _one_of(Side, side or (told[0].value if told else ""), "side")


def _one_of(kind: type[Site] | type[Side], text: str, what: str) -> str:
    if not text:
        raise Refused(f"The {what} is missing.")
    wanted = text.casefold()
    for one in kind:
        short = {one.value, one.label.casefold(), one.label.casefold().partition(" (")[0]}
        if wanted in short or (kind is Side and wanted == one.value[0]):
            return str(one.value)
    offered = ", ".join(one.label.lower() for one in kind)
    raise Refused(f"The {what} “{text[:40]}” is not known; write one of: {offered}.")


def read_reaction(text: str) -> tuple[str, str]:
    """Grade and words: "none", or "2 rash on the arm"."""
    if not text:
        raise Refused("Say whether there was a reaction: “none”, or a grade and words.")
    if text.casefold() in ("none", "no", "n", "0", "nil"):
        return ReactionGrade.NONE.value, ""
    found = re.fullmatch(r"([1-5])\W*(.*)", text, re.DOTALL)
    if found is None:
        raise Refused("The reaction needs a grade from 1 to 5 and words: “2 rash on the arm”.")
    if not found[2].strip():
        raise Refused("Describe the reaction after its grade: “2 rash on the arm”.")
    return found[1], found[2].strip()


def read_authority(text: str | None) -> str:
    """What entitled to give it; the signed prescription where nothing is written."""
    wanted = (text or Authority.PRESCRIPTION.value).casefold()
    for one in Authority:
        if wanted in (one.value, one.label.casefold()):
            return str(one.value)
    raise Refused(f"The authority “{wanted[:40]}” is not known; write prescription, PSD or PGD.")


def read_product(text: str | None, drug: str, products: Iterable[Product]) -> Product | None:
    """A product of the formulary; None on a sheet without that column, or where the formulary has none of the drug."""
    fitting = [one for one in products if one.drug == drug]
    if text is None or not fitting:
        return None
    found = next((one for one in fitting if one.name.casefold() == text.casefold()), None)
    if found is None:
        said = (
            f"The product “{text[:60]}” is not in the formulary for this drug"
            if text
            else "The product is missing"
        )
        raise Refused(f"{said}; write one of: {', '.join(one.name for one in fitting)}.")
    return found


def read_person(text: str, people: Iterable[User]) -> User | None:
    """The member whose username or initials these are; None where nothing is written."""
    if not text:
        return None
    wanted = text.casefold().replace(".", "")
    named = [one for one in people if one.username.casefold() == text.casefold()]
    fitting = named or [one for one in people if _initials(one) == wanted.replace(" ", "")]
    if len(fitting) == 1:
        return fitting[0]
    if not fitting:
        raise Refused(f"“{text[:40]}” fits nobody who gives injections here; write the username.")
    told = ", ".join(one.display_name for one in fitting)
    raise Refused(f"“{text[:40]}” fits {len(fitting)} people ({told}); write the username.")


def _initials(person: User) -> str:
    return "".join(word[0] for word in re.split(r"[\s-]+", person.get_full_name()) if word).casefold()


def read_asked(text: str | None, people: Iterable[User]) -> User | str | None:
    """Who asked the questions before giving; empty text for whoever gave it, None on a sheet without that column."""
    if text is None:
        return None
    found = re.fullmatch(r"(?:y|yes)\b\W*(.*)", text, re.IGNORECASE | re.DOTALL)
    if found is None:
        raise Refused("Say that the questions before giving were asked, and by whom: “y SD”.")
    return read_person(found[1].strip(), people) or ""
