"""A gateway's word on a message it took, in every order in which it may come."""

from datetime import timedelta

import pytest

from b12clinic.accounts.models import AuditEvent
from b12clinic.messages.channels.sms import Sms
from b12clinic.messages.models import DailyWord
from b12clinic.messages.services.note_receipt import Receipt, note_receipt
from b12clinic.messages.services.release import release_lost
from b12clinic.messages.services.retry import retry
from b12clinic.messages.services.send import LEASE, claim, hand_over
from tests.factories.messages import a_message, a_reachable_patient
from tests.factories.people import a_user
from tests.sinks.gateway import HANG
from tests.sinks.posting import NOON, send_now

pytestmark = [pytest.mark.django_db, pytest.mark.data, pytest.mark.usefixtures("dealt_with")]

MINUTE = timedelta(minutes=1)
LATER = NOON + 5 * MINUTE
NOT_ARRIVED = "The gateway says that it did not arrive: undelivered."


def a_text(**fields):
    patient = a_reachable_patient(phone="07700 900123", consents_to_sms=True)
    return a_message(patient, **{"channel": "sms"} | fields)


def says(message, status, at=LATER, *, by_reference=True, **fields) -> bool:
    """The gateway says this of the message, by our reference or by its own name for it; the row is read again."""
    name = {"reference": message.reference} if by_reference else {"provider_id": message.provider_id}
    told = note_receipt(receipt=Receipt(status=status, **name | fields), at=at)
    message.refresh_from_db()
    return told


@pytest.fixture
def sent(gateway):
    message = a_text()
    assert send_now(message) == "sent"
    return message


@pytest.mark.parametrize("by_reference", [True, False])
def test_a_message_that_arrived_says_when(sent, by_reference):
    assert says(sent, "delivered", by_reference=by_reference, said_at=NOON + MINUTE)

    assert (sent.state, sent.sent_at, sent.delivered_at) == ("sent", NOON, NOON + MINUTE)
    event = AuditEvent.objects.get(action="message.delivered")
    assert (event.at, event.actor, event.patient_id) == (LATER, None, sent.patient_id)
    assert (event.before, event.after) == ({"state": "sent"}, {"state": "sent", "said": "delivered"})


@pytest.mark.parametrize("by_reference", [True, False])
def test_a_message_that_did_not_arrive_has_failed(sent, by_reference):
    assert says(sent, "undelivered", by_reference=by_reference)

    assert (sent.state, sent.why, sent.sent_at, sent.delivered_at) == ("failed", NOT_ARRIVED, None, None)
    event = AuditEvent.objects.get(action="message.undelivered")
    assert (event.before["state"], event.after["state"], event.reason) == ("sent", "failed", NOT_ARRIVED)


@pytest.mark.parametrize("status", ["failed", "expired", "rejected"])
def test_other_last_words_are_failures_too(sent, status):
    says(sent, status)

    assert (sent.state, sent.why) == ("failed", f"The gateway says that it did not arrive: {status}.")


@pytest.mark.parametrize("status", ["accepted", "queued", "buffered", "read"])
def test_what_else_a_gateway_says_changes_nothing(sent, status):
    assert not says(sent, status)

    assert (sent.state, sent.delivered_at) == ("sent", None)


@pytest.mark.parametrize("status", ["delivered", "undelivered"])
def test_the_same_said_twice_is_heard_once(sent, status):
    assert [says(sent, status), says(sent, status)] == [True, False]

    assert AuditEvent.objects.filter(action=f"message.{status}").count() == 1


def test_what_arrived_has_arrived_whatever_follows(sent):
    says(sent, "delivered")
    assert not says(sent, "undelivered")

    assert (sent.state, sent.delivered_at) == ("sent", LATER)


def test_what_arrived_after_all_is_sent(sent):
    says(sent, "undelivered")
    assert says(sent, "delivered")

    assert (sent.state, sent.sent_at, sent.delivered_at, sent.why) == ("sent", NOON, LATER, "")


@pytest.mark.parametrize(
    ("said_at", "kept"),
    [
        (None, LATER),
        (LATER, LATER),
        (LATER + timedelta(microseconds=1), LATER),
        (LATER - timedelta(days=31), LATER - timedelta(days=31)),
        (LATER - timedelta(days=31, microseconds=1), LATER),
    ],
)
def test_a_moment_that_cannot_be_is_ours_instead(sent, said_at, kept):
    says(sent, "delivered", said_at=said_at)

    assert sent.delivered_at == kept


