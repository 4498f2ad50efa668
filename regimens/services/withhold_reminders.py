"""Call back what reminds of a dose once it is postponed, or nobody is to be called about it."""

from datetime import date

from b12clinic.messages.models import Audience
from b12clinic.messages.services.withdraw import withdraw, withdraw_all
from regimens.queries.last_word import not_to_be_called, postponed
from regimens.subjects import OF_A_DOSE

CALLERS = (Audience.PATIENT, Audience.NURSE)
"""Who is told nothing of a dose that nobody is to be called about; prescribers and the clinic are still told."""


def withhold_reminders(*, dose_id: int, today: date) -> None:
    """Withdraw what the last word on a dose leaves nobody to be told, inside the transaction that records it.

    What is withdrawn here the sweep finds again once the word has lost its force.
    """
    if postponed(today, dose=dose_id):
        withdraw(kinds=OF_A_DOSE, subject_id=dose_id, why="The injection was postponed.")
    elif not_to_be_called(dose=dose_id):
        withdraw_all(
            kinds=OF_A_DOSE,
            subject_ids=[dose_id],
            audiences=CALLERS,
            why="Nobody is to be called about this dose.",
        )
