"""What a fault is put to: clinics in several zones, patients of every kind, doses early and late; and what they are owed.

The oracle reads the fixture as it was drawn, in plain Python: never the product's tables.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

ZONES = ("Pacific/Kiritimati", "Europe/London", "America/New_York", "Pacific/Honolulu")
INTERVAL = timedelta(minutes=5)
"""Between two sweeps, as beat has it."""


@dataclass(frozen=True)
class Waiting:
    """A patient and the weekly loading dose waited for: overdue from the third day after its due day."""

    number: int
    zone: str
    due_on: date
    writes: bool
    gone: bool = False

    @property
    def address(self) -> str:
        return f"patient-{self.number}@example.org"

    @property
    def overdue_on(self) -> date:
        return self.due_on + timedelta(days=3)


@dataclass(frozen=True)
class Said:
    """One message as the ledger knows it: which patient, of which day, which rung, to whom."""

    number: int
    about_on: date
    kind: str
    step: str
    audience: str


LADDER = (
    ("missed_injection", "overdue", 0, "patient"),
    ("missed_injection", "overdue_again", 3, "patient"),
    ("missed_injection", "to_call", 2, "nurse"),
    ("missed_injection", "long_overdue", 7, "prescriber"),
)
"""The loading ladder that comes with the product, written down a second time on purpose."""


def awake(at: datetime) -> tuple[str, ...]:
    """Zones in the middle of their day, of these and of those that lie a whole number of hours from Greenwich.

    For a fault on the machine's own clock: in a zone's night nothing is sent, and nothing settles before its morning.
    """
    whole_hours = tuple(f"Etc/GMT{hours:+d}" for hours in range(-14, 13))
    return tuple(zone for zone in (*ZONES, *whole_hours) if 9 <= at.astimezone(ZoneInfo(zone)).hour < 18)


def drawn(chance: Random, number: int, at: datetime, zones: tuple[str, ...] = ZONES) -> list[Waiting]:
    """So many patients around a moment: due soon, missed, long missed, without consent, dead."""
    today = at.date()
    return [
        Waiting(
            number=place,
            zone=chance.choice(zones),
            due_on=today + timedelta(days=chance.randint(-20, 4)),
            writes=chance.random() < 0.8,
            gone=chance.random() < 0.1,
        )
        for place in range(number)
    ]


def expected(patients: list[Waiting], at: datetime) -> set[Said]:
    """All that is owed at a moment, by each clinic's own day; nothing before seven in its morning."""
    return {one for patient in patients for one in owed_to(patient, at)}


def owed_to(patient: Waiting, at: datetime) -> set[Said]:
    local = at.astimezone(ZoneInfo(patient.zone))
    if patient.gone or local.hour < 7:
        return set()
    today, found = local.date(), set()
    for kind, step, days, audience in LADDER:
        if patient.overdue_on + timedelta(days=days) <= today:
            found.add(_said(patient, kind, step, audience))
    if today <= patient.due_on <= today + timedelta(days=1):
        found.add(_said(patient, "injection_due", "due_soon", "patient"))
    return found


def _said(patient: Waiting, kind: str, step: str, audience: str) -> Said:
    """Whoever agreed to no way of being written to is the clinic's to call."""
    whom = "clinic" if audience == "patient" and not patient.writes else audience
    return Said(patient.number, patient.due_on, kind, step, whom)


def written_to(patients: list[Waiting], at: datetime) -> set[str]:
    """The addresses that a mail goes to: one each, whatever there is to say."""
    return {
        patient.address
        for patient in patients
        if any(one.audience == "patient" for one in owed_to(patient, at))
    }
