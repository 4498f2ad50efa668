"""What a worker does for jobs. Arguments are ids; the rows say everything else."""

from celery import shared_task


@shared_task
def run_pending(pending_id: int) -> None:
    """Run one job if it still waits."""


@shared_task
def sweep_pending() -> None:
    """Run the jobs whose nudge was lost or whose worker died."""
