"""What a worker does for messages: scans of the outbox, which the next tick repeats."""

import time
from collections.abc import Sequence
from contextlib import closing
from datetime import date

from celery import shared_task
from django.db.models import Count
from django.utils import timezone
from structlog import get_logger

from b12clinic.accounts.models import Clinic
from b12clinic.jobs.trace import trace_of
from b12clinic.messages.channels import CHANNELS
from b12clinic.messages.channels.port import Channel, Unreachable
from b12clinic.messages.digest import DIGEST, counts, counts_of
from b12clinic.messages.heartbeat import SEND
from b12clinic.messages.models import Message, MessageState
from b12clinic.messages.queries import due_ids
from b12clinic.messages.services.hold import hold
from b12clinic.messages.services.lay_in_inbox import lay_in_inbox
from b12clinic.messages.services.owe_digest import owe_digest
from b12clinic.messages.services.release import release_lost, unmerge_orphans
from b12clinic.messages.services.retry import RETRIABLE
from b12clinic.messages.services.send import claim, let_go, send_claimed
from b12clinic.messages.services.sweep import note_done_everywhere
from b12clinic.messages.still_owed import still_owed

log = get_logger(__name__)

SEND_FOR_SECONDS = 25
"""A run takes on no new message after this long; the next tick goes on."""

IN_HAND = 25
"""So many are claimed at once: few enough that a slow server does not outlast their lease."""


@shared_task(time_limit=240)
def send_due() -> None:
    """Settle what a lost sender left behind, then send what is due, channel by channel."""
    release_lost(at=timezone.now())
    unmerge_orphans()
    lay_in_inbox(at=timezone.now())
    stop_at = time.monotonic() + SEND_FOR_SECONDS
    for code, make in CHANNELS.items():
        with closing(make()) as channel:
            drain(code, channel, stop_at)
    note_done_everywhere(work=SEND, at=timezone.now())


@shared_task(name="b12clinic.messages.tasks.owe_digests")
def owe_digests() -> int:
    """Owe each clinic its morning summary; how many are new. One clinic that fails stops no other."""
    at, fresh = timezone.now(), 0
    for clinic in Clinic.objects.select_related("messaging").order_by("pk"):
        try:
            fresh += owe_digest(clinic=clinic, at=at)
        except Exception as error:
            log.error("digest.failed", clinic_id=clinic.pk, where=trace_of(error))
    return fresh


@still_owed(DIGEST)
def digest_still_owed(subject_id: int, about_on: date, today: date) -> bool:
    """Whether it is still that morning's day, and there is still something to say."""
    return about_on == today and bool(counts_of(Clinic.objects.get(pk=subject_id), today))


@counts("failed", "uncertain")
def messages_to_decide(clinic: Clinic, today: date) -> dict[str, int]:
    """Messages that a person must look at."""
    found = Message.objects.filter(clinic=clinic, state__in=RETRIABLE)
    return dict(found.values_list("state").annotate(Count("pk")))


def drain(code: str, channel: Channel, stop_at: float) -> None:
    """Send a channel's messages, each at most once a run, taking a few in hand at a time.

    Stops when time is up, when the service does not answer or takes nothing from us, and after an uncertain outcome: a
    server that takes messages without a word gets one a tick, not the whole outbox. What was taken in hand and not begun
    is given back.
    """
    last = 0
    while ids := due_ids(timezone.now(), channel=code, after=last, limit=IN_HAND):
        last = ids[-1]
        claimed = claim(message_ids=ids, at=timezone.now())
        if not _send_each(claimed, code, channel, stop_at):
            return


def _send_each(claimed: Sequence[Message], code: str, channel: Channel, stop_at: float) -> bool:
    """Send these messages; False once something speaks against going on, with the rest given back."""
    for place, message in enumerate(claimed):
        try:
            ended = _sent_in_time(message, channel, stop_at)
        except Unreachable as reason:
            let_go(messages=claimed[place:])
            held = hold(channel=code, why=str(reason), at=timezone.now())
            log.warning("messages.held", channel=code, newly_held=held)
            return False
        if not ended:
            let_go(messages=claimed[place:])
            return False
    return True


def _sent_in_time(message: Message, channel: Channel, stop_at: float) -> bool:
    """Whether a message was sent, or settled in another way, and others may follow it. Raises Unreachable."""
    if time.monotonic() > stop_at:
        return False
    channel.ready()
    return send_claimed(message=message, channel=channel, at=timezone.now()) != MessageState.UNCERTAIN
