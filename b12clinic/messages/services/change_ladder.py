"""Change a clinic's ladder rung by rung; the first change copies the product's rungs, which the clinic climbed so far."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import transaction

from b12clinic.accounts.models import Clinic, User
from b12clinic.accounts.services import audit
from b12clinic.messages.default_wordings import PATIENT_KINDS
from b12clinic.messages.ladder import BY_PHASE, DEFAULT, Kind, PhaseGroup, Step
from b12clinic.messages.models import Audience, LadderStep
from b12clinic.messages.services.messaging_version import take_version
from b12clinic.vocabulary import Channel

BEFORE = frozenset({Kind.INJECTION_DUE.value, Kind.RECHECK_DUE.value})
"""The kinds whose days are counted back from the day that something is due."""

EARLIEST, LATEST = -366, 731


class RungRefused(ValueError):
    """There can be no such rung; `field` is where it is said."""

    def __init__(self, sentence: str, field: str = "") -> None:
        super().__init__(sentence)
        self.field = field


@transaction.atomic
def set_rung(*, clinic: Clinic, rung: Step, version: int, by: User, at: datetime) -> None:
    """Add a rung, or change the one of the same kind, phase and code. Raises RungRefused, MessagingChanged."""
    check_rung(rung, clinic)
    _make_own(clinic, version)
    before = _rows(clinic, rung).first()
    LadderStep.objects.update_or_create(
        clinic=clinic,
        kind=rung.kind,
        phase=rung.phase,
        code=rung.code,
        defaults={
            "days": rung.days,
            "audience": rung.audience,
            "channel": rung.channel,
            "urgent": rung.urgent,
        },
    )
    _note(clinic, rung, _said(before), asdict(rung), by=by, at=at)


@transaction.atomic
def remove_rung(*, clinic: Clinic, rung: Step, version: int, by: User, at: datetime) -> None:
    """Take a rung away; what it owed already stays owed. Raises RungRefused for the last one, MessagingChanged."""
    _make_own(clinic, version)
    before = _rows(clinic, rung).first()
    if LadderStep.objects.filter(clinic=clinic).count() < 2:
        raise RungRefused("The last rung stays; pause the messages to send none at all.")
    if before is None:
        raise RungRefused("This rung is gone already.")
    before.delete()
    _note(clinic, rung, _said(before), {}, by=by, at=at)


@transaction.atomic
def reset_ladder(*, clinic: Clinic, version: int, by: User, at: datetime) -> None:
    """Climb the ladder that comes with the product again. Raises MessagingChanged."""
    take_version(clinic, version)
    gone, _ = LadderStep.objects.filter(clinic=clinic).delete()
    if gone:
        audit.note(
            at=at, clinic=clinic, by=by, action="ladder.reset", before={"rungs": gone}, after={"rungs": 0}
        )


def check_rung(rung: Step, clinic: Clinic) -> None:
    """Raise RungRefused for the first thing that cannot be."""
    phases = [phase.value for phase in PhaseGroup] if rung.kind in list(BY_PHASE) else [""]
    if rung.kind not in [kind.value for kind in Kind] or rung.phase not in phases or not rung.code:
        raise RungRefused("There is no such place on the ladder.")
    first, last = (EARLIEST, 0) if rung.kind in BEFORE else (0, LATEST)
    if not first <= rung.days <= last:
        raise RungRefused(f"The days lie between 0 and {max(-first, last)}.", "days")
    _check_way(rung, clinic)


def _check_way(rung: Step, clinic: Clinic) -> None:
    to_patient = rung.audience == Audience.PATIENT
    if rung.audience not in Audience.values or (to_patient and rung.kind not in list(PATIENT_KINDS)):
        raise RungRefused("No patient is written to about this; choose whom of the clinic.", "audience")
    if to_patient and rung.channel == Channel.INBOX:
        raise RungRefused(
            "Patients have no inbox here; choose another way, or whichever they agreed to.", "channel"
        )
    if not to_patient and rung.channel not in ("", Channel.INBOX, Channel.EMAIL):
        raise RungRefused("The clinic is told in its inbox or by e-mail.", "channel")
    if not to_patient and rung.channel == Channel.EMAIL and not clinic.contact_email:
        raise RungRefused("The clinic has no e-mail address on its page.", "channel")


def _make_own(clinic: Clinic, version: int) -> None:
    take_version(clinic, version)
    if not LadderStep.objects.filter(clinic=clinic).exists():
        LadderStep.objects.bulk_create(LadderStep(clinic=clinic, **_plain(step)) for step in DEFAULT)


def _plain(step: Step) -> dict[str, Any]:
    """A rung as columns take it: members of the closed lists are their codes."""
    return {name: getattr(value, "value", value) for name, value in asdict(step).items()}


def _rows(clinic: Clinic, rung: Step) -> Any:
    return LadderStep.objects.filter(clinic=clinic, kind=rung.kind, phase=rung.phase, code=rung.code)


def _said(row: LadderStep | None) -> dict[str, Any]:
    names = ("kind", "phase", "code", "days", "audience", "channel", "urgent")
    return {name: getattr(row, name) for name in names} if row else {}


def _note(
    clinic: Clinic, rung: Step, before: dict[str, Any], after: dict[str, Any], *, by: User, at: datetime
) -> None:
    subject = ":".join(part for part in ("ladder", rung.kind, rung.phase, rung.code) if part)
    audit.note(
        at=at, clinic=clinic, by=by, action="ladder.changed", subject=subject, before=before, after=after
    )
