"""What becomes of one message, against a real mail server."""

from datetime import UTC, date, datetime, timedelta

import pytest

from b12clinic.accounts.models import AuditEvent
from b12clinic.messages import still_owed as registry
from b12clinic.messages.channels import CHANNELS
from b12clinic.messages.channels.email import Email
from b12clinic.messages.channels.port import Unreachable
from b12clinic.messages.models import Audience, Message
from b12clinic.messages.services.lay_in_inbox import lay_in_inbox
from b12clinic.messages.services.send import claim, send
from b12clinic.vocabulary import Channel
from tests.factories.messages import KIND, a_message, a_reachable_patient
from tests.factories.people import a_clinic
from tests.sinks.posting import send_now
from tests.sinks.smtp import DROP, HANG

pytestmark = [pytest.mark.django_db, pytest.mark.data, pytest.mark.usefixtures("dealt_with")]

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def test_a_message_the_server_takes_is_sent_once(mail_sink):
    message = a_message(a_reachable_patient())

    assert send_now(message) == "sent"
    assert send_now(message) is None

    assert len(mail_sink.taken) == 1
    assert (message.state, message.sent_at, message.handed_over_at) == ("sent", NOON, NOON)
    assert (message.recipient, message.attempts, message.leased_until) == ("ada@example.org", 1, None)


def test_the_mail_goes_to_the_patient_and_asks_them_to_answer_the_clinic(mail_sink):
    clinic = a_clinic(
        name="Riverside Example", contact_phone="020 7946 0001", contact_email="riverside@example.org"
    )
    send_now(a_message(a_reachable_patient(clinic)))

    [mail] = mail_sink.taken
    assert mail_sink.envelopes == [("noreply@example.org", ["ada@example.org"])]
    assert mail["From"] == "Riverside Example <noreply@example.org>"
    assert (mail["To"], mail["Reply-To"]) == ("ada@example.org", "riverside@example.org")
    assert (mail["Subject"], mail["Auto-Submitted"]) == ("A message from Riverside Example", "auto-generated")


def test_every_attempt_carries_the_same_message_id(mail_sink):
    mail_sink.at_data = ["451 4.3.0 Try again later"]
    message = a_message(a_reachable_patient())

    assert send_now(message) == "owed"
    assert send_now(message, NOON + MINUTE) == "sent"

    first, second = (str(mail["Message-ID"]) for mail in mail_sink.seen)
    assert first == second
    assert first.endswith("@example.org>")


def test_two_messages_have_two_message_ids(mail_sink):
    patient = a_reachable_patient()
    send_now(a_message(patient))
    send_now(a_message(patient))

    assert len(set(mail_sink.message_ids())) == 2


def test_a_message_put_off_by_the_server_waits_and_is_sent_when_it_answers_250(mail_sink):
    mail_sink.at_data = ["451 4.3.0 Try again later"]
    message = a_message(a_reachable_patient())

    assert send_now(message) == "owed"
    assert (message.why, message.next_try_at) == (
        "The mail server refused it: 451 4.3.0 Try again later",
        NOON + MINUTE,
    )
    assert (message.leased_until, message.handed_over_at) == (None, None)
    assert send_now(message, NOON + MINUTE - timedelta(microseconds=1)) is None
    assert send_now(message, NOON + MINUTE) == "sent"
    assert (len(mail_sink.taken), message.why, message.attempts) == (1, "", 2)


