"""The address at which a gateway leaves its receipts: signed, bounded, and silent."""

import hmac
import json
from datetime import UTC, datetime

import pytest
import time_machine

from b12clinic.messages.models import Message
from tests.factories.messages import a_message, a_reachable_patient

pytestmark = [pytest.mark.django_db, pytest.mark.data]

URL = "/messages/receipts/"
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SECRET = "a shared secret"


@pytest.fixture(autouse=True)
def shared_secret(settings):
    settings.SMS_RECEIPT_SECRET = SECRET


@pytest.fixture
def message():
    patient = a_reachable_patient(phone="07700 900123", consents_to_sms=True)
    return a_message(patient, channel="sms", state="sent", sent_at=NOON, provider_id="gw-1", reference="5b6f")


def signature(body: bytes, secret: str = SECRET) -> str:
    return hmac.new(secret.encode(), body, "sha256").hexdigest()


def post(client, said, *, signed=None, **headers):
    body = said if isinstance(said, bytes) else json.dumps(said).encode()
    signed = signature(body) if signed is None else signed
    with time_machine.travel(NOON, tick=False):
        return client.post(
            URL,
            body,
            content_type="application/json",
            headers={"X-Receipt-Signature": signed} if signed else {},
            **headers,
        )


def test_a_signed_receipt_is_taken_in_without_a_sign_in_or_a_csrf_token(client, message):
    client.handler.enforce_csrf_checks = True

    answer = post(client, {"id": "gw-1", "status": "delivered", "at": "2026-11-22T12:59:00+01:00"})

    assert (answer.status_code, answer.content) == (202, b"")
    message.refresh_from_db()
    assert message.delivered_at == datetime(2026, 11, 22, 11, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    "said",
    [
        {"reference": "5b6f", "status": "UNDELIVERED"},
        {"id": "gw-1", "reference": "5b6f", "status": "undelivered", "at": None, "more": [1]},
    ],
)
def test_a_receipt_names_the_message_by_our_reference(client, message, said):
    assert post(client, said).status_code == 202
    message.refresh_from_db()
    assert message.state == "failed"


def test_a_prefix_and_capitals_in_the_signature_are_no_matter(client, message):
    body = b'{"id": "gw-1", "status": "delivered"}'

    assert post(client, body, signed=f"sha256={signature(body).upper()}").status_code == 202


@pytest.mark.parametrize(
    "signed", ["", "0" * 64, "sha256=", "ü", signature(b"{}"), signature(b"", "another")]
)
def test_what_is_not_signed_with_the_secret_is_refused_without_a_word(client, message, signed):
    answer = post(client, {"id": "gw-1", "status": "undelivered"}, signed=signed)

    assert (answer.status_code, answer.content) == (403, b"")
    message.refresh_from_db()
    assert message.state == "sent"


def test_a_body_changed_after_it_was_signed_is_refused(client, message):
    signed = signature(b'{"id": "gw-1", "status": "delivered"}')

    assert post(client, {"id": "gw-1", "status": "undelivered"}, signed=signed).status_code == 403


def test_without_a_secret_nothing_is_believed(client, message, settings):
    settings.SMS_RECEIPT_SECRET = ""
    body = b'{"id": "gw-1", "status": "delivered"}'

    assert post(client, body, signed=signature(body, "")).status_code == 403


def test_a_message_that_nobody_knows_is_answered_the_same(client, message):
    before = list(Message.objects.values())

    answer = post(client, {"id": "gw-2", "status": "undelivered"})

    assert (answer.status_code, answer.content) == (202, b"")
    assert list(Message.objects.values()) == before


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"{",
        b"[" * 5000,
        b"\xff",
        [],
        "delivered",
        {},
        {"status": "delivered"},
        {"id": "", "status": "delivered"},
        {"id": "gw-1"},
        {"id": "gw-1", "status": "gone away"},
        {"id": "gw-1", "status": "x" * 33},
        {"id": "gw 1", "status": "delivered"},
        {"id": "gw-1\n", "reference": "\x00", "status": "delivered"},
        {"id": "\ud800", "status": "delivered"},
        {"id": "x" * 101, "status": "delivered"},
        {"id": {"x": "y"}, "status": "delivered"},
        {"id": "gw-1", "status": "delivered", "at": "yesterday"},
    ],
)
def test_what_is_no_receipt_is_an_error_of_whoever_sent_it(client, message, said):
    answer = post(client, said)

    assert (answer.status_code, answer.content) == (400, b"")
    message.refresh_from_db()
    assert message.delivered_at is None


def test_the_earliest_of_moments_is_no_matter(client, message):
    assert (
        post(client, {"id": "gw-1", "status": "delivered", "at": "0001-01-01T00:00:00+14:00"}).status_code
        == 202
    )
    message.refresh_from_db()
    assert message.delivered_at == NOON


@pytest.mark.parametrize(("length", "status"), [(8192, 202), (8193, 413)])
def test_a_body_is_at_most_eight_kilobytes(client, message, length, status):
    body = b'{"id": "gw-1", "status": "delivered"}'.ljust(length)

    answer = post(client, body)

    assert (answer.status_code, answer.content) == (status, b"")


def test_a_length_that_is_none_is_too_long(client, message):
    assert post(client, {"id": "gw-1", "status": "delivered"}, CONTENT_LENGTH="9" * 15).status_code == 413


@pytest.mark.parametrize("method", ["get", "put", "delete", "head"])
def test_it_is_posted_and_nothing_else(client, method):
    assert getattr(client, method)(URL).status_code == 405
