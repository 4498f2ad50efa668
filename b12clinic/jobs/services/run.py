"""Run one job: claim it, do it and take its row away in one transaction, put it off when it fails."""

from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.db.models import F
from structlog import get_logger

from b12clinic.jobs.models import Pending
from b12clinic.jobs.nudge import nudger
from b12clinic.jobs.queries import MAX_ATTEMPTS, ready
from b12clinic.jobs.registry import handler_for
from b12clinic.jobs.trace import trace_of

log = get_logger(__name__)

LEASE = timedelta(seconds=120)
"""How long a worker may take; the tasks' time limits end it sooner, so only a dead worker loses its lease."""

FIRST_DELAY = timedelta(seconds=30)
LONGEST_DELAY = timedelta(hours=1)


class LeaseLost(RuntimeError):
    """Another worker took the job over meanwhile; what this one did is rolled back."""


def run(*, pending_id: int, at: datetime) -> bool:
    """Run a job if it is ready and nobody else has it; whether it was done.

    The handler's work and the removal of the row commit together or not at all, so a worker that dies leaves the job
    as it was. A handler that raises costs an attempt and a growing delay, and never stops other jobs.
    """
    claim = _claim(pending_id, at)
    if claim is None:
        return False
    try:
        with transaction.atomic(durable=True):
            handler_for(claim.kind)(subject_id=claim.subject_id, at=at)
            _finish(claim)
    except Exception as error:
        _put_off(claim, error, at)
        return False
    return True


@transaction.atomic
def _claim(pending_id: int, at: datetime) -> Pending | None:
    """Take the job by a conditional UPDATE, which lets one of several workers through, and read it under that lock."""
    won = ready(at).filter(pk=pending_id).update(leased_until=at + LEASE, attempts=F("attempts") + 1)
    return Pending.objects.get(pk=pending_id) if won else None


def _finish(claim: Pending) -> None:
    """Take the row away, unless the job was asked for again meanwhile: asking sets the attempts back to nought."""
    mine = Pending.objects.filter(pk=claim.pk, leased_until=claim.leased_until)
    if mine.filter(attempts=claim.attempts).delete()[0]:
        return
    if not mine.update(leased_until=None):
        raise LeaseLost
    transaction.on_commit(partial(nudger.send, claim.pk), robust=True)


def _put_off(claim: Pending, error: Exception, at: datetime) -> None:
    """Note where it failed, without the error's own words, which may name a patient; try again later."""
    delay = min(FIRST_DELAY * 2 ** max(claim.attempts - 1, 0), LONGEST_DELAY)
    Pending.objects.filter(pk=claim.pk, leased_until=claim.leased_until).update(
        leased_until=None, not_before=at + delay, last_error=trace_of(error)
    )
    said = log.error if claim.attempts >= MAX_ATTEMPTS else log.warning
    said(
        "job.failed",
        pending_id=claim.pk,
        kind=claim.kind,
        attempts=claim.attempts,
        error=type(error).__name__,
    )