def test_the_waits_grow_and_the_seventh_refusal_is_a_failure(mail_sink):
    mail_sink.at_rcpt = ["450 4.2.0 Greylisted"] * 9
    message = a_message(a_reachable_patient())

    waits, at = [], NOON
    while send_now(message, at) == "owed":
        waits.append((message.next_try_at - at) // MINUTE)
        at = message.next_try_at

    assert waits == [1, 5, 15, 60, 240, 720]
    assert (message.state, message.attempts, message.next_try_at) == ("failed", 7, None)
    assert mail_sink.seen == []


def test_a_recipient_refused_for_good_is_a_failure_at_once_without_their_address(mail_sink):
    mail_sink.at_rcpt = ["550 5.1.1 <ada@example.org>: no such user"]
    message = a_message(a_reachable_patient())

    assert send_now(message) == "failed"
    assert message.why == "The mail server refused it: 550 5.1.1 <a•••@example.org>: no such user"
    assert mail_sink.seen == []


def test_a_text_refused_for_good_is_a_failure_at_once(mail_sink):
    mail_sink.at_data = ["554 5.6.0 Not wanted"]
    message = a_message(a_reachable_patient())

    assert send_now(message) == "failed"
    assert (mail_sink.taken, message.handed_over_at) == ([], None)


def test_a_sender_refused_is_tried_again_since_that_is_ours_to_mend(mail_sink):
    mail_sink.at_mail = ["550 5.7.1 Sender not allowed"]

    assert send_now(a_message(a_reachable_patient())) == "owed"


def test_a_server_that_breaks_off_before_the_text_has_nothing_and_is_tried_again(mail_sink):
    mail_sink.at_rcpt = [DROP]
    message = a_message(a_reachable_patient())

    assert send_now(message) == "owed"
    assert message.why == "The mail server broke off before taking the message."
    assert send_now(message, NOON + MINUTE) == "sent"


@pytest.mark.parametrize("silence", [DROP, HANG])
def test_a_server_that_takes_the_text_and_says_nothing_leaves_it_uncertain(mail_sink, silence):
    mail_sink.at_data = [silence]
    message = a_message(a_reachable_patient())

    assert send_now(message) == "uncertain"
    assert message.why == "The mail server was handed the message and did not answer; it may have arrived."
    assert message.handed_over_at == NOON
    assert send_now(message, NOON + timedelta(days=1)) is None
    assert len(mail_sink.seen) == 1


def test_a_server_that_is_away_is_found_out_before_a_message_is_taken_in_hand(settings, mail_sink):
    mail_sink.stop()

    with pytest.raises(Unreachable, match="cannot be used: it does not answer"):
        Email().ready()


def test_a_connection_that_broke_between_two_messages_is_opened_anew(mail_sink):
    patient = a_reachable_patient()
    mail_sink.at_data = [DROP]
    channel = Email()
    for _ in range(2):
        channel.ready()
        send(message_id=a_message(patient).pk, channel=channel, at=NOON)
    channel.close()

    assert mail_sink.connections == 2
    assert sorted(Message.objects.values_list("state", flat=True)) == ["sent", "uncertain"]


def test_one_connection_serves_many_messages(mail_sink):
    patient = a_reachable_patient()
    channel = Email()
    for _ in range(3):
        channel.ready()
        send(message_id=a_message(patient).pk, channel=channel, at=NOON)
    channel.close()

    assert (mail_sink.connections, len(mail_sink.taken)) == (1, 3)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"died_on": date(2026, 11, 20)}, "The patient has died."),
        ({"moved_on": date(2026, 11, 20)}, "The patient has moved to another clinic."),
        ({"consents_to_email": False}, "The patient does not agree to this kind of message."),
    ],
)
def test_what_changed_since_it_was_owed_withdraws_it_at_the_moment_of_sending(mail_sink, change, why):
    patient = a_reachable_patient()
    message = a_message(patient)
    type(patient).objects.filter(pk=patient.pk).update(**change)

    assert send_now(message) == "withdrawn"
    assert (message.why, message.handed_over_at, mail_sink.seen) == (why, None, [])


def test_a_change_between_the_claim_and_the_hand_over_is_seen(mail_sink, monkeypatch):
    patient = a_reachable_patient()
    message = a_message(patient)
    [claimed] = claim(message_ids=[message.pk], at=NOON)
    type(patient).objects.filter(pk=patient.pk).update(died_on=date(2026, 11, 22))
    monkeypatch.setattr("b12clinic.messages.services.send.claim", lambda **_: [claimed])

    assert send_now(message) == "withdrawn"
    assert mail_sink.seen == []


def test_what_has_been_dealt_with_is_not_sent(mail_sink, dealt_with):
    message = a_message(a_reachable_patient(), subject_id=7)
    dealt_with.add(7)

    assert send_now(message) == "withdrawn"
    assert (message.why, mail_sink.seen) == ("What it spoke of has been dealt with.", [])


def test_whether_it_is_still_owed_is_asked_for_the_clinics_own_day(mail_sink, monkeypatch):
    asked = []
    monkeypatch.setitem(
        registry._CHECKS, KIND, lambda subject_id, about_on, today: asked.append(today) or True
    )
    patient = a_reachable_patient(a_clinic(time_zone="Pacific/Kiritimati"))

    send_now(a_message(patient), datetime(2026, 11, 22, 12, 0, tzinfo=UTC))

    assert asked == [date(2026, 11, 23)]


def test_a_kind_that_nobody_answers_for_is_not_sent(mail_sink):
    message = a_message(a_reachable_patient(), kind="tests.unknown")

    assert send_now(message) == "owed"
    assert message.why == "Nobody can say whether messages of the kind “tests.unknown” are still owed."
    assert mail_sink.seen == []


