"""What a worker does for messages: scans of the outbox, which the next tick repeats."""

import time
from contextlib import closing

from celery import shared_task
from django.utils import timezone
from structlog import get_logger

from b12clinic.messages.channels import CHANNELS
from b12clinic.messages.channels.port import Channel, Unreachable
from b12clinic.messages.models import MessageState
from b12clinic.messages.queries import due_ids
from b12clinic.messages.services.hold import hold
from b12clinic.messages.services.release import release_lost, unmerge_orphans
from b12clinic.messages.services.send import send

log = get_logger(__name__)

SEND_FOR_SECONDS = 25
"""A run takes on no new message after this long; the next tick goes on."""

IDS_A_QUERY = 500


@shared_task(time_limit=240)
def send_due() -> None:
    """Settle what a lost sender left behind, then send what is due, channel by channel."""
    release_lost(at=timezone.now())
    unmerge_orphans()
    stop_at = time.monotonic() + SEND_FOR_SECONDS
    for code, make in CHANNELS.items():
        with closing(make()) as channel:
            drain(code, channel, stop_at)


def drain(code: str, channel: Channel, stop_at: float) -> None:
    """Send a channel's messages one by one, each at most once a run.

    Stops when time is up, when the service does not answer, and after an uncertain outcome: a server that takes
    messages without a word gets one a tick, not the whole outbox.
    """
    last = 0
    while ids := due_ids(timezone.now(), channel=code, after=last, limit=IDS_A_QUERY):
        for last in ids:
            if time.monotonic() > stop_at:
                return
            try:
                channel.ready()
            except Unreachable as reason:
                held = hold(channel=code, why=str(reason), at=timezone.now())
                log.warning("messages.held", channel=code, newly_held=held)
                return
            if send(message_id=last, channel=channel, at=timezone.now()) == MessageState.UNCERTAIN:
                return
