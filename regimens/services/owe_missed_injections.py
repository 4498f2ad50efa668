"""Find the injections that are overdue in a clinic and owe one reminder for each."""

from datetime import date

from django.db.models import Exists, OuterRef

from b12clinic.accounts.models import Clinic
from b12clinic.messages.models import Message, MessageState
from b12clinic.messages.services.owe import OwedMessage, owe
from b12clinic.messages.whom import whom
from regimens.queries.due_list import waited_for
from regimens.subjects import MISSED_INJECTION

BATCH = 2000
STEP_OVERDUE = "overdue"

_REMINDED = Message.objects.filter(
    kind=MISSED_INJECTION, subject_id=OuterRef("pk"), about_on=OuterRef("due_on"), step=STEP_OVERDUE
).exclude(state=MessageState.WITHDRAWN)
"""Reminded already, whomever it went to: a consent given since must not make a second message; one withdrawn must."""


def owe_missed_injections(*, clinic: Clinic, today: date) -> int:
    """Owe a reminder for every dose outside its window on the clinic's day; how many are new.

    Run any number of times it owes each dose once per due date: a dose that was moved is owed for its new date.
    """
    fresh, after = 0, 0
    while True:
        page = list(
            waited_for(clinic)
            .filter(~Exists(_REMINDED), overdue_on__lte=today, pk__gt=after)
            .order_by("pk")
            .values_list("pk", "due_on", "patient_id", "patient__consents_to_email", "patient__email")[:BATCH]
        )
        if not page:
            return fresh
        fresh += owe([_owed(clinic, *row) for row in page])
        after = page[-1][0]


def _owed(
    clinic: Clinic, dose_id: int, due_on: date, patient_id: int, consents: bool, email: str
) -> OwedMessage:
    audience, channel = whom(clinic, consents_to_email=consents, email=email)
    return OwedMessage(
        clinic_id=clinic.pk,
        patient_id=patient_id,
        kind=MISSED_INJECTION,
        subject_id=dose_id,
        about_on=due_on,
        step=STEP_OVERDUE,
        audience=audience,
        channel=channel,
    )
