"""What will become of each row of a clinic sheet, before anything is written: judged by the rules of the recording form."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from b12clinic.accounts.models import Clinic
from b12clinic.patients.models import name_keys
from b12clinic.vocabulary import NotGivenReason, ReactionGrade, Side, Site
from regimens.clinic_sheet import SheetRow
from regimens.models import Administration, Dose, DoseState, Outcome
from regimens.models.administration import Authority
from regimens.services.record_administration import Injection

_SHAPES = ("%Y-%m-%d", "%d.%m.%Y", "%d %b %Y", "%d %B %Y", "%d-%b-%Y")
_DAY_FIRST, _MONTH_FIRST = ("%d/%m/%Y", "%d/%m/%y"), ("%m/%d/%Y", "%m/%d/%y")
_TIMES = ("%H:%M", "%H.%M", "%H:%M:%S")


class Fate(StrEnum):
    """What becomes of a row."""

    GIVEN = "given"
    NOT_GIVEN = "not_given"
    EMPTY = "empty"
    ALREADY = "already"
    REFUSED = "refused"


class Refused(ValueError):
    """Why a row cannot be recorded; the sentence says what is wanted."""


class Already(ValueError):
    """That the row says nothing new."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """A row with its fate in a sentence, and what a recording service needs where it can be recorded."""

    row: SheetRow
    fate: Fate
    sentence: str
    dose: Dose | None = None
    form_key: UUID | None = None
    injection: Injection | None = None
    not_given: dict[str, Any] | None = None

    @property
    def is_ready(self) -> bool:
        """Whether it will be recorded."""
        return self.fate in (Fate.GIVEN, Fate.NOT_GIVEN)


def weigh(rows: Sequence[SheetRow], clinic: Clinic, *, at: datetime, today: date) -> list[Weighed]:
    """The fate of every row; two queries whatever their number."""
    doses = _doses(rows, clinic)
    weighing = [_Weighing(row, clinic, doses.get(row.dose.casefold()), at, today) for row in rows]
    keys = [each.form_key for each in weighing if each.form_key]
    known = set(Administration.objects.filter(form_key__in=keys).values_list("form_key", flat=True))
    seen: set[UUID] = set()
    found = []
    for each in weighing:
        weighed = each.weighed(known, seen)
        if weighed.is_ready and weighed.dose is not None:
            seen.add(weighed.dose.public_id)
        found.append(weighed)
    return found


def _doses(rows: Iterable[SheetRow], clinic: Clinic) -> dict[str, Dose]:
    ids = [found for row in rows if (found := _uuid(row.dose))]
    doses = Dose.objects.filter(clinic=clinic, public_id__in=ids).select_related(
        "clinic", "patient", "phase__regimen__clinic"
    )
    return {str(dose.public_id): dose for dose in doses}


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


class _Weighing:
    """One row on the scales: what it says is read once, and the first thing that is wrong is its fate."""

    def __init__(self, row: SheetRow, clinic: Clinic, dose: Dose | None, at: datetime, today: date) -> None:
        self.row, self.clinic, self.dose, self.at, self.today = row, clinic, dose, at, today
        self.zone = ZoneInfo(clinic.time_zone)
        self.outcome = {
            "y": Outcome.GIVEN,
            "yes": Outcome.GIVEN,
            "n": Outcome.NOT_GIVEN,
            "no": Outcome.NOT_GIVEN,
        }.get(row.given.casefold())
        self.on = read_day(row.on, clinic.country)
        self.form_key = (
            row.form_key(clinic.public_id, self.outcome.value, self.on.isoformat())
            if self.outcome and self.on
            else None
        )

    def weighed(self, known: set[UUID], seen: set[UUID]) -> Weighed:
        if self.row.is_empty:
            return self._fate(Fate.EMPTY, "Left empty: nothing is recorded, the dose stays owed.")
        try:
            dose = self._dose(known, seen)
            self._check_day(dose)
            if self.outcome == Outcome.GIVEN:
                injection = self._injection(dose)
                return self._fate(Fate.GIVEN, "Will be recorded as given.", injection=injection)
            return self._fate(Fate.NOT_GIVEN, "Will be recorded as not given.", not_given=self._not_given())
        except Already as already:
            return self._fate(Fate.ALREADY, str(already))
        except Refused as refused:
            return self._fate(Fate.REFUSED, str(refused))

    def _fate(self, fate: Fate, sentence: str, **more: Any) -> Weighed:
        return Weighed(
            row=self.row, fate=fate, sentence=sentence, dose=self.dose, form_key=self.form_key, **more
        )

    def _dose(self, known: set[UUID], seen: set[UUID]) -> Dose:
        if self.dose is None:
            raise Refused("Unknown dose: this clinic has none with this id.")
        if self.row.name and name_keys(self.row.name)[0] != self.dose.patient.name_key:
            raise Refused(
                "The name on the row is not that of the dose's patient; the rows may have been mixed up."
            )
        if self.outcome is None:
            raise Refused("Write y or n under “Given (y/n)”.")
        if self.form_key in known:
            raise Already("Recorded already from this sheet.")
        if self.dose.state == DoseState.GIVEN:
            raise Already("This dose is recorded as given already.")
        if self.dose.state != DoseState.OWED:
            raise Refused("This dose is no longer planned; open the patient's chart to see what changed.")
        if self.dose.public_id in seen:
            raise Refused("This dose stands twice on the sheet.")
        return self.dose

    def _check_day(self, dose: Dose) -> None:
        if self.on is None:
            raise Refused("Bad date: write it as 2026-01-31." if self.row.on else "The date is missing.")
        if self.on > self.today:
            raise Refused("The date lies in the future.")
        if self.on < dose.patient.born_on:
            raise Refused("The date lies before the patient's birth.")

    def _injection(self, dose: Dose) -> Injection:
        row, on = self.row, self.on or self.today
        given_at = self._moment(on)
        if not row.lot:
            raise Refused("The lot is missing.")
        expires_on = read_day(row.expiry, self.clinic.country)
        if expires_on is None:
            raise Refused(
                "Bad expiry date: write it as 2027-06-30." if row.expiry else "The expiry date is missing."
            )
        if expires_on < on and not row.reason:
            raise Refused("The product had expired: if it was given all the same, write the reason.")
        if on < dose.earliest_on and not row.reason:
            raise Refused(f"Before the window opens on {dose.earliest_on:%d %b %Y}: write the reason.")
        grade, words = _reaction(row.reaction)
        return Injection(
            given_on=on,
            given_at=given_at,
            drug=dose.phase.drug,
            dose_mcg=dose.phase.dose_mcg,
            route=dose.phase.route,
            lot=row.lot[:40],
            expires_on=expires_on,
            site=_one_of(Site, row.site, "site"),
            side=_one_of(Side, row.side, "side"),
            authority=Authority.PRESCRIPTION.value,
            reaction_grade=grade,
            reaction=words,
            reason=self._told(row.reason),
        )

    def _moment(self, on: date) -> datetime:
        clock = read_time(self.row.time)
        if clock is None:
            raise Refused("Bad time: write it as 14:05." if self.row.time else "The time is missing.")
        given_at = datetime.combine(on, clock, tzinfo=self.zone)
        if given_at > self.at:
            raise Refused("The time lies in the future.")
        return given_at

    def _not_given(self) -> dict[str, Any]:
        if not self.row.reason:
            raise Refused("Write why it was not given.")
        known = {one.label.casefold(): one.value for one in NotGivenReason} | {
            one.value: one.value for one in NotGivenReason
        }
        reason = known.get(self.row.reason.casefold(), NotGivenReason.OTHER.value)
        if reason == NotGivenReason.OTHER.value and self.row.reason.casefold() == "other":
            raise Refused("“Other” alone says nothing: write why it was not given.")
        return {
            "on": self.on,
            "not_given_reason": reason,
            "reason": self._told(self.row.reason),
            "next_action_on": None,
        }

    def _told(self, reason: str) -> str:
        """The reason with where the entry comes from, so that the paper can be found again."""
        source = f"From the clinic sheet {self.row.sheet.removeprefix('Sheet ')}" + (
            f", initials {self.row.initials}" if self.row.initials else ""
        )
        return f"{reason} ({source})" if reason else f"{source}."


def read_day(text: str, country: str) -> date | None:
    """A day as people and spreadsheets write it; 02/03/2026 is 2 March, in the United States 3 February."""
    slashes = _MONTH_FIRST if country == "US" else _DAY_FIRST
    for shape in (*_SHAPES, *slashes):
        try:
            return datetime.strptime(text, shape).date()  # noqa: DTZ007  a day has no zone
        except ValueError:
            continue
    return None


def read_time(text: str) -> time | None:
    """A time of day on a 24-hour clock."""
    for shape in _TIMES:
        try:
            return datetime.strptime(text, shape).time()  # noqa: DTZ007  the clinic's own clock
        except ValueError:
            continue
    return None


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


def _reaction(text: str) -> tuple[str, str]:
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
