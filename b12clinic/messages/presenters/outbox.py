"""Lines of the outbox, written out for the clinic's own zone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.urls import reverse

from b12clinic.messages.addresses import masked
from b12clinic.messages.forms.outbox import FOR_US, GROUPS
from b12clinic.messages.models import Audience, Message, MessageState
from b12clinic.messages.presenters.steps import step_label
from b12clinic.messages.services.retry import RETRIABLE
from b12clinic.messages.wording import kind_label
from b12clinic.patients.presenters.links import patient_url
from b12clinic.vocabulary import Channel

CHIPS = {
    MessageState.OWED: "waiting",
    MessageState.SENDING: "waiting",
    MessageState.SENT: "sent",
    MessageState.FAILED: "failed",
    MessageState.UNCERTAIN: "review",
    MessageState.WITHDRAWN: "withdrawn",
    MessageState.MERGED: "sent",
    MessageState.ENDED: "withdrawn",
}
SAID_WHEN = {
    MessageState.OWED: "which waits",
    MessageState.SENDING: "which waits",
    MessageState.FAILED: "which failed",
    MessageState.UNCERTAIN: "of which nobody knows whether it arrived",
    MessageState.WITHDRAWN: "which was withdrawn: this one goes out by itself",
    MessageState.MERGED: "which is said in another in its turn",
    MessageState.ENDED: "which was ended by hand",
}
"""What to say of a message that is to be said in another which was not sent."""

TABS = {
    "": "All",
    FOR_US: "For us",
    "decision": "Need a decision",
    "waiting": "Waiting",
    "sent": "Sent",
    "merged": "Said in another",
    "withdrawn": "Withdrawn or ended",
}


@dataclass(frozen=True, slots=True)
class OutboxLine:
    """One message as the list shows it."""

    patient: str
    patient_url: str
    to: str
    address: str
    kind: str
    step: str
    about: str
    chip: str
    state: str
    moment: str
    receipt: str
    why: str
    attempts: str
    retry_url: str
    settle_url: str


@dataclass(frozen=True, slots=True)
class Tab:
    label: str
    url: str
    current: bool
    count: int | None = None


def outbox_line(message: Message, *, may_retry: bool, paused: bool = False) -> OutboxLine:
    """A message in words: whom for, about what, where it stands and why, when it is tried next.

    `paused`: all messages of the clinic wait.
    """
    retriable, stands = may_retry and message.state in RETRIABLE, _stands(message)
    return OutboxLine(
        patient=message.patient.name if message.patient else "No single patient",
        patient_url=patient_url(message.patient.public_id) if message.patient else "",
        to=f"{message.get_audience_display()}, {Channel.label_of(message.channel).lower()}",
        address=_address(message),
        kind=kind_label(message.kind),
        step=step_label(message.step),
        about=f"of {_day(message.about_on)}",
        chip=CHIPS[stands],
        state=_state(message, stands),
        moment=_moment(message, paused),
        receipt=_receipt(message),
        why=message.why,
        attempts=_attempts(message.attempts),
        retry_url=reverse("messages:retry", args=[message.public_id]) if retriable else "",
        settle_url=reverse("messages:settle", args=[message.public_id]) if retriable else "",
    )


def tabs(counts: Mapping[str, int], current: str, kept: Mapping[str, str]) -> list[Tab]:
    """The groups of states, each with its address under the filters kept; counted where somebody may have to act."""
    return [
        Tab(
            label=label,
            url=address({**kept, "state": group} if group else kept),
            current=group == current,
            count=counts.get(FOR_US, 0)
            if group == FOR_US
            else sum(counts.get(state, 0) for state in GROUPS[group])
            if group in ("decision", "waiting")
            else None,
        )
        for group, label in TABS.items()
    ]


def facts(line: OutboxLine) -> list[dict[str, str]]:
    """A message as a list of names and values, for a page of its own."""
    shown = [
        ("Patient", line.patient, ""),
        ("To", line.to, line.address),
        ("About", line.kind, line.about),
        ("State", line.state, " · ".join(part for part in (line.moment, line.attempts) if part)),
        ("Why", line.why, ""),
    ]
    return [{"label": label, "value": value, "second": second} for label, value, second in shown if value]


def address(query: Mapping[str, str]) -> str:
    """The outbox with these filters."""
    return reverse("messages:outbox") + (f"?{urlencode(query)}" if query else "")


def _address(message: Message) -> str:
    """Where it went, or where it would go now, masked; empty where there is no address."""
    if message.recipient or message.channel != Channel.EMAIL:
        return masked(message.recipient)
    if message.audience == Audience.PATIENT and message.patient:
        return masked(message.patient.email)
    return masked(message.clinic.contact_email)


def _stands(message: Message) -> MessageState:
    """What is in another message fails with it, and is as uncertain; it waits as long as that one is not sent."""
    if message.merged_into is None or message.merged_into.state == MessageState.SENT:
        return MessageState(message.state)
    other = MessageState(message.merged_into.state)
    return other if other in (*RETRIABLE, MessageState.ENDED) else MessageState.OWED


def _state(message: Message, stands: MessageState) -> str:
    if message.merged_into is not None and stands == MessageState.OWED:
        return "To be said in another message"
    if message.state == MessageState.SENT and message.channel == Channel.INBOX:
        return "In the inbox"
    return str(stands.label)


def _moment(message: Message, paused: bool) -> str:
    """When it was sent, was handed over, or is tried next."""
    zone = ZoneInfo(message.clinic.time_zone)
    if message.sent_at:
        return _clock(message.sent_at, zone)
    if message.state == MessageState.UNCERTAIN and message.handed_over_at:
        return f"Handed over {_clock(message.handed_over_at, zone)}"
    if message.merged_into is not None:
        return _said_in(message.merged_into, zone)
    if message.state != MessageState.OWED:
        return ""
    if paused:
        return "Waits until messages go again"
    if message.channel == Channel.LETTER and not message.next_try_at:
        return "Waits to be printed"
    return (
        f"Next try {_clock(message.next_try_at, zone)}"
        if message.next_try_at
        else "Goes out with the next run"
    )


def _said_in(other: Message, zone: ZoneInfo) -> str:
    """Which message says it, and when that one left, or what became of it."""
    when = _clock(other.sent_at, zone) if other.sent_at else SAID_WHEN[MessageState(other.state)]
    return f"In the message “{kind_label(other.kind)}” of {_day(other.about_on)}, {when}"


def _receipt(message: Message) -> str:
    """When it arrived, where the other side says so."""
    if message.delivered_at is None:
        return ""
    return f"Arrived {_clock(message.delivered_at, ZoneInfo(message.clinic.time_zone))}"


def _attempts(number: int) -> str:
    return {0: "", 1: "1 attempt"}.get(number, f"{number} attempts")


def _day(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b %Y}"


def _clock(moment: datetime, zone: ZoneInfo) -> str:
    local = moment.astimezone(zone)
    return f"{_day(local.date())}, {local:%H:%M}"
