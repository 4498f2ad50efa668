"""Tell the broker that a job waits. Only a hint: when it is lost, the sweep finds the row."""

from celery import current_app
from structlog import get_logger

log = get_logger(__name__)


def nudge(pending_id: int) -> None:
    """Send the id of a waiting job to a worker; a broker that does not answer is noted and nothing more."""
    try:
        current_app.send_task("b12clinic.jobs.tasks.run_pending", args=[pending_id], retry=False)
    except Exception as error:
        log.warning("job.nudge_lost", pending_id=pending_id, error=type(error).__name__)
