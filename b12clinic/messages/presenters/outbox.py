"""Lines of the outbox, written out for the clinic's own zone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.urls import reverse

from b12clinic.messages.addresses import masked
from b12clinic.messages.forms.outbox import GROUPS
from b12clinic.messages.models import Audience, Message, MessageState
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
    MessageState.MERGED: "withdrawn",
}
TABS = {
    "": "All",
    "decision": "Need a decision",
    "waiting": "Waiting",
    "sent": "Sent",
    "withdrawn": "Withdrawn",
}


@dataclass(frozen=True, slots=True)
class OutboxLine:
    """One message as the list shows it."""

    patient: str
    patient_url: str
    to: str
    address: str
    kind: str
    about: str
    chip: str
    state: str
    moment: str
    why: str
    attempts: str
    retry_url: str


@dataclass(frozen=True, slots=True)
class Tab:
    label: str
    url: str
    current: bool
    count: int | None = None


def outbox_line(message: Message, *, may_retry: bool) -> OutboxLine:
    """A message in words: whom for, about what, where it stands and why, when it is tried next."""
    retriable = may_retry and message.state in RETRIABLE
    return OutboxLine(
        patient=message.patient.name if message.patient else "No single patient",
        patient_url=patient_url(message.patient.public_id) if message.patient else "",
        to=f"{message.get_audience_display()}, {Channel.label_of(message.channel).lower()}",
        address=_address(message),
        kind=kind_label(message.kind),
        about=f"of {_day(message.about_on)}",
        chip=CHIPS[MessageState(message.state)],
        state=_state(message),
        moment=_moment(message),
        why=message.why,
        attempts=_attempts(message.attempts),
        retry_url=reverse("messages:retry", args=[message.public_id]) if retriable else "",
    )


def tabs(counts: Mapping[str, int], current: str, kept: Mapping[str, str]) -> list[Tab]:
    """The groups of states, each with its address under the filters kept; counted where somebody may have to act."""
    return [
        Tab(
            label=label,
            url=address({**kept, "state": group} if group else kept),
            current=group == current,
            count=sum(counts.get(state, 0) for state in GROUPS[group])
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


def _state(message: Message) -> str:
    if message.state == MessageState.SENT and message.channel == Channel.INBOX:
        return "In the inbox"
    return str(message.get_state_display())


def _moment(message: Message) -> str:
    """When it was sent, was handed over, or is tried next."""
    zone = ZoneInfo(message.clinic.time_zone)
    if message.sent_at:
        return _clock(message.sent_at, zone)
    if message.state == MessageState.UNCERTAIN and message.handed_over_at:
        return f"Handed over {_clock(message.handed_over_at, zone)}"
    if message.state != MessageState.OWED:
        return ""
    if message.channel == Channel.LETTER and not message.next_try_at:
        return "Waits to be printed"
    return (
        f"Next try {_clock(message.next_try_at, zone)}"
        if message.next_try_at
        else "Goes out with the next run"
    )


def _attempts(number: int) -> str:
    return {0: "", 1: "1 attempt"}.get(number, f"{number} attempts")


def _day(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b %Y}"


def _clock(moment: datetime, zone: ZoneInfo) -> str:
    local = moment.astimezone(zone)
    return f"{_day(local.date())}, {local:%H:%M}"
