"""The inbox in words: who the patient is, what was measured, how it stands, what it was before, who sees to it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.urls import reverse

from b12clinic.accounts.models import Clinic, User
from b12clinic.patients.models import Patient
from b12clinic.patients.presenters import lines
from b12clinic.patients.presenters.links import patient_url
from monitoring.forms.inbox import query_of
from monitoring.interpretation.clinic_ranges import ClinicRange
from monitoring.interpretation.reference import NORMAL
from monitoring.models import InboxItem, Result
from monitoring.presenters import words
from monitoring.presenters.results import FLAGS, range_of, side_of, value_as_reported
from monitoring.queries.inbox import Asked, InboxPage, OfPatient, Show

TABS = {
    Show.EVERYTHING: "Everything",
    Show.CRITICAL: "Critical",
    Show.ABNORMAL: "Abnormal",
    Show.MINE: "Mine",
    Show.UNASSIGNED: "Unassigned",
}
EMPTY = {
    Show.EVERYTHING: "Results typed by a nurse or imported from a laboratory stand here until a prescriber acknowledges them.",
    Show.CRITICAL: "No result waits that had to be alerted to at once.",
    Show.ABNORMAL: "Every result outside its range has been acknowledged.",
    Show.MINE: "Results that you take, or that somebody hands to you, stand here.",
    Show.UNASSIGNED: "Every result that waits has somebody who sees to it.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxLine:
    """One result that waits, ready to print. `was`: what a correction replaced, and who had acknowledged that."""

    id: UUID
    label: str
    value: str
    converted: str
    range: str
    critical: bool
    flag: str
    flag_label: str
    was: str
    why: str
    previous: str
    previous_taken: str
    taken: str
    came: str
    age: str
    owner: str
    is_free: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientLines:
    """A patient with the results that wait; `more` of them are not shown, `alone_url` shows them."""

    id: UUID
    name: str
    url: str
    born: str
    identifier: str
    left: str
    lines: tuple[InboxLine, ...]
    more: int
    alone_url: str


@dataclass(frozen=True, slots=True)
class Now:
    """What the rows are told from: the moment, the clinic with its own day and zone, who looks."""

    at: datetime
    clinic: Clinic
    user: User

    @property
    def today(self) -> date:
        return self.clinic.local_date(self.at)


def patients_of(page: InboxPage, now: Now) -> list[PatientLines]:
    """The page's patients in its order."""
    return [_patient(one, page, now) for one in page.patients]


def tabs_of(asked: Asked, counts: Mapping[Show, int]) -> list[dict[str, Any]]:
    """The choices of the inbox, each with its count under the same search."""
    return [
        {
            "label": label,
            "url": address(replace(asked, show=show, after=None)),
            "count": counts[show],
            "current": show is asked.show,
        }
        for show, label in TABS.items()
    ]


def address(asked: Asked) -> str:
    """Where the inbox shows what is asked."""
    return f"{reverse('monitoring:inbox')}{query_of(asked)}"


def inbox_of_patient(patient: Patient) -> str:
    """Where the inbox shows one patient."""
    return address(Asked(patient=patient.public_id))


def _sampled(row: Result, now: Now) -> str:
    return words.sampled(row.taken_on, row.taken_at, now.clinic.time_zone, now.today)


def _range(row: Result, own: ClinicRange | None) -> str:
    """The laboratory's range with its unit, else the clinic's own; empty where there is neither, and for words."""
    told = range_of(row, own)
    return words.with_unit(told, row.unit) if told and own is None else told


def line_of(item: InboxItem, page: InboxPage, now: Now) -> InboxLine:
    """An item read with its result, owner and what the result corrects; no query of its own."""
    row, own = item.result, page.ranges.get(item.result_id)
    before = page.previous.get(item.result_id)
    flag, flag_label = flag_of(row, own, abnormal=item.abnormal)
    return InboxLine(
        id=row.public_id,
        label=words.test_in_words(row.analyte),
        value=value_as_reported(row),
        converted=words.conversions(row.analyte, row.number, row.unit, row.comparator),
        range=_range(row, own),
        critical=item.critical,
        flag=flag,
        flag_label=flag_label,
        was=_was(row, now),
        why=row.why,
        previous=value_as_reported(before) if before else "",
        previous_taken=_sampled(before, now) if before else "",
        taken=_sampled(row, now),
        came=_came(row),
        age=words.age(item.arrived_at, now.at),
        owner=owner_in_words(item.owner, now.user),
        is_free=item.owner is None,
    )


def owner_in_words(owner: User | None, user: User) -> str:
    """Who sees to a result, as the one who looks at it reads it."""
    if owner is None:
        return "Unassigned"
    return "You" if owner == user else owner.display_name


def lost_lines(items: Iterable[InboxItem], now: Now) -> list[str]:
    """What others did to rows meanwhile, each with who and when."""
    return [f"{_about(item)} {_what_happened(item, now)}" for item in items]


def done_sentence(number: int, act: str) -> str:
    """ "1 result acknowledged.", "3 results acknowledged." """
    return f"{number} result{'' if number == 1 else 's'} {act}."


def _patient(one: OfPatient, page: InboxPage, now: Now) -> PatientLines:
    patient = one.patient
    return PatientLines(
        id=patient.public_id,
        name=patient.name,
        url=patient_url(patient.public_id),
        born=f"born {lines.day(patient.born_on)}",
        identifier=lines.numbers(patient) or "no number recorded",
        left=lines.left_care(patient),
        lines=tuple(line_of(item, page, now) for item in one.items),
        more=one.count - len(one.items),
        alone_url=inbox_of_patient(patient),
    )


def flag_of(row: Result, own: ClinicRange | None = None, *, abnormal: bool) -> tuple[str, str]:
    """The chip of a value: its side of the range; where no side says it is abnormal, that it is."""
    side = side_of(row, own)
    if abnormal and side in ("", NORMAL):
        return "abnormal", "Abnormal"
    return side, FLAGS.get(side, "")


def _was(row: Result, now: Now) -> str:
    old = row.supersedes
    if old is None:
        return ""
    seen = getattr(old, "inbox_item", None)
    if seen is None or seen.acknowledged_by is None:
        return f"was {value_as_reported(old)}"
    when = words.moment(seen.acknowledged_at, now.clinic.time_zone, now.today)
    return f"was {value_as_reported(old)}, acknowledged by {seen.acknowledged_by.display_name} on {when}"


def _came(row: Result) -> str:
    if row.file_id is not None or row.recorded_by is None:
        return "imported"
    return f"typed by {row.recorded_by.display_name}"


def _about(item: InboxItem) -> str:
    row = item.result
    return f"{words.test_in_words(row.analyte)} {value_as_reported(row)} of {row.patient.name}"


def _what_happened(item: InboxItem, now: Now) -> str:
    if item.acknowledged_by is not None and item.acknowledged_at is not None:
        when = words.moment(item.acknowledged_at, now.clinic.time_zone, now.today)
        return f"was acknowledged by {item.acknowledged_by.display_name} on {when}."
    newer = getattr(item.result, "superseded_by", None)
    if newer is not None and newer.entered_in_error:
        return "was marked as entered in error meanwhile."
    if newer is not None:
        return f"was corrected meanwhile to {value_as_reported(newer)}; look at the new value."
    return f"has been taken by {item.owner.display_name if item.owner else 'nobody'} meanwhile."
