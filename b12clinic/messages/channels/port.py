"""What the sender asks of a way to send, and the answers it can give."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

from django.core.mail import EmailMessage

from b12clinic.messages.models import Message
from b12clinic.messages.wording import Wording


@dataclass(frozen=True, slots=True)
class Accepted:
    """The other side took the message. `provider_id` is what it calls it, where receipts follow."""

    provider_id: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """The other side certainly did not take it. `for_good`: asking again would change nothing.

    `wait` is how long the other side asks to be left alone, at least.
    """

    why: str
    for_good: bool = False
    wait: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True)
class Barred:
    """The other side takes nothing from us, whichever message it is: this one did not leave, and all of them wait."""

    why: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """It left, and no answer came back: it may have arrived."""

    why: str


Outcome = Accepted | Barred | Refused | Unknown


@dataclass(frozen=True, slots=True)
class Parcel:
    """A message made ready to leave: the address as stored in the ledger, and what the channel sends.

    `reference` stays the same for every attempt: a gateway that has seen it drops the repeat.
    """

    recipient: str = ""
    mail: EmailMessage | None = field(default=None, repr=False)
    text: str = field(default="", repr=False)
    reference: str = ""


class Unreachable(Exception):
    """The service behind a channel does not answer: no message is at fault, all of them wait."""


class Unsendable(ValueError):
    """This message cannot be made: no address, or one that cannot be right."""


class Channel(Protocol):
    def ready(self) -> None:
        """Make sure of the service behind the channel before a message is handed over. Raises Unreachable."""

    def parcel(self, message: Message, words: Wording) -> Parcel:
        """Make the message ready in these words; nothing leaves yet. Raises Unsendable."""

    def deliver(self, parcel: Parcel) -> Outcome:
        """Let it leave. Raises nothing."""

    def close(self) -> None:
        """Let go of the service."""
