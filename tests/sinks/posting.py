"""Fixtures of the tests that send: a mail server, and a kind of reminder whose answer the test decides.

A folder's conftest.py takes them by importing them.
"""

from collections.abc import Iterator

import pytest
from django.utils.module_loading import autodiscover_modules

from b12clinic.messages import still_owed as registry
from tests.factories.messages import KIND
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
def dealt_with(monkeypatch) -> set[int]:
    """The subjects whose reminder is no longer owed: none, until a test adds one."""
    settled: set[int] = set()
    autodiscover_modules("tasks")  # what registers itself now must not go with this test's copy
    checks = {**registry._CHECKS, KIND: lambda subject_id, today: subject_id not in settled}
    monkeypatch.setattr(registry, "_CHECKS", checks)
    return settled
