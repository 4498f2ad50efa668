"""A patient's injections and attempts as plain rows, light enough for ten years of them on one page."""

from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from b12clinic.accounts.models import name_in_full
from b12clinic.patients.models import Patient
from b12clinic.prepared import Prepared
from regimens.models import Administration, Outcome


class FulfilledDose(NamedTuple):
    """The dose that an injection fulfils: its place in the plan and the days that were planned for it."""

    phase_id: int
    number: int
    due_on: date
    overdue_on: date


class InjectionRow(NamedTuple):
    """An entry as it was recorded, without its proofs, with the people by name."""

    pk: int
    public_id: UUID
    regimen_id: int | None
    dose_id: int | None
    corrects_id: int | None
    outcome: str
    not_given_reason: str
    given_on: date
    drug: str
    dose_mcg: int | None
    route: str
    lot: str
    expires_on: date | None
    site: str
    side: str
    given_elsewhere: bool
    self_administered: bool
    reaction_grade: str
    reaction: str
    reason: str
    entered_in_error: bool
    given_by_id: int | None
    recorded_by_id: int
    recorded_by: str
    given_by: str
    checked_by: str
    fulfils: FulfilledDose | None

    @property
    def is_late(self) -> bool:
        """Whether it fulfils a dose on a day outside that dose's window."""
        return self.fulfils is not None and self.given_on >= self.fulfils.overdue_on


_PEOPLE = ("recorded_by", "given_by", "checked_by")
_OWN = tuple(name for name in InjectionRow._fields if name not in (*_PEOPLE, "fulfils"))
_NAMES = tuple(f"{who}__{part}" for who in _PEOPLE for part in ("first_name", "last_name", "username"))
_DOSE = tuple(f"fulfils__{part}" for part in FulfilledDose._fields)
_ENTRIES = Prepared(
    lambda patient: Administration.objects.filter(patient=patient).values_list(*_OWN, *_NAMES, *_DOSE)
)


def injection_rows(patient: Patient) -> list[InjectionRow]:
    """Every entry of a patient, corrected ones included, newest first. One query."""
    rows = _ENTRIES.rows(patient.pk)
    return [_row(row[: len(_OWN)], row[len(_OWN) : -len(_DOSE)], row[-len(_DOSE) :]) for row in rows]


def _row(own: tuple[Any, ...], names: tuple[Any, ...], dose: tuple[Any, ...]) -> InjectionRow:
    people = (name_in_full(*names[place : place + 3]) for place in (0, 3, 6))
    return InjectionRow._make((*own, *people, FulfilledDose(*dose) if dose[0] else None))


def standing_injections(rows: list[InjectionRow]) -> list[InjectionRow]:
    """Those that were given, that nothing corrects and nobody took back, oldest first."""
    corrected = corrected_entries(rows)
    return [
        one
        for one in reversed(rows)
        if one.outcome == Outcome.GIVEN and not one.entered_in_error and one.pk not in corrected
    ]


def corrected_entries(rows: list[InjectionRow]) -> frozenset[int]:
    """The entries that a later one corrects."""
    return frozenset(one.corrects_id for one in rows if one.corrects_id is not None)
