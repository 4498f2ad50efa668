"""A mail server that keeps what it is sent and answers as a test tells it to."""

import asyncio
import time
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

from tests.running.processes import free_port

DROP = "drop the connection without an answer"
HANG = "keep quiet"
ACCEPTED = "250 taken"


class MailSink:
    """Keeps every mail it was handed, even one it then refused or never answered for.

    `at_data`, `at_rcpt` and `at_mail` hold the next answers: a reply, DROP or HANG; ACCEPTED once they run out.
    `taken` are the mails answered with 250, `seen` all whose text arrived.
    """

    def __init__(self) -> None:
        self.port = free_port()
        self.seen: list[EmailMessage] = []
        self.taken: list[EmailMessage] = []
        self.envelopes: list[tuple[str, list[str]]] = []
        self.at_data: list[str] = []
        self.at_rcpt: list[str] = []
        self.at_mail: list[str] = []
        self.connections = 0
        self._controller: Controller | None = None

    def start(self) -> None:
        """Listen, again or for the first time."""
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()

    def stop(self) -> None:
        """Stop listening: the port refuses."""
        if self._controller is not None:
            self._controller.stop(no_assert=True)
            self._controller = None

    async def handle_EHLO(
        self, server: SMTP, session: Any, envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_MAIL(
        self, server: SMTP, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        return await self._answer(server, self.at_mail)

    async def handle_RCPT(
        self, server: SMTP, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        answer = await self._answer(server, self.at_rcpt)
        if answer == ACCEPTED:
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:
        mail = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.seen.append(mail)
        answer = await self._answer(server, self.at_data)
        if answer == ACCEPTED:
            self.taken.append(mail)
            self.envelopes.append((envelope.mail_from, list(envelope.rcpt_tos)))
        return answer

    @staticmethod
    async def _answer(server: SMTP, answers: list[str]) -> str:
        answer = answers.pop(0) if answers else ACCEPTED
        if answer == HANG:
            await asyncio.sleep(3600)
        if answer == DROP:
            assert server.transport is not None
            server.transport.abort()
        return answer

    def wait_for_text(self, count: int = 1, seconds: float = 20) -> None:
        """Wait until the text of so many mails has arrived."""
        deadline = time.monotonic() + seconds
        while len(self.seen) < count:
            assert time.monotonic() < deadline, "no mail came"
            time.sleep(0.02)

    def message_ids(self) -> list[str]:
        """The Message-ID of every mail it took."""
        return [str(mail["Message-ID"]) for mail in self.taken]
