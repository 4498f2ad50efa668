"""Messages sent one after another: one commit each, and nothing said of one that is true of another."""

from contextlib import closing
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from b12clinic.accounts.models import AuditEvent
from b12clinic.messages import still_owed as registry
from b12clinic.messages.channels.email import Email
from b12clinic.messages.models import DailyWord, Message
from b12clinic.messages.services import send_in_hand as quick
from b12clinic.messages.services.send import claim
from b12clinic.messages.services.send_in_hand import send_in_hand
from b12clinic.patients.models import Patient
from tests.factories.messages import KIND, a_message, a_reachable_patient
from tests.factories.people import a_clinic
from tests.sinks.smtp import DROP

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.data,
    pytest.mark.usefixtures("dealt_with"),
]

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.fixture
def clinic():
    return a_clinic(contact_phone="020 7946 0001")


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(NOON, tick=False):
        yield


def quiet_messages(clinic, count: int = 3) -> list[Message]:
    """One to each of so many patients, whose addresses are ada1@example.org and so on."""
    people = [a_reachable_patient(clinic, email=f"ada{number}@example.org") for number in range(1, count + 1)]
    return [a_message(one, urgent=False) for one in people]


def send_all(messages, may_go_on=lambda: True) -> bool:
    claimed = claim(message_ids=[one.pk for one in messages], at=NOON)
    with closing(Email()) as channel:
        return send_in_hand(messages=claimed, channel=channel, may_go_on=may_go_on, now=lambda: NOON)


def states() -> list[str]:
    return list(Message.objects.order_by("pk").values_list("state", flat=True))


def when_asked_about(monkeypatch, subject_id: int, act) -> None:
    """Do something at the moment at which it is asked whether this message is still owed."""

    def check(subject_id: int, about_on: date, today: date, wanted=subject_id) -> bool:
        if subject_id == wanted:
            act()
        return True

    monkeypatch.setitem(registry._CHECKS, KIND, check)


def test_each_takes_its_patients_day_and_leaves_its_own_trace(clinic, mail_sink):
    messages = quiet_messages(clinic)

    assert send_all(messages)

    assert states() == ["sent", "sent", "sent"]
    assert [mail["To"] for mail in mail_sink.taken] == [
        "ada1@example.org",
        "ada2@example.org",
        "ada3@example.org",
    ]
    sent = Message.objects.order_by("pk").values_list("recipient", "attempts", "sent_at", "handed_over_at")
    assert list(sent) == [(f"ada{number}@example.org", 1, NOON, NOON) for number in (1, 2, 3)]
    words = DailyWord.objects.order_by("message_id").values_list("message_id", "on")
    assert list(words) == [(one.pk, date(2026, 11, 22)) for one in messages]
    traces = AuditEvent.objects.filter(action="message.sent").order_by("pk")
    assert [(one.subject, one.patient_id, one.after) for one in traces] == [
        (
            f"message:{one.pk} {KIND}",
            one.patient_id,
            {"state": "sent", "recipient": "a•••@example.org", "attempts": 1},
        )
        for one in messages
    ]


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"died_on": date(2026, 11, 21)}, "The patient has died."),
        ({"moved_on": date(2026, 11, 21)}, "The patient has moved to another clinic."),
        (
            {"consents_to_email": False, "version": 2},
            "The patient does not agree to this kind of message.",
        ),
    ],
)
def test_a_patient_who_changes_while_theirs_is_made_ready_is_asked_about_afresh(
    clinic, mail_sink, monkeypatch, change, why
):
    messages = quiet_messages(clinic)
    second = messages[1]
    patient = Patient.objects.filter(pk=second.patient_id)
    when_asked_about(monkeypatch, second.subject_id, lambda: patient.update(**change))

    assert send_all(messages)

    assert states() == ["sent", "withdrawn", "sent"]
    second.refresh_from_db()
    assert (second.why, second.handed_over_at) == (why, None)
    assert len(mail_sink.taken) == 2


