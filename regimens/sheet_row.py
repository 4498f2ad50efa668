"""One row of a clinic sheet on the scales: judged by the rules of the recording form, everything wrong with it told."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from b12clinic.accounts.models import Clinic, User
from b12clinic.patients.models import name_keys
from b12clinic.vocabulary import NotGivenReason, Severity
from regimens.clinic_sheet import SheetRow
from regimens.models import Dose, DoseState, Outcome, Product
from regimens.order_check import AtHand, check_with_order, findings_at_hand
from regimens.services.record_administration import Injection
from regimens.sheet_cells import (
    Refused,
    read_asked,
    read_authority,
    read_day,
    read_expiry,
    read_person,
    read_place,
    read_product,
    read_reaction,
    read_time,
)

T = TypeVar("T")
EXTRA = "extra"
"""What the key of a second injection says instead of an outcome."""


class Fate(StrEnum):
    """What becomes of a row."""

    GIVEN = "given"
    NOT_GIVEN = "not_given"
    EMPTY = "empty"
    ALREADY = "already"
    REFUSED = "refused"


class Already(ValueError):
    """That the row says nothing new."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """A row with its fate in a sentence, and what a recording service needs where it can be recorded.

    blocks: the sentences of blocking rules that spoke against it. second: somebody else recorded the dose first, so that
    this can only be a second injection; it is one where the fate says given.
    """

    row: SheetRow
    fate: Fate
    sentence: str
    dose: Dose | None = None
    form_key: UUID | None = None
    injection: Injection | None = None
    not_given: dict[str, Any] | None = None
    blocks: tuple[str, ...] = ()
    second: bool = False

    @property
    def is_ready(self) -> bool:
        """Whether it will be recorded."""
        return self.fate in (Fate.GIVEN, Fate.NOT_GIVEN)


@dataclass(frozen=True, slots=True)
class House:
    """The clinic, its moment and day, and what and whom its rows may name."""

    clinic: Clinic
    at: datetime
    today: date
    products: Sequence[Product]
    people: Sequence[User]


@dataclass(slots=True)
class Problems:
    """What is wrong with a row, in the order in which it was found: all of it is told."""

    told: list[str] = field(default_factory=list)

    def of(self, read: Callable[..., T], *cells: Any) -> T | None:
        """What a cell says; None where it cannot be taken, which is noted."""
        try:
            return read(*cells)
        except Refused as refused:
            self.told.append(str(refused))
            return None

    def note(self, sentence: str) -> None:
        self.told.append(sentence)


class Weighing:
    """One row on the scales: which dose it speaks of comes first, then everything that is wrong with what it says of it."""

    def __init__(self, row: SheetRow, house: House, dose: Dose | None, also: bool) -> None:
        self.row, self.house, self.dose, self.also = row, house, dose, also
        self.problems = Problems()
        self.blocks: tuple[str, ...] = ()
        self.outcome = {
            "y": Outcome.GIVEN,
            "yes": Outcome.GIVEN,
            "n": Outcome.NOT_GIVEN,
            "no": Outcome.NOT_GIVEN,
        }.get(row.given.casefold())
        self.on = read_day(row.on, house.clinic.country)
        self.form_key = self._key(self.outcome.value) if self.outcome else None
        self.extra_key = self._key(EXTRA) if self.outcome == Outcome.GIVEN else None

    def _key(self, outcome: str) -> UUID | None:
        if self.on is None:
            return None
        return self.row.form_key(self.house.clinic.public_id, outcome, self.on.isoformat())

    def weighed(self, known: set[UUID], seen: set[UUID]) -> Weighed:
        if self.row.is_empty:
            return self._fate(Fate.EMPTY, "Left empty: nothing is recorded, the dose stays owed.")
        try:
            dose = self._dose(known, seen)
        except Already as already:
            return self._fate(Fate.ALREADY, str(already))
        except Refused as refused:
            return self._fate(Fate.REFUSED, str(refused))
        if dose.state == DoseState.GIVEN:
            return self._second(dose)
        self._check_day(dose)
        if self.outcome == Outcome.NOT_GIVEN:
            not_given = self._not_given()
            return self._judged(Fate.NOT_GIVEN, "Will be recorded as not given.", not_given=not_given)
        injection = self._injection(dose)
        said = " A rule blocks it; the reason is written." if self.blocks else ""
        return self._judged(Fate.GIVEN, f"Will be recorded as given.{said}", injection=injection)

    def _second(self, dose: Dose) -> Weighed:
        """A dose that somebody else recorded: nothing new, unless a second injection was given."""
        first = dose.given_as
        assert first is not None  # noqa: S101  a dose that is given has its injection
        at = first.recorded_at.astimezone(ZoneInfo(self.house.clinic.time_zone))
        told = f"{first.recorded_by.display_name} recorded this dose on {at:%d %b %Y at %H:%M}."
        if self.outcome != Outcome.GIVEN:
            return self._fate(Fate.ALREADY, told)
        self._check_day(dose)
        injection = self._injection(dose)
        if self.problems.told or injection is None:
            return self._fate(Fate.ALREADY, told)
        if not self.also:
            return self._fate(Fate.ALREADY, told, second=True)
        self.form_key = self.extra_key
        sentence = f"{told} Will be recorded as a second injection."
        return self._fate(Fate.GIVEN, sentence, injection=injection, second=True, blocks=self.blocks)

    def _judged(self, fate: Fate, sentence: str, **more: Any) -> Weighed:
        if self.problems.told:
            return self._fate(Fate.REFUSED, " ".join(self.problems.told))
        return self._fate(fate, sentence, blocks=self.blocks, **more)

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
        if self.dose.public_id in seen:
            raise Refused("This dose stands twice on the sheet.")
        if {self.form_key, self.extra_key} & known:
            raise Already("Recorded already from this sheet.")
        if self.dose.state == DoseState.WITHDRAWN:
            raise Refused("This dose is no longer planned; open the patient's chart to see what changed.")
        return self.dose

    def _check_day(self, dose: Dose) -> None:
        if self.on is None:
            self.problems.note("Bad date: write it as 2026-01-31." if self.row.on else "The date is missing.")
        elif self.on > self.house.today:
            self.problems.note("The date lies in the future.")
        elif self.on < dose.patient.born_on:
            self.problems.note("The date lies before the patient's birth.")

    def _injection(self, dose: Dose) -> Injection | None:
        """What was given, as far as every cell can be taken; what cannot is noted."""
        row, house, read = self.row, self.house, self.problems.of
        given_at = read(self._moment)
        product = read(read_product, row.product, dose.phase.drug, house.products)
        if not row.lot:
            self.problems.note("The lot is missing.")
        expires_on = read(self._expiry)
        place = read(read_place, row.site, row.side)
        authority = read(read_authority, row.authority)
        asked = read(read_asked, row.asked, house.people)
        reaction = read(read_reaction, row.reaction)
        given_by = read(read_person, row.given_by, house.people)
        if self.on is None or place is None or reaction is None:
            return None
        if expires_on and dose.patient.born_on <= self.on <= self.house.today:
            self._weigh_against(dose, self.on, given_at, expires_on, place[0], product)
        return Injection(
            given_on=self.on,
            given_at=given_at,
            drug=dose.phase.drug,
            dose_mcg=dose.phase.dose_mcg,
            route=dose.phase.route,
            product=product.name if product else "",
            lot=row.lot[:40],
            expires_on=expires_on,
            site=place[0],
            side=place[1],
            authority=authority or "",
            given_by=given_by,
            reaction_grade=reaction[0],
            reaction=reaction[1],
            reason=self._told(asked, given_by),
        )

    def _weigh_against(
        self,
        dose: Dose,
        on: date,
        given_at: datetime | None,
        expires_on: date,
        site: str,
        product: Product | None,
    ) -> None:
        """What speaks against this injection wants the reason, as on the page; of a second one only what it was given from."""
        spoken: dict[str, None] = {}
        is_planned = dose.state == DoseState.OWED
        if is_planned:
            at_hand = AtHand(
                given_on=on,
                given_at=given_at,
                route=dose.phase.route,
                site=site,
                vial_mcg_per_ml=product.mcg_per_ml if product else None,
                holds_benzyl_alcohol=product.holds_benzyl_alcohol if product else None,
            )
            found = check_with_order(dose, on, at_hand)
            self.blocks = tuple(one.message for one in found if one.severity is Severity.BLOCK)
            spoken = dict.fromkeys([*(one.message for one in findings_at_hand(dose, at_hand)), *self.blocks])
        if self.row.reason:
            return
        if expires_on < on:
            self.problems.note("The product had expired: if it was given all the same, write the reason.")
        if is_planned and on < dose.earliest_on:
            self.problems.note(f"Before the window opens on {dose.earliest_on:%d %b %Y}: write the reason.")
        if spoken:
            self.problems.note(f"{' '.join(spoken)} If it was given all the same, write the reason.")

    def _moment(self) -> datetime | None:
        clock = read_time(self.row.time)
        if clock is None:
            raise Refused("Bad time: write it as 14:05." if self.row.time else "The time is missing.")
        if self.on is None:
            return None
        given_at = datetime.combine(self.on, clock, tzinfo=ZoneInfo(self.house.clinic.time_zone))
        if given_at > self.house.at and self.on <= self.house.today:
            raise Refused("The time lies in the future.")
        return given_at

    def _expiry(self) -> date:
        expires_on = read_expiry(self.row.expiry, self.house.clinic.country)
        if expires_on is None:
            raise Refused(
                "Bad expiry date: write it as 2027-06-30 or 06/2027."
                if self.row.expiry
                else "The expiry date is missing."
            )
        return expires_on

    def _not_given(self) -> dict[str, Any]:
        if not self.row.reason:
            self.problems.note("Write why it was not given.")
        known = {one.label.casefold(): one.value for one in NotGivenReason} | {
            one.value: one.value for one in NotGivenReason
        }
        reason = known.get(self.row.reason.casefold(), NotGivenReason.OTHER.value)
        if self.row.reason.casefold() == "other":
            self.problems.note("“Other” alone says nothing: write why it was not given.")
        by = self.problems.of(read_person, self.row.given_by, self.house.people)
        return {
            "on": self.on,
            "not_given_reason": reason,
            "reason": self._told(None, by),
            "next_action_on": None,
        }

    def _told(self, asked: User | str | None, by: User | None) -> str:
        """The reason with where the entry comes from, so that the paper can be found again, and who asked and wrote."""
        parts = [f"From the clinic sheet {self.row.sheet.removeprefix('Sheet ')}"]
        if self.row.given_by:
            parts.append(f"written by {by.display_name if by else self.row.given_by}")
        if asked is not None:
            who = asked if isinstance(asked, User) else by
            parts.append(f"questions before giving asked{f' by {who.display_name}' if who else ''}")
        source = ", ".join(parts)
        return f"{self.row.reason} ({source})" if self.row.reason else f"{source}."
