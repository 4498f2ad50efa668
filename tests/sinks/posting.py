"""Fixtures of the tests that send: a mail server, a text message gateway, and a kind of reminder whose answer the test decides.

A folder's conftest.py takes them by importing them.
"""

from collections.abc import Iterator
from datetime import UTC, datetime

import httpx
import pytest
from django.utils.module_loading import autodiscover_modules

from b12clinic.messages import still_owed as registry
from b12clinic.messages.channels.email import Email
from b12clinic.messages.channels.sms import Sms
from b12clinic.messages.models import Message
from b12clinic.messages.services.send import send
from tests.factories.messages import KIND
from tests.sinks.gateway import Gateway
from tests.sinks.smtp import MailSink


@pytest.fixture
def mail_sink(settings) -> Iterator[MailSink]:
    """A mail server of this test's own, and settings that name it."""
    sink = MailSink()
    sink.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", sink.port, 1
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    yield sink
    sink.stop()


@pytest.fixture
def gateway(settings, monkeypatch) -> Iterator[Gateway]:
    """A text message gateway of this test's own, settings that name it, and little patience."""
    sink = Gateway()
    settings.SMS_GATEWAY_URL, settings.SMS_GATEWAY_TOKEN = sink.url, "a token"
    settings.SMS_SENDER, settings.SMS_RECEIPT_SECRET = "Riverside", "a shared secret"
    monkeypatch.setattr("b12clinic.messages.channels.sms.TIME_OUT", httpx.Timeout(5, read=0.5))
    yield sink
    sink.stop()


@pytest.fixture
def dealt_with(monkeypatch) -> set[int]:
    """The subjects whose reminder is no longer owed: none, until a test adds one."""
    settled: set[int] = set()
    autodiscover_modules("tasks")  # what registers itself now must not go with this test's copy
    checks = {**registry._CHECKS, KIND: lambda subject_id, about_on, today: subject_id not in settled}
    monkeypatch.setattr(registry, "_CHECKS", checks)
    return settled


NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def send_now(message: Message, at: datetime = NOON) -> str | None:
    """One attempt over a connection of its own; the row is read again afterwards."""
    channel = Sms() if message.channel == "sms" else Email()
    channel.ready()
    try:
        return send(message_id=message.pk, channel=channel, at=at)
    finally:
        channel.close()
        message.refresh_from_db()