def test_a_message_that_nobody_knows_changes_nothing(sent):
    for name in (
        {"reference": "unknown"},
        {"provider_id": "unknown"},
        {"reference": "unknown", "provider_id": "gw-1"},
    ):
        assert not note_receipt(receipt=Receipt(status="undelivered", **name), at=LATER)

    sent.refresh_from_db()
    assert sent.state == "sent"


def test_a_mail_is_no_text_message(mail_sink):
    mail = a_message(a_reachable_patient(), provider_id="gw-1", reference="ours", state="sent", sent_at=NOON)

    assert not says(mail, "undelivered")
    assert not says(mail, "undelivered", by_reference=False)


@pytest.mark.parametrize(("status", "state"), [("delivered", "sent"), ("undelivered", "failed")])
def test_an_uncertain_message_is_uncertain_no_longer(gateway, status, state):
    gateway.answers = [HANG]
    message = a_text()
    assert send_now(message) == "uncertain"

    assert says(message, status, provider_id="gw-1")

    assert (message.state, message.provider_id) == (state, "gw-1")
    assert send_now(message, NOON + timedelta(days=1)) is None
    assert len(gateway.taken) == 1


@pytest.mark.parametrize(("status", "state"), [("delivered", "sent"), ("undelivered", "failed")])
@pytest.mark.parametrize("answer", [200, 500, HANG])
def test_a_receipt_before_the_answer_stands_whatever_the_answer(gateway, monkeypatch, answer, status, state):
    gateway.answers = [answer]
    message = a_text()
    post = Sms._post

    def post_and_be_told(channel, parcel):
        try:
            return post(channel, parcel)
        finally:
            message.refresh_from_db()
            assert message.state == "sending"
            assert says(message, status, NOON)

    monkeypatch.setattr(Sms, "_post", post_and_be_told)
    send_now(message)

    assert (message.state, message.delivered_at) == (state, NOON if state == "sent" else None)
    assert (message.leased_until, message.next_try_at) == (None, None)
    assert release_lost(at=NOON + LEASE) == 0
    assert send_now(message, NOON + timedelta(days=1)) is None
    assert len(gateway.seen) == 1


@pytest.mark.parametrize(("status", "state"), [("delivered", "sent"), ("undelivered", "failed")])
def test_a_receipt_for_a_message_whose_sender_died_settles_it(gateway, status, state):
    message = a_text()
    [claimed] = claim(message_ids=[message.pk], at=NOON)
    hand_over(message=claimed, channel=Sms(), at=NOON)
    message.refresh_from_db()

    says(message, status)

    assert release_lost(at=NOON + LEASE) == 0
    message.refresh_from_db()
    assert message.state == state


@pytest.mark.parametrize(("status", "state"), [("delivered", "sent"), ("undelivered", "failed")])
def test_a_message_refused_for_now_that_the_gateway_had_after_all_is_not_sent_again(gateway, status, state):
    gateway.answers = [502]
    message = a_text()
    assert send_now(message) == "owed"

    says(message, status)

    assert (message.state, message.next_try_at) == (state, None)
    assert send_now(message, NOON + timedelta(days=1)) is None


def test_what_did_not_arrive_is_sent_again_under_another_key_and_old_receipts_say_nothing_of_it(
    gateway, sent
):
    old = Receipt(status="undelivered", reference=sent.reference)
    old_name = Receipt(status="undelivered", provider_id=sent.provider_id)
    says(sent, "undelivered")
    retry(message=sent, reason="New number", by=a_user(sent.clinic, "nurse"), at=LATER)

    assert send_now(sent, LATER) == "sent"

    assert (len(gateway.keys), len(gateway.taken), sent.provider_id) == (2, 2, "gw-2")
    assert not note_receipt(receipt=old, at=LATER)
    assert not note_receipt(receipt=old_name, at=LATER)
    assert says(sent, "delivered")


def test_what_did_not_arrive_twice_has_three_keys(gateway, sent):
    nurse = a_user(sent.clinic, "nurse")
    for _ in range(2):
        says(sent, "undelivered")
        retry(message=sent, reason="Again", by=nurse, at=LATER)
        send_now(sent, LATER)

    assert (len(gateway.keys), sent.state) == (3, "sent")


def test_a_message_that_did_not_arrive_gives_the_day_back(gateway):
    message = a_text(urgent=False)
    send_now(message)
    assert DailyWord.objects.count() == 1

    says(message, "undelivered")

    assert DailyWord.objects.count() == 0


@pytest.mark.parametrize("status", ["delivered", "undelivered"])
def test_a_message_withdrawn_meanwhile_stays_withdrawn(gateway, status):
    message = a_text(state="withdrawn", reference="ours")

    assert not says(message, status)
    assert message.state == "withdrawn"
