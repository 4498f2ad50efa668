"""Owe a reminder for every recheck whose day has passed without all its results."""

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from b12clinic.accounts.models import Clinic
from b12clinic.messages.models import Message, MessageState
from b12clinic.messages.services.owe import OwedMessage, owe
from b12clinic.messages.whom import whom
from monitoring.models import Recheck
from monitoring.queries.rechecks import overdue_rechecks
from monitoring.subjects import OVERDUE_RECHECK

STEP = "overdue"
BATCH = 1000


def owe_overdue_rechecks(*, clinic: Clinic, today: date, batch: int = BATCH) -> int:
    """Owe one reminder for each overdue recheck that has none yet; how many were new.

    Reads the clinic's rechecks in order of due day, a batch at a time, each batch standing by itself: a sweep that is
    cut short loses nothing, since the next one finds what has no reminder. Two sweeps at once owe it once, by the
    ledger's unique key.
    """
    owed, after = 0, None
    while rows := list(_unreminded(clinic, today, after)[:batch]):
        owed += owe([_message(clinic, recheck) for recheck in rows])
        after = (rows[-1].due_on, rows[-1].pk)
    return owed


def _unreminded(clinic: Clinic, today: date, after: tuple[date, int] | None) -> QuerySet[Recheck]:
    reminded = Message.objects.filter(
        kind=OVERDUE_RECHECK, subject_id=OuterRef("pk"), about_on=OuterRef("due_on"), step=STEP
    ).exclude(state=MessageState.WITHDRAWN)
    rows = overdue_rechecks(clinic, today).filter(~Exists(reminded)).select_related("patient")
    if after is None:
        return rows
    due_on, pk = after
    return rows.filter(Q(due_on__gt=due_on) | Q(due_on=due_on, pk__gt=pk))


def _message(clinic: Clinic, recheck: Recheck) -> OwedMessage:
    patient = recheck.patient
    audience, channel = whom(clinic, consents_to_email=patient.consents_to_email, email=patient.email)
    return OwedMessage(
        clinic_id=clinic.pk,
        patient_id=recheck.patient_id,
        kind=OVERDUE_RECHECK,
        subject_id=recheck.pk,
        about_on=recheck.due_on,
        step=STEP,
        audience=audience,
        channel=channel,
    )
