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
from regimens.forms.due_list import ASKS
from regimens.presenters.due_risks import Chip, risks_of
from regimens.presenters.words import day, days, dose_count, drug_line, standing
from regimens.protocols.due_bands import CutOffs, cut_offs
from regimens.protocols.vocabulary import ContactOutcome
from regimens.queries.due_list import Asked
from regimens.queries.due_rows import Beside, DueDose, Noted, Told

# The rows of a page share a few days and drugs: each is put into words once.
_day, _drug_line = lru_cache(maxsize=4096)(day), lru_cache(maxsize=256)(drug_line)
_SITES = {site.value: site.label for site in Site}
_SIDES = {side.value: side.label.lower() for side in Side}


class DueRow(TypedDict):
    """One row of the list, each field a text ready to print; `status` is a chip."""

    name: str
    chart_url: str
    born: str
    identifier: str
    risks: list[Chip]
    status: str
    standing: str
    due: str
    window: str
    tried: str
    called: str
    since: str
    count: str
    drug: str
    order: str
    order_over: bool
    last: str
    reaction: str
    given_url: str
    not_given_url: str


def rows_of(doses: list[DueDose], found: Beside, asked: Asked, back: str = "") -> list[DueRow]:
    """The rows of a page, in the order of the query; `back` is what the list was asked, carried to the record page."""
    chart, given, not_given = _addresses()
    if back:
        given, not_given = f"{given}?{back}", f"{not_given}?{back}"
    cuts = cut_offs(asked.as_of)
    return [_row(dose, found, asked, cuts, (chart, given, not_given)) for dose in doses]


def _addresses() -> tuple[str, str, str]:
    """The three addresses of a row with a place for the id: resolved once a page, not once a row."""
    zero = "00000000-0000-0000-0000-000000000000"
    names = ("regimens:chart", "regimens:record_given", "regimens:record_not_given")
    chart, given, not_given = (reverse(name, args=[zero]).replace(zero, "{}") for name in names)
    return chart, given, not_given


def _row(
    dose: DueDose, found: Beside, asked: Asked, cuts: CutOffs, addresses: tuple[str, str, str]
) -> DueRow:
    as_of, dose_id = asked.as_of, str(dose.public_id)
    status, words = _standing(dose, as_of, cuts)
    order, over = order_words(found.directions.get(dose.regimen_id), as_of)
    chart, given, not_given = addresses
    return {
        "name": dose.patient_name,
        "chart_url": chart.replace("{}", str(dose.patient_public_id), 1),
        "born": f"{dose.born_on.day} {dose.born_on:%b %Y}",
        "identifier": number_of(dose, found),
        "risks": risks_of(dose, found),
        "status": status,
        "standing": words,
        "due": f"due {_day(dose.due_on, as_of)}",
        "window": window_words(dose, as_of),
        "tried": _tried(found.tried.get(dose.id), as_of),
        "called": _called(found.called.get(dose.id), as_of),
        "since": _since(dose, asked),
        "count": dose_count(dose.kind, dose.number, dose.doses_wanted),
        "drug": _drug_line(dose.drug, dose.dose_mcg, dose.route),
        "order": order,
        "order_over": over,
        "last": last_words(dose.last, as_of),
        "reaction": _reaction(dose.last),
        "given_url": given.replace("{}", dose_id, 1),
        "not_given_url": not_given.replace("{}", dose_id, 1),
    }


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


def _reaction(last: Told) -> str:
    if last is None or last["grade"] in ("", ReactionGrade.NONE.value):
        return ""
    label = ReactionGrade.label_of(last["grade"]).lower()
    return f"Last reaction: {label}{': ' + last['reaction'] if last['reaction'] else ''}"


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
