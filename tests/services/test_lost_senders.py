"""What becomes of a message whose sender died or was overtaken, against a real mail server."""

from datetime import UTC, datetime, timedelta

import pytest

from b12clinic.accounts.models import AuditEvent
from b12clinic.messages.channels.email import Email
from b12clinic.messages.channels.port import Accepted
from b12clinic.messages.services.release import release_lost
from b12clinic.messages.services.retry import retry
from b12clinic.messages.services.send import LEASE, claim, hand_over, send
from tests.factories.messages import a_message, a_reachable_patient
from tests.factories.people import a_user
from tests.sinks.channels import Taker
from tests.sinks.posting import send_now

pytestmark = [pytest.mark.django_db, pytest.mark.data, pytest.mark.usefixtures("dealt_with")]

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def test_a_sender_that_died_before_the_hand_over_leaves_it_to_be_tried_again(mail_sink):
    message = a_message(a_reachable_patient())
    claim(message_ids=[message.pk], at=NOON)

    assert release_lost(at=NOON + LEASE - timedelta(microseconds=1)) == 0
    assert release_lost(at=NOON + LEASE) == 1

    message.refresh_from_db()
    assert (message.state, message.why) == ("owed", "The sender was interrupted before the message left.")
    assert send_now(message, message.next_try_at) == "sent"
    assert len(mail_sink.taken) == 1


def test_a_sender_that_died_after_the_hand_over_leaves_it_uncertain_and_nobody_sends_it_again(mail_sink):
    message = a_message(a_reachable_patient())
    [claimed] = claim(message_ids=[message.pk], at=NOON)
    hand_over(message=claimed, channel=Email(), at=NOON)

    assert release_lost(at=NOON + LEASE) == 1
    assert release_lost(at=NOON + LEASE) == 0

    message.refresh_from_db()
    assert message.state == "uncertain"
    assert send_now(message, NOON + timedelta(days=9)) is None
    assert mail_sink.seen == []


def test_a_sender_that_was_only_slow_still_says_that_it_was_sent():
    message = a_message(a_reachable_patient())

    class Slow(Taker):
        def deliver(self, parcel):
            release_lost(at=NOON + LEASE)
            message.refresh_from_db()
            assert message.state == "uncertain"
            return Accepted()

    assert send(message_id=message.pk, channel=Slow(), at=NOON) == "sent"
    message.refresh_from_db()
    assert (message.state, message.sent_at) == ("sent", NOON)


def test_a_sender_that_lost_its_lease_before_the_hand_over_sends_nothing(mail_sink, monkeypatch):
    message = a_message(a_reachable_patient())
    [claimed] = claim(message_ids=[message.pk], at=NOON)
    release_lost(at=NOON + LEASE)
    monkeypatch.setattr("b12clinic.messages.services.send.claim", lambda **_: [claimed])

    assert send_now(message) is None
    assert (message.state, mail_sink.seen) == ("owed", [])


@pytest.mark.parametrize(("taken_in_hand_again", "state"), [(False, "owed"), (True, "sending")])
def test_a_slow_sender_cannot_settle_what_a_person_sent_again_meanwhile(taken_in_hand_again, state):
    message = a_message(a_reachable_patient())
    nurse = a_user(message.clinic, "nurse")

    class Slow(Taker):
        def deliver(self, parcel):
            release_lost(at=NOON + LEASE)
            message.refresh_from_db()
            retry(message=message, reason="It did not arrive", by=nurse, at=NOON + LEASE)
            if taken_in_hand_again:
                claim(message_ids=[message.pk], at=NOON + LEASE)
            return Accepted()

    send(message_id=message.pk, channel=Slow(), at=NOON)
    message.refresh_from_db()
    assert (message.state, message.sent_at) == (state, None)


def test_a_message_whose_senders_keep_dying_fails_in_the_end():
    message = a_message(a_reachable_patient(), attempts=6)
    claim(message_ids=[message.pk], at=NOON)

    release_lost(at=NOON + LEASE)

    message.refresh_from_db()
    assert (message.state, message.attempts) == ("failed", 7)


def test_how_a_message_ended_is_on_the_audit_trail_without_the_address(mail_sink):
    message = a_message(a_reachable_patient())
    send_now(message)

    event = AuditEvent.objects.get()
    assert (event.action, event.actor, event.patient_id) == ("message.sent", None, message.patient_id)
    assert event.subject == f"message:{message.pk} tests.reminder"
    assert event.before == {"state": "sending"}
    assert event.after == {"state": "sent", "recipient": "a•••@example.org", "attempts": 1}
