"""The due list in words: every row arrives preformatted, so that the template only prints.

Rows are mappings because a template asks a mapping first: fifty rows of attributes would cost it twice as long.
"""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import TypedDict
from urllib.parse import urlencode

from django.urls import reverse

from b12clinic.patients.identifiers import grouped
from b12clinic.vocabulary import NotGivenReason, ReactionGrade, Side, Site
from regimens.forms.due_list import ASKS, Place
from regimens.presenters.calls import phone_url
from regimens.presenters.due_filters import BAND_LABELS
from regimens.presenters.due_risks import Chip, risks_of
from regimens.presenters.words import day, days, dose_count, drug_line, standing
from regimens.protocols.due_bands import Band, CutOffs, band_of, cut_offs
from regimens.protocols.vocabulary import ContactOutcome
from regimens.queries.due_list import Asked
from regimens.queries.due_rows import Beside, DueDose, Noted, Told

# The rows of a page share a few days and drugs: each is put into words once.
_day, _drug_line = lru_cache(maxsize=4096)(day), lru_cache(maxsize=256)(drug_line)
_phone_url = lru_cache(maxsize=4096)(phone_url)
_SITES = {site.value: site.label for site in Site}
_SIDES = {side.value: side.label.lower() for side in Side}


class DueRow(TypedDict):
    """One row of the list, each field a text ready to print; `status` is a chip."""

    name: str
    chart_url: str
    born: str
    identifier: str
    about: str
    risks: list[Chip]
    allergies: str
    phone: str
    phone_url: str
    status: str
    standing: str
    due: str
    window: str
    tried: str
    called: str
    since: str
    has_notes: bool
    count: str
    drug: str
    order: str
    order_over: bool
    last: str
    reaction: str
    reacted: bool
    given_url: str
    not_given_url: str
    call_url: str
    is_place: bool


def rows_of(
    doses: list[DueDose], found: Beside, asked: Asked, back: str = "", *, linked: bool = False
) -> list[DueRow]:
    """The rows of a page, in the order of the query.

    `back` is what the list was asked, carried with the row's place to the pages that record; `linked`: the list is of a
    clinic that the address names, so that the chart's address must name it too.
    """
    addresses = _addresses(back, f"?clinic={asked.clinic}" if linked else "")
    cuts = cut_offs(asked.as_of)
    return [_row(dose, found, asked, cuts, addresses) for dose in doses]


Address = tuple[str, str]
"""What stands before and after an id."""


def _addresses(back: str, whose: str) -> tuple[Address, Address, Address, Address]:
    """The addresses of a row around its id: resolved once a page, not once a row."""
    query = f"?{back}&at=" if back else "?at="
    return (
        _around_id("chart", whose),
        _around_id("record_given", query),
        _around_id("record_not_given", query),
        _around_id("record_contact", query),
    )


def _around_id(name: str, query: str) -> Address:
    zero = "00000000-0000-0000-0000-000000000000"
    before, _, after = reverse(f"regimens:{name}", args=[zero]).partition(zero)
    return before, after + query


def _row(
    dose: DueDose,
    found: Beside,
    asked: Asked,
    cuts: CutOffs,
    addresses: tuple[Address, Address, Address, Address],
) -> DueRow:
    as_of, dose_id, everywhere = asked.as_of, str(dose.public_id), asked.everywhere
    place = place_of(dose, as_of)
    status, words = _standing(dose, as_of, cuts)
    order, over = order_words(found.directions.get(dose.regimen_id), as_of)
    chart, given, not_given, call = addresses
    born, identifier = f"{dose.born_on.day} {dose.born_on:%b %Y}", number_of(dose, found)
    allergies = allergies_words(dose, found)
    tried, called = _tried(found.tried.get(dose.id), as_of), _called(found.called.get(dose.id), as_of)
    since = _since(dose, asked)
    due = f"due {_day(dose.due_on, as_of)}"
    reaction, reacted = _reaction(dose.last)
    return {
        "name": dose.patient_name,
        "chart_url": f"{chart[0]}{dose.patient_public_id}{chart[1]}",
        "born": born,
        "identifier": identifier,
        "about": " · ".join(part for part in (born, identifier, allergies) if part),
        "risks": risks_of(dose, found),
        "allergies": allergies,
        "phone": dose.phone,
        "phone_url": _phone_url(dose.phone),
        "status": status,
        "standing": words,
        "due": f"{due}, in “{BAND_LABELS[_band(dose, as_of)]}”" if everywhere else due,
        "window": window_words(dose, as_of),
        "tried": tried,
        "called": called,
        "since": since,
        "has_notes": bool(tried or called or since),
        "count": dose_count(dose.kind, dose.number, dose.doses_wanted),
        "drug": _drug_line(dose.drug, dose.dose_mcg, dose.route),
        "order": order,
        "order_over": over,
        "last": last_words(dose.last, as_of),
        "reaction": reaction,
        "reacted": reacted,
        "given_url": f"{given[0]}{dose_id}{given[1]}{place}",
        "not_given_url": f"{not_given[0]}{dose_id}{not_given[1]}{place}",
        "call_url": f"{call[0]}{dose_id}{call[1]}{place}&from=due",
        "is_place": False,
    }


