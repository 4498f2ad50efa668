"""What a worker does for messages: scans of the outbox, which the next tick repeats."""

from celery import shared_task


@shared_task
def send_due() -> None:
    """Send what is due and settle what a lost sender left behind."""
