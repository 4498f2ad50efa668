"""What a clinic's morning summary counts. Upper apps say how many from their `tasks.py`; no name is ever in it."""

from collections.abc import Callable, Mapping
from datetime import date

from django.utils.module_loading import autodiscover_modules

from b12clinic.accounts.models import Clinic

DIGEST = "digest"
MORNING = "morning"

TOPICS = {
    "overdue_injections": ("1 injection is overdue", "{} injections are overdue"),
    "long_overdue": ("1 of them is long overdue", "{} of them are long overdue"),
    "overdue_rechecks": ("1 recheck is overdue", "{} rechecks are overdue"),
    "late_doses": ("1 late dose awaits a decision", "{} late doses await a decision"),
    "reviews": ("1 review awaits a decision", "{} reviews await a decision"),
    "unsigned": ("1 plan is not signed", "{} plans are not signed"),
    "unread": ("1 result is unread", "{} results are unread"),
    "waiting_rows": (
        "1 row of a laboratory's file waits to be settled",
        "{} rows of laboratories' files wait to be settled",
    ),
    "failed": ("1 message failed", "{} messages failed"),
    "uncertain": ("1 message may or may not have arrived", "{} messages may or may not have arrived"),
}
"""What may be counted, in the order of the mail: one of it, and several."""

Counter = Callable[[Clinic, date], Mapping[str, int]]
"""How many of some topics a clinic has on its own day, in one query."""

_COUNTERS: dict[str, Counter] = {}


def counts(*topics: str) -> Callable[[Counter], Counter]:
    """Register the decorated function for topics of the list: `@counts("unread")`."""

    def register(counter: Counter) -> Counter:
        for topic in topics:
            if topic not in TOPICS:
                raise ValueError(f"“{topic}” is no topic of the morning summary.")
            _COUNTERS[topic] = counter
        return counter

    return register


def counts_of(clinic: Clinic, today: date) -> dict[str, int]:
    """Every topic that there is something to say of, in the order of the mail."""
    if _COUNTERS.keys() != TOPICS.keys():
        autodiscover_modules("tasks")  # a worker has loaded them; a shell or a test may not have
    found: dict[str, int] = {}
    for counter in dict.fromkeys(_COUNTERS.values()):
        found |= counter(clinic, today)
    return {topic: found[topic] for topic in TOPICS if found.get(topic)}


def lines_of(found: Mapping[str, int]) -> list[str]:
    """The counts as sentences."""
    return [
        TOPICS[topic][0] if number == 1 else TOPICS[topic][1].format(number)
        for topic, number in found.items()
    ]
