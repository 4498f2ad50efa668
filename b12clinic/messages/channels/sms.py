"""Text messages through an HTTP gateway: one POST a message, under a key by which the gateway knows a repeat."""

import json
from datetime import timedelta
from typing import Any

import httpx
import phonenumbers
from django.conf import settings

from b12clinic.messages.addresses import without_addresses
from b12clinic.messages.channels.absent import Absent
from b12clinic.messages.channels.port import (
    Accepted,
    Barred,
    Channel,
    Outcome,
    Parcel,
    Refused,
    Unknown,
    Unreachable,
    Unsendable,
)
from b12clinic.messages.identity import reference_of
from b12clinic.messages.models import Audience, Message
from b12clinic.messages.wording import Wording, one_line

TIME_OUT = httpx.Timeout(10, connect=5, read=20)
"""In seconds; connecting and waiting for the answer have their own. Together well inside a sender's lease."""

MOST_ANSWERED = 64 * 1024
LONGEST_WAIT = timedelta(hours=24)
FOR_GOOD = frozenset({400, 404, 422})
NOT_LET_IN = frozenset({401, 403})

AWAY = "The text message gateway does not answer."
NO_WORD = "The gateway was handed the message and did not answer; it may have been sent."
NO_NAME = "The gateway took the message without saying what it calls it; it may have been sent."

NOTHING_LEFT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
    httpx.LocalProtocolError,
    httpx.InvalidURL,
)
"""What goes wrong before the first byte of a message is on its way."""


def text_messages() -> Channel:
    """The gateway that this installation names, or the lack of one."""
    return Sms() if settings.SMS_GATEWAY_URL else Absent("There is no text message service here yet.")


class Sms:
    """The gateway, asked once a run whether it is there; a connection of its own for each message.

    One kept open might have been closed by the other side meanwhile, and nobody could say whether the message left.
    """

    def __init__(self) -> None:
        self._kept: httpx.Client | None = None
        self._answers = False
        self._told_to_wait = ""

    def ready(self) -> None:
        """Any answer at all will do. A gateway that asked us to wait is left alone for the rest of the run."""
        if self._told_to_wait:
            raise Unreachable(self._told_to_wait)
        if self._answers:
            return
        try:
            self._client.head(settings.SMS_GATEWAY_URL)
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            raise Unreachable(AWAY) from error
        self._answers = True

    def parcel(self, message: Message, words: Wording) -> Parcel:
        return Parcel(recipient=_number(message), text=one_line(words.short), reference=reference_of(message))

    def deliver(self, parcel: Parcel) -> Outcome:
        """Hand the message over and read the answer; without one nobody knows."""
        try:
            outcome = self._post(parcel)
        except NOTHING_LEFT:
            self._answers = False
            return Refused(AWAY)
        except Exception:
            return Unknown(NO_WORD)
        if isinstance(outcome, Refused) and outcome.wait:
            self._told_to_wait = outcome.why
        return outcome

    def close(self) -> None:
        """Let go of the connections, if there were any."""
        if self._kept is not None:
            self._kept.close()
            self._kept = None

    @property
    def _client(self) -> httpx.Client:
        if self._kept is None:
            token = settings.SMS_GATEWAY_TOKEN
            self._kept = httpx.Client(
                headers={"Authorization": f"Bearer {token}"} if token else {},
                timeout=TIME_OUT,
                limits=httpx.Limits(max_keepalive_connections=0),
            )
        return self._kept

    def _post(self, parcel: Parcel) -> Outcome:
        asked = self._client.stream(
            "POST",
            settings.SMS_GATEWAY_URL,
            headers={"Idempotency-Key": parcel.reference},
            json={
                "to": parcel.recipient,
                "from": settings.SMS_SENDER,
                "text": parcel.text,
                "reference": parcel.reference,
            },
        )
        with asked as answer:
            return _outcome(answer.status_code, _said(answer), _wait(answer.headers.get("Retry-After", "")))


def _number(message: Message) -> str:
    """The number to dial, in E.164; one written without its country is of the clinic's."""
    if message.audience == Audience.PATIENT and message.patient is not None:
        written, whose = message.patient.phone, "patient"
    else:
        written, whose = message.clinic.contact_phone, "clinic"
    if not written:
        raise Unsendable(f"The {whose} has no telephone number.")
    try:
        number = phonenumbers.parse(written, message.clinic.country)
    except phonenumbers.NumberParseException as error:
        raise Unsendable(f"The {whose}'s telephone number cannot be dialled.") from error
    if number.extension or not phonenumbers.is_possible_number(number):
        raise Unsendable(f"The {whose}'s telephone number cannot be dialled.")
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def _outcome(status: int, said: dict[str, Any], wait: timedelta) -> Outcome:
    if 200 <= status < 300:
        name = str(said.get("id", ""))
        return Accepted(name) if name and len(name) <= 100 else Unknown(NO_NAME)
    if status in NOT_LET_IN:
        return Barred(f"The text message gateway does not let us in: {status}.")
    words = said.get("error") or said.get("message")
    shown = without_addresses(words) if isinstance(words, str) else ""
    why = f"The text message gateway refused it: {status} {shown}".strip()[:400]
    return Refused(why, for_good=status in FOR_GOOD, wait=wait)


def _said(answer: httpx.Response) -> dict[str, Any]:
    """What the gateway says in its answer, as far as it can be read; an answer cut short still has its status."""
    body = b""
    try:
        for part in answer.iter_bytes():
            body += part
            if len(body) > MOST_ANSWERED:
                return {}
        said = json.loads(body)
    except (httpx.HTTPError, ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _wait(retry_after: str) -> timedelta:
    """How long the gateway asks to be left alone, in whole seconds and at most a day; a date is not read."""
    if not (retry_after.isascii() and retry_after.isdigit()):
        return timedelta(0)
    return min(timedelta(seconds=int(retry_after[:9])), LONGEST_WAIT)
