"""The drawn patients as rows, and what the ledger and the mail server hold afterwards."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from tests.faults.world import Said, Waiting


@dataclass(frozen=True)
class Outcome:
    """A fault's tally: messages owed by the oracle, mails taken, and what must not be."""

    owed: int
    sent: int
    doubled: int
    lost: int
    foreign: int
    uncertain: int

    @property
    def holds(self) -> bool:
        return not (self.doubled or self.lost or self.foreign)


def lay_down(patients: Sequence[Waiting]) -> None:
    """Clinics that send around the clock, one a zone, and each patient's running regimen."""
    from b12clinic.messages.models import ClinicMessaging
    from tests.factories.people import a_clinic, a_patient, a_user
    from tests.factories.regimens import WEEKLY, a_regimen

    clinics = {}
    for zone in sorted({patient.zone for patient in patients}):
        clinics[zone] = a_clinic(name=f"Clinic of {zone}", time_zone=zone)
        ClinicMessaging.objects.create(
            clinic=clinics[zone], sends_from=time(0), sends_until=time(23, 59, 59, 999999)
        )
    nurses = {zone: a_user(clinic, "nurse") for zone, clinic in clinics.items()}
    for one in patients:
        patient = a_patient(
            clinics[one.zone],
            name=f"Patient {one.number}",
            email=one.address,
            consents_to_email=one.writes,
            died_on=one.due_on - timedelta(days=1) if one.gone else None,
        )
        regimen = a_regimen(patient, nurses[one.zone], WEEKLY, starts_on=one.due_on)
        regimen.phases.get().doses.filter(is_next=True).update(
            earliest_on=one.due_on - timedelta(days=2), due_on=one.due_on, overdue_on=one.overdue_on
        )


def in_ledger() -> Counter[Said]:
    """What the ledger says is or was owed to or about each patient, withdrawn rows left out."""
    from b12clinic.messages.models import Message

    rows = Message.objects.filter(kind__in=("missed_injection", "injection_due")).exclude(state="withdrawn")
    return Counter(
        Said(int(name.removeprefix("Patient ")), about_on, kind, step, audience)
        for name, about_on, kind, step, audience in rows.values_list(
            "patient__name", "about_on", "kind", "step", "audience"
        )
    )


def uncertain() -> list[str]:
    """Whom the messages were for whose outcome nobody knows."""
    from b12clinic.messages.models import Message

    rows = Message.objects.filter(state="uncertain", audience="patient")
    return list(rows.values_list("patient__email", flat=True))


def tally(owed: set[Said], addressed: set[str], taken: Sequence[str]) -> Outcome:
    """Ledger and mail server against the oracle. A mail whose outcome is uncertain is neither lost nor sent again."""
    ledger, mails, unknown = in_ledger(), Counter(taken), uncertain()
    return Outcome(
        owed=len(owed),
        sent=len(taken),
        doubled=sum(number - 1 for number in (*ledger.values(), *mails.values()) if number > 1),
        lost=len(owed - set(ledger)) + len(addressed - set(mails) - set(unknown)),
        foreign=len(set(ledger) - owed) + len(set(mails) - addressed),
        uncertain=len(unknown),
    )


def settled(at: datetime) -> bool:
    """Whether nothing waits to be sent any more."""
    from b12clinic.messages.models import Message

    return not Message.objects.filter(state__in=("owed", "sending")).exclude(next_try_at__gt=at).exists()
