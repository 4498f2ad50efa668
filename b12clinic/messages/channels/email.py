"""E-mail through whatever backend Django is set to, with special knowledge of SMTP's answers."""

import time
from email.utils import formataddr, parseaddr
from smtplib import (
    SMTPException,
    SMTPNotSupportedError,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPSenderRefused,
)
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage, get_connection
from django.core.validators import validate_email

from b12clinic.messages.addresses import without_addresses
from b12clinic.messages.channels.port import (
    Accepted,
    Outcome,
    Parcel,
    Refused,
    Unknown,
    Unreachable,
    Unsendable,
)
from b12clinic.messages.identity import identity_of
from b12clinic.messages.models import Audience, Message
from b12clinic.messages.wording import Wording, one_line

DROPPED = "The mail server broke off before taking the message."
NO_ANSWER = "The mail server was handed the message and did not answer; it may have arrived."


FRESH_SECONDS = 1.0
"""A server that took a message so lately is not asked whether it is there."""


class _Prepared(EmailMessage):
    """A mail whose headers and text are built once: what was found to be sound is what leaves."""

    def message(self, *args: Any, **kwargs: Any) -> Any:
        if not hasattr(self, "_built"):
            self._built = super().message(*args, **kwargs)
        return self._built


class Email:
    """One connection to the mail server, kept for a batch and looked after before each message."""

    def __init__(self) -> None:
        self._backend: Any = get_connection(fail_silently=False)
        self._text_left = True
        self._answered_at = float("-inf")

    def ready(self) -> None:
        """A live connection, so that a message handed over meets no server that went away meanwhile."""
        if time.monotonic() - self._answered_at < FRESH_SECONDS:
            return
        try:
            if self._answers():
                return
            self.close()
            self._backend.open()
            self._watch()
        except (SMTPException, OSError) as error:
            raise Unreachable(f"The mail server cannot be used: {_reason(error)}") from error

    def parcel(self, message: Message, words: Wording) -> Parcel:
        """The mail with its headers built once already, so that nothing in it can fail after the hand-over."""
        recipient = _recipient(message)
        mail = _Prepared(
            subject=words.subject,
            body=words.body,
            from_email=_from(message),
            to=[recipient],
            reply_to=[message.clinic.contact_email] if message.clinic.contact_email else None,
            headers={"Message-ID": message_id_of(message), "Auto-Submitted": "auto-generated"},
            connection=self._backend,
        )
        try:
            mail.message()
        except ValueError as error:
            raise Unsendable("The mail cannot be made from the clinic's name and addresses.") from error
        return Parcel(recipient=recipient, mail=mail)

    def deliver(self, parcel: Parcel) -> Outcome:
        """Hand the mail to the server and read its answer: refused only when it said so, or had no text to accept."""
        self._text_left = not hasattr(self._wire, "data")
        self._answered_at = float("-inf")
        try:
            if not self._backend.send_messages([parcel.mail]):
                return Refused(DROPPED)
            self._answered_at = time.monotonic()
            return Accepted()
        except SMTPRecipientsRefused as error:
            code, reply = next(iter(error.recipients.values()))
            return _refusal(code, reply)
        except SMTPSenderRefused as error:
            return Refused(_said(error.smtp_code, error.smtp_error))
        except SMTPResponseException as error:
            return _refusal(error.smtp_code, error.smtp_error)
        except SMTPNotSupportedError:
            return Refused("The mail server cannot send to this kind of address.", for_good=True)
        except Exception:
            return Unknown(NO_ANSWER) if self._text_left else Refused(DROPPED)

    def close(self) -> None:
        """End the connection, politely if the server still listens."""
        try:
            self._backend.close()
        except (SMTPException, OSError):
            self._backend.connection = None

    @property
    def _wire(self) -> Any:
        return getattr(self._backend, "connection", None)

    def _answers(self) -> bool:
        try:
            return self._wire is not None and self._wire.noop()[0] == 250
        except (SMTPException, OSError, AttributeError):
            return False

    def _watch(self) -> None:
        """Notice when the text of a message begins to leave: until then, nothing can have been accepted."""
        wire = self._wire
        if not hasattr(wire, "data"):
            return
        send_text = wire.data

        def data(text: bytes) -> Any:
            self._text_left = True
            return send_text(text)

        wire.data = data


def message_id_of(message: Message) -> str:
    """The same for every attempt: receivers drop repeats."""
    return f"<{identity_of(message)}@{_own_address().rpartition('@')[2]}>"


def _own_address() -> str:
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1]


def _from(message: Message) -> str:
    """Our address under the clinic's name: the product's own name says what the patient is treated for."""
    return formataddr((one_line(message.clinic.name), _own_address()))


def _recipient(message: Message) -> str:
    if message.audience == Audience.PATIENT and message.patient is not None:
        address, whose = message.patient.email, "patient"
    else:
        address, whose = message.clinic.contact_email, "clinic"
    if not address:
        raise Unsendable(f"The {whose} has no e-mail address.")
    try:
        validate_email(address)
    except ValidationError as error:
        raise Unsendable(f"The {whose}'s e-mail address cannot be right.") from error
    return address


def _refusal(code: int, reply: bytes | str) -> Outcome:
    if not 400 <= code < 600:
        return Unknown(NO_ANSWER)
    return Refused(_said(code, reply), for_good=code >= 500)


def _said(code: int, reply: bytes | str) -> str:
    words = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else str(reply)
    return f"The mail server refused it: {code} {without_addresses(words)}".strip()[:400]


def _reason(error: Exception) -> str:
    if isinstance(error, SMTPResponseException):
        return f"it answered {error.smtp_code}."
    return "it does not answer." if isinstance(error, OSError) else "it broke off."
