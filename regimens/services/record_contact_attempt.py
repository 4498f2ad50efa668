"""Record an attempt to reach a patient about a dose that is owed. It is appended; no attempt ends what is owed."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from b12clinic.accounts.models import User
from b12clinic.accounts.services import audit
from regimens.models import ContactAttempt, Dose, DoseState
from regimens.protocols.vocabulary import ContactOutcome
from regimens.services.withhold_reminders import withhold_reminders

NAMES_A_DAY: dict[str, str] = {
    ContactOutcome.AGREED_TO_VISIT: "Enter the day on which the patient agreed to come.",
    ContactOutcome.REMIND_TO_CALL_LATER: "Enter the day on which to call again.",
}


LONGEST_WAIT_DAYS = 92
"""Local policy: whoever is owed a dose is on the list of calls again after a quarter, whatever day was named."""
TOO_FAR = (
    f"The next day lies more than {LONGEST_WAIT_DAYS} days ahead; for a longer absence pause the regimen."
)


def lies_too_far(next_action_on: date, today: date) -> bool:
    """Whether somebody would fall off the list of calls until that day."""
    return (next_action_on - today).days > LONGEST_WAIT_DAYS


class AttemptNotRecorded(ValueError):
    """Why the attempt cannot be recorded; the sentence says what happened or what is wanted.

    `field` names the part of the attempt that does not fit; empty when the dose is no longer owed.
    """

    def __init__(self, sentence: str, field: str = "") -> None:
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """How somebody was tried, what came of it, and when to act next; `on` is the clinic's day of the attempt."""

    channel: str
    outcome: str
    on: date
    next_action_on: date | None = None
    note: str = ""


@transaction.atomic
def record_contact_attempt(
    *, dose: Dose, attempt: Attempt, form_key: UUID, by: User, at: datetime, today: date
) -> ContactAttempt:
    """Append one attempt. The same form sent twice records once. Whoever is not to be called has no next day.

    Raises AttemptNotRecorded for a day to come, a dose that is no longer owed, a patient who died or moved away, and an
    outcome without the day or the reason that it wants.
    """
    dose = (
        Dose.objects.select_for_update(of=("self",))
        .select_related("clinic", "patient", "given_as__recorded_by")
        .get(pk=dose.pk)
    )
    repeat = ContactAttempt.objects.filter(form_key=form_key).first()
    if repeat is not None and repeat.dose_id != dose.pk:
        raise AttemptNotRecorded("This page has recorded another attempt already; open it again.")
    if repeat is not None:
        return repeat
    if closed := no_longer_owed(dose):
        raise AttemptNotRecorded(closed)
    _refuse_unfit(attempt, today)
    row = ContactAttempt.objects.create(
        patient_id=dose.patient_id,
        clinic_id=dose.clinic_id,
        dose=dose,
        channel=attempt.channel,
        outcome=attempt.outcome,
        note=attempt.note.strip(),
        next_action_on=None if attempt.outcome == ContactOutcome.REMOVED else attempt.next_action_on,
        on=attempt.on,
        by=by,
        at=at,
        form_key=form_key,
    )
    withhold_reminders(dose_id=dose.pk, today=today)
    audit.note(
        at=at,
        clinic=dose.clinic,
        by=by,
        action="contact.recorded",
        subject=f"dose:{dose.public_id}",
        patient_id=dose.patient_id,
        after={"channel": attempt.channel, "outcome": attempt.outcome},
        reason=row.note,
    )
    return row


def no_longer_owed(dose: Dose) -> str:
    """What happened to a dose that nobody needs to be called about any more; nothing while it is owed."""
    given, patient = dose.given_as, dose.patient
    if given is not None:
        return (
            f"This dose was given on {given.given_on:%d %b %Y}, recorded by {given.recorded_by.display_name}."
        )
    if dose.state != DoseState.OWED:
        return "This dose was withdrawn: its plan was stopped or replaced."
    if patient.died_on is not None:
        return f"The patient died on {patient.died_on:%d %b %Y}."
    if patient.moved_on is not None:
        return f"The patient moved away on {patient.moved_on:%d %b %Y}."
    return ""


def _refuse_unfit(attempt: Attempt, today: date) -> None:
    if attempt.on > today:
        raise AttemptNotRecorded("The attempt cannot lie in the future; check its date.", "on")
    if attempt.next_action_on is None and attempt.outcome in NAMES_A_DAY:
        raise AttemptNotRecorded(NAMES_A_DAY[attempt.outcome], "next_action_on")
    if attempt.next_action_on is not None and attempt.next_action_on < attempt.on:
        raise AttemptNotRecorded("The next day cannot lie before the attempt.", "next_action_on")
    if attempt.next_action_on is not None and lies_too_far(attempt.next_action_on, today):
        raise AttemptNotRecorded(TOO_FAR, "next_action_on")
    if attempt.outcome == ContactOutcome.REMOVED and not attempt.note.strip():
        raise AttemptNotRecorded("Write why this patient is not to be called about this dose.", "note")
