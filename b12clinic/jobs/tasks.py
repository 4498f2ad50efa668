"""What a worker does for jobs. Arguments are ids; the rows say everything else."""

import time

from celery import shared_task
from django.utils import timezone
from structlog import get_logger

from b12clinic.jobs.queries import given_up, ready_ids
from b12clinic.jobs.services.run import run

log = get_logger(__name__)

SWEEP_FOR_SECONDS = 20
"""A sweep stops taking on jobs after this long; the next tick goes on."""

IDS_A_QUERY = 100


@shared_task(time_limit=60)
def run_pending(pending_id: int) -> None:
    """Run one job if it still waits."""
    run(pending_id=pending_id, at=timezone.now())


@shared_task(time_limit=90)
def sweep_pending() -> None:
    """Run the jobs whose nudge was lost, whose worker died or whose delay is over; say how many were given up."""
    stop_at = time.monotonic() + SWEEP_FOR_SECONDS
    last = 0
    while ids := ready_ids(timezone.now(), after=last, limit=IDS_A_QUERY):
        for last in ids:
            run(pending_id=last, at=timezone.now())
            if time.monotonic() > stop_at:
                return
    if count := given_up(timezone.now()).count():
        log.error("jobs.given_up", count=count)
