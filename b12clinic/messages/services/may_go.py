"""Whether a message may still go, asked at the moment of sending."""

from datetime import date

from b12clinic.messages.models import Message
from b12clinic.messages.reach import why_not
from b12clinic.messages.still_owed import check_for
from b12clinic.patients.models import Patient

DEALT_WITH = "What it spoke of has been dealt with."


class NoLongerOwed(Exception):
    """Between owing and sending, the reason for the message went away."""


def check_may_go(message: Message, patient: Patient | None, today: date) -> None:
    """Ask once more whether the message may go to the patient, read afresh. Raises NoLongerOwed or NoCheck."""
    if reason := why_not(message, patient):
        raise NoLongerOwed(reason)
    if not is_still_owed(message, today):
        raise NoLongerOwed(DEALT_WITH)


def is_still_owed(message: Message, today: date) -> bool:
    """Whether the row that the message speaks of still calls for it, on the date it speaks of. Raises NoCheck."""
    return check_for(message.kind)(subject_id=message.subject_id, about_on=message.about_on, today=today)