def test_a_check_that_breaks_puts_off_its_own_message_alone(mail_sink, monkeypatch):
    def break_for_seven(subject_id: int, about_on: date, today: date) -> bool:
        return bool(1 / (subject_id - 7))

    monkeypatch.setitem(registry._CHECKS, KIND, break_for_seven)
    patient = a_reachable_patient()
    broken, sound = a_message(patient, subject_id=7), a_message(patient, subject_id=8)

    assert (send_now(broken), send_now(sound)) == ("owed", "sent")
    assert broken.why == "It could not be made ready to send; the product's log says more."


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("", "The clinic has no e-mail address."),
        ("nobody at all", "The clinic's e-mail address cannot be right."),
        ("clinic@example.org\nBcc: all@example.org", "The clinic's e-mail address cannot be right."),
    ],
)
def test_an_address_that_cannot_be_right_fails_in_sight_of_a_person(mail_sink, address, why):
    patient = a_reachable_patient(a_clinic(contact_email=address))
    message = a_message(patient, audience=Audience.CLINIC)

    assert send_now(message) == "failed"
    assert (message.why, mail_sink.seen) == (why, [])


def test_a_clinics_name_with_line_ends_in_it_makes_no_header(mail_sink):
    clinic = a_clinic(name="Riverside\r\nBcc: everybody@example.org\u2028Cc: all@example.org\x07")
    patient = a_reachable_patient(clinic, name="Ada\nBcc: everybody@example.org")

    assert send_now(a_message(patient)) == "sent"

    [mail] = mail_sink.taken
    assert mail["Subject"] == "A message from Riverside Bcc: everybody@example.org Cc: all@example.org"
    assert mail["From"].addresses[0].addr_spec == "noreply@example.org"
    assert (mail["Bcc"], mail["Cc"], mail_sink.envelopes[0][1]) == (None, None, ["ada@example.org"])


def test_a_reply_address_with_a_line_end_in_it_fails_before_anything_leaves(mail_sink):
    clinic = a_clinic(contact_email="riverside@example.org\nBcc: all@example.org")
    message = a_message(a_reachable_patient(clinic))

    assert send_now(message) == "failed"
    assert message.why == "The mail cannot be made from the clinic's name and addresses."
    assert mail_sink.seen == []


def test_the_clinics_inbox_has_it_without_any_mail():
    message = a_message(a_reachable_patient(), audience=Audience.CLINIC, channel=Channel.INBOX)

    assert lay_in_inbox(at=NOON) == 1
    message.refresh_from_db()
    assert (message.state, message.sent_at, message.recipient) == ("sent", NOON, "")
    assert AuditEvent.objects.get(action="messages.laid_in_inbox").after == {"count": 1}


def test_a_clinics_inbox_is_filled_by_the_same_queries_however_much_it_is(django_assert_num_queries):
    patient = a_reachable_patient()
    for _ in range(30):
        a_message(patient, audience=Audience.NURSE, channel=Channel.INBOX)
    a_message(patient)

    with django_assert_num_queries(7):  # two of them savepoints
        assert lay_in_inbox(at=NOON) == 30
    assert lay_in_inbox(at=NOON) == 0


@pytest.mark.parametrize("gone", ["died_on", "moved_on"])
def test_nothing_of_a_patient_who_is_gone_is_laid_in_the_inbox(gone):
    patient = a_reachable_patient(**{gone: date(2026, 11, 1)})
    message = a_message(patient, audience=Audience.NURSE, channel=Channel.INBOX)

    assert lay_in_inbox(at=NOON) == 0
    message.refresh_from_db()
    assert (message.state, message.why) == (
        "withdrawn",
        "The patient has died or moved to another clinic.",
    )


def test_a_channel_that_is_not_there_fails_in_sight_of_a_person(settings):
    settings.SMS_GATEWAY_URL = ""
    message = a_message(a_reachable_patient(phone="07700 900123", consents_to_sms=True), channel=Channel.SMS)

    assert send(message_id=message.pk, channel=CHANNELS[Channel.SMS](), at=NOON) == "failed"
    message.refresh_from_db()
    assert message.why == "There is no text message service here yet."


def test_every_channel_has_a_way_to_send_but_letters_which_are_printed_and_the_inbox_which_nothing_leaves():
    assert set(CHANNELS) == {"email", "sms"}
    assert {channel.value for channel in Channel} - set(CHANNELS) == {"letter", "inbox"}