def place_of(dose: DueDose, as_of: date) -> str:
    """Where a row stands on the list, for the way back to it; one that is pinned stands among the pinned."""
    pinned = ".p" if dose.urgent and dose.overdue_on <= as_of else ""
    return f"{dose.due_on.isoformat()}.{dose.id}{pinned}"


def mark_place(rows: list[DueRow], doses: list[DueDose], place: Place | None) -> None:
    """Mark the row that one comes back to: the same one, else the one that followed it, else the last."""
    if place is None or not rows:
        return
    due_on, dose_id, _ = place
    following = (at for at, dose in enumerate(doses) if (dose.due_on, dose.id) >= (due_on, dose_id))
    rows[next(following, len(rows) - 1)]["is_place"] = True


def _band(dose: DueDose, as_of: date) -> Band:
    return band_of(
        due_on=dose.due_on, overdue_on=dose.overdue_on, kind=dose.kind, urgent=dose.urgent, as_of=as_of
    )


def allergies_words(dose: DueDose, found: Beside) -> str:
    """What is known where no allergy is noted; an allergy stands among the risks."""
    if found.allergies.get(dose.patient_id):
        return ""
    return "No known allergies" if dose.allergies_asked_on else "Allergies not asked"


def _standing(dose: DueDose, as_of: date, cuts: CutOffs) -> tuple[str, str]:
    if dose.overdue_on <= as_of and dose.due_on <= cuts.of(dose.kind, urgent=dose.urgent):
        return "overdue", f"Long overdue, {days((as_of - dose.due_on).days)}"
    return standing(dose.due_on, dose.overdue_on, as_of)


def number_of(dose: DueDose, found: Beside) -> str:
    """The patient's numbers as they are read out; empty where there is none."""
    return " · ".join(grouped(scheme, value) for scheme, value in found.identifiers.get(dose.patient_id, ()))


def window_words(dose: DueDose, as_of: date) -> str:
    """The days on which the dose counts as on time."""
    last = date.fromordinal(dose.overdue_on.toordinal() - 1)
    return f"window {_day(dose.earliest_on, as_of)} to {_day(last, as_of)}"


def order_words(direction: Noted | None, as_of: date) -> tuple[str, bool]:
    """What entitles the nurse to give it, and whether a direction that stood is over. The signed plan is a prescription."""
    if direction is None:
        return "Signed prescription", False
    begins, until, ended = date.fromisoformat(direction[0]), _date(direction[1]) or as_of, _date(direction[2])
    if ended is not None and ended <= as_of:
        return f"Direction ended {_day(ended, as_of)}; signed prescription", True
    if until < as_of:
        return f"Direction expired {_day(until, as_of)}; signed prescription", True
    if begins > as_of:
        return f"Direction valid from {_day(begins, as_of)}; signed prescription", False
    return f"Direction valid until {_day(until, as_of)}", False


def last_words(last: Told, as_of: date) -> str:
    """When and where the last injection was given."""
    if last is None:
        return "None yet"
    where = " ".join(
        part for part in (_SIDES.get(last["side"], ""), _SITES.get(last["site"], "").lower()) if part
    )
    return f"{_day(date.fromisoformat(last['on']), as_of)}{f', {where}' if where else ''}"


def _reaction(last: Told) -> tuple[str, bool]:
    """How the last injection was borne, and whether there was a reaction to it."""
    if last is None:
        return "", False
    if not last["grade"]:
        return "Reaction not recorded", False
    if last["grade"] == ReactionGrade.NONE.value:
        return "No reaction", False
    label = ReactionGrade.label_of(last["grade"]).lower()
    return f"Last reaction: {label}{': ' + last['reaction'] if last['reaction'] else ''}", True


def _tried(tried: Noted | None, as_of: date) -> str:
    if tried is None:
        return ""
    on = date.fromisoformat(tried[0])
    when = "Tried today" if on == as_of else f"Tried {_day(on, as_of)}"
    return f"{when}: {NotGivenReason.label_of(tried[1]).lower()}{_next(tried, as_of)}"


def _called(called: Noted | None, as_of: date) -> str:
    if called is None:
        return ""
    on = date.fromisoformat(called[0])
    when = "Called today" if on == as_of else f"Called {_day(on, as_of)}"
    return f"{when}: {ContactOutcome.label_of(called[1]).lower()}{_next(called, as_of)}"


def _next(told: Noted, as_of: date) -> str:
    again = _date(told[2])
    return f", again {_day(again, as_of)}" if again else ""


def _since(dose: DueDose, asked: Asked) -> str:
    """What became of the dose after the day that a list looks back to."""
    if not asked.looks_back:
        return ""
    if dose.given_on is not None:
        on = _day(dose.given_on, asked.as_of)
        return f"Given since, {on}" if dose.given_on >= asked.as_of else f"Recorded since: given {on}"
    return "No longer planned" if dose.state == "withdrawn" else ""


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def kept_query(query: Mapping[str, str]) -> str:
    """What the list was asked, and nothing else of a query: day, filters and place."""
    return urlencode({key: query[key] for key in ASKS if query.get(key)})


def asked_query(query: Mapping[str, str]) -> str:
    """The same without the row that one came back to."""
    return urlencode({key: query[key] for key in ASKS if key != "at" and query.get(key)})
