"""What the labs of a clinic have come to on a day: rechecks due soon or overdue, results that nobody has looked at."""

from collections.abc import Sequence
from datetime import date, datetime, time
from functools import partial
from zoneinfo import ZoneInfo

from b12clinic.accounts.models import Clinic
from b12clinic.messages.ladder import Step, of_kind
from b12clinic.messages.services.owe_found import Found
from monitoring.queries.inbox import unread_items
from monitoring.queries.rechecks import wanted_rechecks
from monitoring.subjects import OVERDUE_RECHECK, RECHECK_DUE, RESULT_WAITING


def find_owed(clinic: Clinic, ladder: Sequence[Step], today: date) -> list[Found]:
    """What the rungs that speak of a recheck or a result have reached."""
    return [
        _overdue(clinic, of_kind(ladder, OVERDUE_RECHECK), today),
        _due(clinic, of_kind(ladder, RECHECK_DUE), today),
        _waiting(clinic, of_kind(ladder, RESULT_WAITING), today),
    ]


def _overdue(clinic: Clinic, rungs: Sequence[Step], today: date) -> Found:
    """Due lasts the whole local day, whatever the ladder says."""
    rechecks = wanted_rechecks(clinic).filter(due_on__lt=today)
    return Found(rows=rechecks, rungs=rungs, about="due_on", reached_by=partial(Step.cut_off, today=today))


def _due(clinic: Clinic, rungs: Sequence[Step], today: date) -> Found:
    rechecks = wanted_rechecks(clinic).filter(due_on__gte=today)
    return Found(rows=rechecks, rungs=rungs, about="due_on", reached_by=partial(Step.cut_off, today=today))


def _waiting(clinic: Clinic, rungs: Sequence[Step], today: date) -> Found:
    """Results that came in on the cut-off day of the clinic or before it and that nobody has acknowledged."""
    zone = ZoneInfo(clinic.time_zone)

    def reached_by(step: Step) -> datetime:
        return datetime.combine(step.cut_off(today), time.max, tzinfo=zone)

    return Found(
        rows=unread_items(clinic),
        rungs=rungs,
        about="result__taken_on",
        counted="arrived_at",
        patient="result__patient",
        reached_by=reached_by,
    )
