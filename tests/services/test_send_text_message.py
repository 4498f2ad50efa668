"""What becomes of a text message, against a real gateway: counted there and in the ledger."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from b12clinic.accounts.models import AuditEvent
from b12clinic.messages.channels import CHANNELS
from b12clinic.messages.channels.absent import Absent
from b12clinic.messages.channels.port import Unreachable
from b12clinic.messages.channels.sms import Sms
from b12clinic.messages.models import DailyWord, Message
from b12clinic.messages.services.retry import retry
from b12clinic.messages.services.send import send
from b12clinic.messages.tasks import send_due
from tests.factories.messages import a_message, a_reachable_patient
from tests.factories.people import a_clinic, a_user
from tests.sinks.gateway import DROP_READ, DROP_UNREAD, HANG, NO_ID
from tests.sinks.posting import NOON, send_now

pytestmark = [pytest.mark.django_db, pytest.mark.data, pytest.mark.usefixtures("dealt_with")]

MINUTE = timedelta(minutes=1)
NO_WORD = "The gateway was handed the message and did not answer; it may have been sent."


def a_text(patient=None, **fields):
    patient = patient or a_reachable_patient(phone="07700 900123", consents_to_sms=True)
    return a_message(patient, **{"channel": "sms"} | fields)


def test_a_message_the_gateway_takes_is_sent_once(gateway):
    message = a_text()

    assert send_now(message) == "sent"
    assert send_now(message) is None

    [said] = gateway.taken
    assert (said["to"], said["from"]) == ("+447700900123", "Riverside")
    assert (message.state, message.sent_at, message.handed_over_at) == ("sent", NOON, NOON)
    assert (message.provider_id, message.reference) == ("gw-1", said["reference"])
    assert (message.recipient, message.attempts, message.leased_until) == ("+447700900123", 1, None)
    assert (gateway.tokens, dict(gateway.keys)) == (["Bearer a token"], {said["reference"]: 1})


def test_the_text_is_one_paragraph_with_the_clinics_name_and_telephone_and_no_more(gateway):
    clinic = a_clinic(name="Riverside\nExample", contact_phone="020 7946 0001")
    patient = a_reachable_patient(clinic, phone="07700 900123", consents_to_sms=True)

    send_now(a_text(patient))

    [said] = gateway.taken
    assert said["text"] == (
        "Riverside Example: It is time to get in touch with us."
        " Please telephone us on 020 7946 0001 to arrange a time. To stop, tell us."
    )


@pytest.mark.parametrize("answer", [429, 500, 503, 409, 302])
def test_every_attempt_carries_the_same_key_and_reference(gateway, answer):
    gateway.answers = [answer]
    message = a_text()

    assert send_now(message) == "owed"
    assert (message.next_try_at, message.handed_over_at) == (NOON + MINUTE, None)
    assert message.why == f"The text message gateway refused it: {answer}"
    assert send_now(message, NOON + MINUTE - timedelta(microseconds=1)) is None
    assert send_now(message, NOON + MINUTE) == "sent"

    assert list(gateway.keys.values()) == [2]
    assert gateway.seen[0] == gateway.seen[1]
    assert len(gateway.taken) == 1


def test_two_messages_have_two_keys_and_a_restored_row_keeps_its_own(gateway):
    patient = a_reachable_patient(phone="07700 900123", consents_to_sms=True)
    first = a_text(patient, subject_id=7)
    send_now(first)
    send_now(a_text(patient, subject_id=8))
    assert len(gateway.keys) == 2

    first.delete()
    send_now(a_text(patient, subject_id=7))

    assert (len(gateway.keys), len(gateway.seen), len(gateway.taken)) == (2, 3, 2)


@pytest.mark.parametrize("answer", [400, 404, 422])
def test_a_message_refused_for_good_is_a_failure_at_once_without_the_number(gateway, answer):
    gateway.answers = [(answer, {}, b'{"error": "+447700900123 is no mobile"}')]
    message = a_text()

    assert send_now(message) == "failed"
    assert message.why == f"The text message gateway refused it: {answer} •••123 is no mobile"
    assert gateway.taken == []


@pytest.mark.parametrize("answer", [401, 403])
def test_a_gateway_that_does_not_let_us_in_holds_all_and_costs_no_attempt(gateway, answer):
    gateway.answers = [answer] * 3
    patient = a_reachable_patient(phone="07700 900123", consents_to_sms=True)
    for _ in range(3):
        a_text(patient)

    for minutes in range(3):
        with time_machine.travel(NOON + timedelta(minutes=minutes), tick=False):
            send_due()
    why = f"The text message gateway does not let us in: {answer}."
    assert list(Message.objects.values_list("state", "attempts", "why")) == [("owed", 0, why)] * 3
    assert len(gateway.seen) == 3

    with time_machine.travel(NOON + timedelta(minutes=3), tick=False):
        send_due()
    assert list(Message.objects.values_list("state", "attempts", "why")) == [("sent", 1, "")] * 3
    assert len(gateway.taken) == 3


def test_a_message_held_gives_the_day_back(gateway):
    gateway.answers = [401]

    with pytest.raises(Unreachable):
        send_now(a_text(urgent=False))

    assert DailyWord.objects.count() == 0


@pytest.mark.parametrize(
    ("said", "minutes"),
    [
        ("59", 1),
        ("60", 1),
        ("120", 2),
        ("86400", 1440),
        ("86401", 1440),
        ("9" * 400, 1440),
        ("soon", 1),
        ("-5", 1),
        ("Sun, 22 Nov 2026 14:00:00 GMT", 1),
    ],
)
def test_a_gateway_that_asks_us_to_wait_is_left_alone_so_long(gateway, said, minutes):
    gateway.answers = [(429, {"Retry-After": said}, b"")]
    message = a_text()

    assert send_now(message) == "owed"
    assert message.next_try_at == NOON + minutes * MINUTE


def test_after_being_asked_to_wait_the_rest_of_the_run_waits_at_no_cost(gateway):
    gateway.answers = [(429, {"Retry-After": "5"}, b"")]
    patient = a_reachable_patient(phone="07700 900123", consents_to_sms=True)
    for _ in range(3):
        a_text(patient)

    with time_machine.travel(NOON, tick=False):
        send_due()

    assert list(Message.objects.order_by("pk").values_list("state", "attempts")) == [
        ("owed", 1),
        ("owed", 0),
        ("owed", 0),
    ]
    assert len(gateway.seen) == 1


@pytest.mark.parametrize("silence", [HANG, DROP_READ, DROP_UNREAD])
def test_a_gateway_that_says_nothing_leaves_the_message_uncertain(gateway, silence):
    gateway.answers = [silence]
    message = a_text()

    assert send_now(message) == "uncertain"
    assert (message.why, message.handed_over_at) == (NO_WORD, NOON)
    assert send_now(message, NOON + timedelta(days=1)) is None
    assert len(gateway.taken) == (silence != DROP_UNREAD)


@pytest.mark.parametrize(
    "answer",
    [
        NO_ID,
        (200, {}, b"<html>Welcome</html>"),
        (200, {}, b'{"id": ""}'),
        (200, {}, b'["gw-1"]'),
        (200, {}, b'{"id": "' + b"x" * 101 + b'"}'),
        (200, {}, b'{"id": "gw-1", "more": "' + b"x" * 65_536 + b'"}'),
        (200, {"Content-Length": "99"}, b'{"id": "gw'),
    ],
)
def test_an_answer_that_names_nothing_leaves_the_message_uncertain(gateway, answer):
    gateway.answers = [answer]
    message = a_text()

    assert send_now(message) == "uncertain"


def test_a_name_of_a_hundred_signs_is_kept(gateway):
    gateway.answers = [(200, {}, b'{"id": "' + b"x" * 100 + b'"}')]
    message = a_text()

    assert send_now(message) == "sent"
    assert message.provider_id == "x" * 100


def test_a_refusal_cut_short_is_a_refusal_all_the_same(gateway):
    gateway.answers = [(400, {"Content-Length": "99"}, b'{"err')]

    assert send_now(a_text()) == "failed"


def test_a_person_sends_an_uncertain_message_again_under_the_same_key(gateway):
    gateway.answers = [HANG]
    message = a_text()
    send_now(message)

    retry(message=message, reason="Not seen", by=a_user(message.clinic, "nurse"), at=NOON)

    assert send_now(message) == "sent"
    assert list(gateway.keys.values()) == [2]
    assert len(gateway.taken) == 1


def test_a_gateway_that_is_away_is_found_out_before_a_message_is_taken_in_hand(gateway):
    gateway.stop()
    a_text()

    with time_machine.travel(NOON, tick=False):
        send_due()

    assert Message.objects.values_list("state", "attempts", "why").get() == (
        "owed",
        0,
        "The text message gateway does not answer.",
    )


def test_a_gateway_that_goes_away_between_two_messages_has_taken_neither(gateway):
    message = a_text()
    channel = Sms()
    channel.ready()
    gateway.stop()

    assert send(message_id=message.pk, channel=channel, at=NOON) == "owed"
    message.refresh_from_db()
    assert (message.why, message.attempts) == ("The text message gateway does not answer.", 1)
    with pytest.raises(Unreachable):
        channel.ready()


def test_a_gateway_that_hangs_when_asked_holds_the_messages(gateway):
    gateway.at_head = [HANG]

    with pytest.raises(Unreachable):
        Sms().ready()


@pytest.mark.parametrize("answer", [401, 405, 500])
def test_any_answer_to_being_asked_will_do_and_it_is_asked_once_a_run(gateway, answer):
    gateway.at_head = [answer]
    patient = a_reachable_patient(phone="07700 900123", consents_to_sms=True)
    a_text(patient)
    a_text(patient)

    with time_machine.travel(NOON, tick=False):
        send_due()

    assert (gateway.asked_whether_there, len(gateway.taken)) == (1, 2)


@pytest.mark.parametrize("url", ["no address", "ftp://127.0.0.1/x", "http://[", "http://127.0.0.1:1/"])
def test_an_address_that_leads_nowhere_holds_the_messages(settings, url):
    settings.SMS_GATEWAY_URL = url

    with pytest.raises(Unreachable):
        Sms().ready()


@pytest.mark.parametrize(
    ("country", "phone", "number"),
    [
        ("GB", "07700 900123", "+447700900123"),
        ("GB", "+31 6 12345678", "+31612345678"),
        ("GB", "0031 6 12345678", "+31612345678"),
        ("NL", "0031 6 12345678", "+31612345678"),
        ("NL", "06-12345678", "+31612345678"),
        ("US", "(202) 555-0143", "+12025550143"),
        ("GB", "12", None),
        ("GB", "ask Anna", None),
        ("GB", "020 7946 0001 ext 4", None),
    ],
)
def test_the_number_is_dialled_from_the_clinics_country(gateway, country, phone, number):
    patient = a_reachable_patient(a_clinic(country=country), phone=phone, consents_to_sms=True)
    message = a_text(patient)

    if number:
        assert send_now(message) == "sent"
        assert message.recipient == number
    else:
        assert send_now(message) == "failed"
        assert message.why == "The patient's telephone number cannot be dialled."
        assert gateway.seen == []


def test_a_message_to_a_clinic_without_a_telephone_fails_in_sight_of_a_person(gateway):
    message = a_text(a_reachable_patient(a_clinic()), audience="clinic")

    assert send_now(message) == "failed"
    assert message.why == "The clinic has no telephone number."


def test_what_waits_for_the_same_patient_is_said_in_one_text(gateway):
    patient = a_reachable_patient(phone="07700 900123", consents_to_sms=True)
    first, second = a_text(patient, urgent=False), a_text(patient, urgent=False)

    send_now(first)

    second.refresh_from_db()
    assert (second.state, second.merged_into) == ("merged", first)
    assert len(gateway.taken) == 1


def test_the_trail_says_how_it_ended_without_the_number(gateway):
    send_now(a_text())

    event = AuditEvent.objects.get(action="message.sent")
    assert event.after == {"state": "sent", "recipient": "•••123", "attempts": 1}


def test_without_a_gateway_the_channel_is_absent(settings):
    settings.SMS_GATEWAY_URL = ""

    assert isinstance(CHANNELS["sms"](), Absent)


def test_the_hours_of_sending_hold_for_text_messages_too(gateway):
    message = a_text(urgent=False, about_on=date(2026, 11, 17))

    assert send_now(message, datetime(2026, 11, 22, 20, 0, tzinfo=UTC)) == "owed"
    assert gateway.seen == []