def test_a_patient_whose_day_is_taken_waits_for_the_next(clinic, mail_sink):
    messages = quiet_messages(clinic)
    other = a_message(messages[1].patient, urgent=False, state="sent", sent_at=NOON)
    DailyWord.objects.create(patient=other.patient, on=date(2026, 11, 22), message=other)

    assert send_all(messages)

    assert states() == ["sent", "owed", "sent", "sent"]
    messages[1].refresh_from_db()
    assert (messages[1].next_try_at, messages[1].attempts) == (datetime(2026, 11, 23, 8, tzinfo=UTC), 0)


def test_what_else_waits_for_a_patient_is_said_with_it(clinic, mail_sink):
    messages = quiet_messages(clinic)
    also = a_message(messages[1].patient, urgent=False)

    assert send_all(messages)

    assert states() == ["sent", "sent", "sent", "merged"]
    also.refresh_from_db()
    assert also.merged_into == messages[1]


def test_one_that_fails_between_two_leaves_the_first_written_down_and_gives_the_rest_back(
    clinic, mail_sink, monkeypatch
):
    messages = quiet_messages(clinic)

    def gone():
        raise SystemExit("the worker is told to stop")

    when_asked_about(monkeypatch, messages[1].subject_id, gone)

    with pytest.raises(SystemExit):
        send_all(messages)

    assert states() == ["sent", "sending", "owed"]
    assert len(mail_sink.taken) == 1


def test_one_that_another_sender_took_over_is_left_to_it(clinic, mail_sink, monkeypatch):
    messages = quiet_messages(clinic)
    taken = Message.objects.filter(pk=messages[1].pk)
    when_asked_about(
        monkeypatch,
        messages[1].subject_id,
        lambda: taken.update(leased_until=NOON + timedelta(minutes=9)),
    )

    assert send_all(messages)

    assert states() == ["sent", "sending", "sent"]
    assert len(mail_sink.taken) == 2


@pytest.mark.postgres
def test_one_that_was_taken_over_after_it_left_is_not_written_down_over_the_other(
    clinic, mail_sink, monkeypatch
):
    messages = quiet_messages(clinic)
    first = Message.objects.filter(pk=messages[0].pk)
    when_asked_about(
        monkeypatch,
        messages[1].subject_id,
        lambda: first.update(state="uncertain", leased_until=None),
    )

    assert send_all(messages)

    assert states() == ["uncertain", "sent", "sent"]
    assert AuditEvent.objects.filter(action="message.sent").count() == 2


def test_an_uncertain_outcome_ends_the_run_and_gives_the_rest_back(clinic, mail_sink):
    mail_sink.at_data = ["250 taken", DROP]

    assert not send_all(quiet_messages(clinic))

    assert states() == ["sent", "uncertain", "owed"]
    assert list(Message.objects.order_by("pk").values_list("attempts", flat=True)) == [1, 1, 0]


def test_one_that_is_refused_for_now_is_tried_again_and_stops_no_other(clinic, mail_sink):
    mail_sink.at_data = ["250 taken", "451 later"]

    assert send_all(quiet_messages(clinic))

    assert states() == ["sent", "owed", "sent"]
    assert list(DailyWord.objects.order_by("message_id").values_list("message_id", flat=True)) == list(
        Message.objects.filter(state="sent").order_by("pk").values_list("pk", flat=True)
    )


def test_time_that_is_up_leaves_the_rest_for_the_next_run(clinic, mail_sink):
    answers = iter([True, True, False])

    assert not send_all(quiet_messages(clinic), may_go_on=lambda: next(answers))

    assert states() == ["sent", "sent", "owed"]


@pytest.mark.postgres
@pytest.mark.parametrize(("fresh", "address"), [(-1.0, "new@example.org"), (60.0, "ada2@example.org")])
def test_what_was_read_for_all_is_read_again_once_it_is_old(clinic, mail_sink, monkeypatch, fresh, address):
    monkeypatch.setattr(quick, "FRESH_SECONDS", fresh)
    messages = quiet_messages(clinic, 2)
    second = Patient.objects.filter(pk=messages[1].patient_id)
    when_asked_about(monkeypatch, messages[0].subject_id, lambda: second.update(email="new@example.org"))

    assert send_all(messages)

    assert mail_sink.taken[1]["To"] == address
