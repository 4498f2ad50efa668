"""Whether a clinic's recurring work is done as often as it should be, told by work done, not by processes alive."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.cache import cache
from structlog import get_logger

from b12clinic.accounts.models import Clinic
from b12clinic.messages.models import Beat

log = get_logger(__name__)

SEND, SUMMARIES, PAUSES, LATE_DOSES, REVIEWS = "send", "summaries", "pauses", "late_doses", "reviews"
KEPT_SECONDS = 15
SHORTEST = timedelta(minutes=2)
"""A sender may take this long over one run; before that nothing is late."""

WORK = {
    "plans": ("DETECT_EVERY_SECONDS", "Reminders", "worked out"),
    "labs": ("DETECT_EVERY_SECONDS", "Reminders of labs", "worked out"),
    SEND: ("SEND_EVERY_SECONDS", "Messages", "sent out"),
    SUMMARIES: ("DETECT_EVERY_SECONDS", "Morning summaries", "looked after"),
    PAUSES: ("DETECT_EVERY_SECONDS", "Planned pauses", "begun and ended"),
    LATE_DOSES: ("REVIEWS_EVERY_SECONDS", "Late doses", "put before a prescriber"),
    REVIEWS: ("REVIEWS_EVERY_SECONDS", "Yearly reviews", "planned"),
}
"""The setting that says how often, and of the sentence what was last done, and how it is done."""


def late_notice(clinic: Clinic, at: datetime) -> str:
    """What is late, in a sentence each; empty while all is well. Remembered for a moment, so that pages ask seldom."""
    key = f"heartbeat:{clinic.pk}"
    known = _read(key)
    if known is None:
        done = dict(Beat.objects.filter(clinic=clinic, work__in=WORK).values_list("work", "done_at"))
        known = _notice(clinic, done, at)
        _keep(key, known, KEPT_SECONDS)
    return str(known)


def late_by_memory(clinic: Clinic, at: datetime) -> str:
    """The same by what the workers left in the cache, for a page that may not ask the database once more.

    Without a cache it is empty: the worklist and the outbox ask the database.
    """
    keys = {_done_key(clinic.pk, work): work for work in WORK}
    try:
        found = cache.get_many(keys)
    except Exception as error:
        log.warning("heartbeat.no_cache", error=type(error).__name__)
        return ""
    done = {keys[key]: moment for key, moment in found.items() if isinstance(moment, datetime)}
    return _notice(clinic, done, at) if done else ""


def remember_done(clinic_ids: Iterable[int], work: str, at: datetime) -> None:
    """Leave in the cache when a piece of work was done; the database has it in any case."""
    try:
        cache.set_many({_done_key(pk, work): at for pk in clinic_ids}, None)
    except Exception as error:
        log.warning("heartbeat.no_cache", error=type(error).__name__)


def _done_key(clinic_id: int, work: str) -> str:
    return f"heartbeat-done:{clinic_id}:{work}"


def _notice(clinic: Clinic, done: Mapping[str, datetime], at: datetime) -> str:
    """What is late, and once whom to tell."""
    late = list(_late(clinic, done, at))
    if len(late) < 2:
        return "".join(f"{one}: later than they should be; tell whoever runs B12 Clinic." for one in late)
    return f"{'. '.join(late)}. All this is later than it should be; tell whoever runs B12 Clinic."


def _late(clinic: Clinic, done: Mapping[str, datetime], at: datetime) -> Iterator[str]:
    for work, (every, what, is_done) in WORK.items():
        last = done.get(work)
        since = last or _first_asked(clinic, work, at)
        if at - since <= max(2 * timedelta(seconds=getattr(settings, every)), SHORTEST):
            continue
        day, clock = _when(since, at, clinic)
        if last:
            yield f"{what} were last {is_done} {f'on {day} ' if day else ''}at {clock}"
        else:
            yield f"{what} have not been {is_done} since {f'{day} at ' if day else ''}{clock}"


def _first_asked(clinic: Clinic, work: str, at: datetime) -> datetime:
    """Work never done yet is waited for from the first page that asked."""
    key = f"heartbeat-asked:{clinic.pk}:{work}"
    known = _read(key)
    if isinstance(known, datetime):
        return known
    _keep(key, at, None)
    return at


def _when(since: datetime, at: datetime, clinic: Clinic) -> tuple[str, str]:
    """The clinic's own day, empty for today, and its clock."""
    zone = ZoneInfo(clinic.time_zone)
    local, today = since.astimezone(zone), at.astimezone(zone).date()
    day = "" if local.date() == today else f"{local:%a} {local.day} {local:%b}"
    return day, f"{local:%H:%M}"


def _read(key: str) -> object:
    """What the cache knows; nothing while it does not answer: no page fails for it."""
    try:
        return cache.get(key)
    except Exception as error:
        log.warning("heartbeat.no_cache", error=type(error).__name__)
        return None


def _keep(key: str, value: object, seconds: int | None) -> None:
    try:
        cache.set(key, value, seconds)
    except Exception as error:
        log.warning("heartbeat.no_cache", error=type(error).__name__)
