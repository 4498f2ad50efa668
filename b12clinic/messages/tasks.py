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
from b12clinic.jobs.nudge import nudger
from b12clinic.messages.channels import CHANNELS
from b12clinic.messages.channels.port import Channel, Unreachable
from b12clinic.messages.digest import DIGEST, counts, counts_of
from b12clinic.messages.heartbeat import SEND, SUMMARIES
from b12clinic.messages.models import Message
from b12clinic.messages.queries import due_ids, is_crowded
from b12clinic.messages.services.do_in_each_clinic import do_in_each_clinic
from b12clinic.messages.services.hold import hold
from b12clinic.messages.services.lay_in_inbox import GONE, lay_in_inbox
from b12clinic.messages.services.owe_digest import owe_digest
from b12clinic.messages.services.release import release_lost, unmerge_orphans
from b12clinic.messages.services.retry import RETRIABLE
from b12clinic.messages.services.send import claim
from b12clinic.messages.services.send_in_hand import send_in_hand
from b12clinic.messages.services.sweep import note_done_everywhere
from b12clinic.messages.still_owed import still_owed

log = get_logger(__name__)

SEND_FOR_SECONDS = 25
"""A run takes on no new message of a channel after this long, however slow another was; the next tick goes on."""

MANY = 100
"""With more than so many due, another worker is asked to help."""

IN_HAND = 50
"""So many are claimed at once: few enough that a slow server does not outlast their lease."""


@shared_task(time_limit=240)
def send_due() -> None:
    """Settle what a lost sender left behind, then send what is due, channel by channel."""
    release_lost(at=timezone.now())
    unmerge_orphans()
    lay_in_inbox(at=timezone.now())
    if is_crowded(timezone.now(), MANY):
        nudger.ask(help_to_send.name, expires=SEND_FOR_SECONDS)  # without help it only takes longer
    drain_all()
    note_done_everywhere(work=SEND, at=timezone.now())


@shared_task(time_limit=240)
def help_to_send() -> None:
    """Send beside another sender: each message is claimed by one of them."""
    drain_all()


def drain_all() -> None:
    """Send what is due, channel by channel, each in a time of its own: a slow one starves no other."""
    for code, make in CHANNELS.items():
        with closing(make()) as channel:
            drain(code, channel, time.monotonic() + SEND_FOR_SECONDS)


@shared_task(name="b12clinic.messages.tasks.owe_digests")
def owe_digests() -> int:
    """Owe each clinic its morning summary; how many are new. One clinic that fails stops no other."""
    at = timezone.now()
    return do_in_each_clinic(work=SUMMARIES, do=lambda clinic: owe_digest(clinic=clinic, at=at), at=at)


@still_owed(DIGEST)
def digest_still_owed(subject_id: int, about_on: date, today: date) -> bool:
    """Whether it is still that morning's day, and there is still something to say."""
    return about_on == today and bool(counts_of(Clinic.objects.get(pk=subject_id), today))


@counts("failed", "uncertain")
def messages_to_decide(clinic: Clinic, today: date) -> dict[str, int]:
    """Messages that a person must look at; of those who died or moved away nobody need be told."""
    found = Message.objects.filter(clinic=clinic, state__in=RETRIABLE).exclude(GONE)
    return dict(found.values_list("state").annotate(Count("pk")))


def drain(code: str, channel: Channel, stop_at: float) -> None:
    """Send a channel's messages, urgent ones first, each at most once a run, taking a few in hand at a time.

    Stops when time is up, and when something speaks against going on: see `send_in_hand`.
    """
    for urgent in (True, False):
        last = 0
        while ids := due_ids(timezone.now(), channel=code, urgent=urgent, after=last, limit=IN_HAND):
            last = ids[-1]
            if not _send_these(ids, code, channel, stop_at):
                return


def _send_these(ids: Sequence[int], code: str, channel: Channel, stop_at: float) -> bool:
    """Take these messages in hand and send them; whether others may follow them."""
    claimed = claim(message_ids=ids, at=timezone.now())
    try:
        return send_in_hand(
            messages=claimed, channel=channel, may_go_on=lambda: time.monotonic() <= stop_at, now=timezone.now
        )
    except Unreachable as reason:
        held = hold(channel=code, why=str(reason), at=timezone.now())
        log.warning("messages.held", channel=code, newly_held=held)
        return False
