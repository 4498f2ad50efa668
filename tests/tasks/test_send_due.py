"""The sender's run over the whole outbox, against a real mail server."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from b12clinic.jobs.nudge import Nudger
from b12clinic.messages import still_owed as registry
from b12clinic.messages.channels.email import Email
from b12clinic.messages.models import Audience, Message
from b12clinic.messages.services.owe import owe
from b12clinic.messages.services.send import LEASE, claim, hand_over
from b12clinic.messages.services.settle import RETRY_AFTER
from b12clinic.messages.tasks import help_to_send, send_due
from b12clinic.vocabulary import Channel
from tests.factories.messages import KIND, a_message, a_reachable_patient, owed_to
from tests.sinks.smtp import DROP

pytestmark = [pytest.mark.django_db, pytest.mark.data, pytest.mark.usefixtures("dealt_with")]

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def send_at(moment: datetime) -> None:
    with time_machine.travel(moment, tick=False):
        send_due()


def states() -> list[str]:
    return list(Message.objects.order_by("pk").values_list("state", flat=True))


def test_what_is_due_is_sent_once_however_often_sweep_and_sender_run(mail_sink):
    patient = a_reachable_patient()
    rows = [owed_to(patient, subject_id=number) for number in (1, 2, 3)]

    for _ in range(4):
        owe(rows)
        send_at(NOON)

    assert states() == ["sent", "sent", "sent"]
    assert len(set(mail_sink.message_ids())) == len(mail_sink.taken) == 3


def test_what_is_held_back_waits_for_its_moment(mail_sink):
    message = a_message(a_reachable_patient(), next_try_at=NOON)

    send_at(NOON - timedelta(microseconds=1))
    assert mail_sink.taken == []

    send_at(NOON)
    message.refresh_from_db()
    assert message.state == "sent"


def test_a_message_that_cannot_be_sent_stops_no_other(mail_sink, monkeypatch):
    monkeypatch.setitem(
        registry._CHECKS, KIND, lambda subject_id, about_on, today: bool(1 / (subject_id - 1))
    )
    patient = a_reachable_patient()
    mail_sink.at_rcpt = ["550 5.1.1 no such user"]
    for subject_id in (1, 2, 3, 4):
        a_message(patient, subject_id=subject_id)

    send_at(NOON)

    assert states() == ["owed", "failed", "sent", "sent"]


def test_a_server_that_is_away_costs_no_attempt_and_the_wait_is_explained(mail_sink):
    patient = a_reachable_patient()
    a_message(patient)
    a_message(patient)
    mail_sink.stop()

    for minutes in range(30):
        send_at(NOON + timedelta(minutes=minutes))

    assert (
        list(Message.objects.values_list("state", "attempts", "why"))
        == [
            ("owed", 0, "The mail server cannot be used: it does not answer."),
        ]
        * 2
    )

    mail_sink.start()
    send_at(NOON + timedelta(minutes=30))
    assert list(Message.objects.values_list("state", "attempts", "why")) == [("sent", 1, "")] * 2


def test_the_inbox_does_not_wait_for_the_mail_server(mail_sink):
    patient = a_reachable_patient()
    a_message(patient)
    a_message(patient, audience=Audience.CLINIC, channel=Channel.INBOX)
    mail_sink.stop()

    send_at(NOON)

    assert states() == ["owed", "sent"]


def test_a_server_that_swallows_mail_gets_one_message_a_run_and_not_the_outbox(mail_sink):
    patient = a_reachable_patient()
    mail_sink.at_data = [DROP, DROP]
    for _ in range(4):
        a_message(patient)

    send_at(NOON)
    assert states() == ["uncertain", "owed", "owed", "owed"]
    send_at(NOON)
    assert states() == ["uncertain", "uncertain", "owed", "owed"]
    send_at(NOON)
    assert states() == ["uncertain", "uncertain", "sent", "sent"]


def test_what_a_dead_sender_left_is_released_before_anything_is_sent(mail_sink):
    patient = a_reachable_patient()
    before, after = a_message(patient), a_message(patient)
    claim(message_ids=[before.pk], at=NOON)
    [handed_over] = claim(message_ids=[after.pk], at=NOON)

    hand_over(message=handed_over, channel=Email(), at=NOON)

    send_at(NOON + LEASE - timedelta(microseconds=1))
    assert states() == ["sending", "sending"]
    send_at(NOON + LEASE)
    assert states() == ["owed", "uncertain"]
    send_at(NOON + LEASE + RETRY_AFTER[0])
    assert states() == ["sent", "uncertain"]
    assert len(mail_sink.taken) == 1


def test_a_run_that_has_no_time_left_leaves_the_rest_to_the_next(mail_sink, monkeypatch):
    monkeypatch.setattr("b12clinic.messages.tasks.SEND_FOR_SECONDS", -1)
    a_message(a_reachable_patient())

    send_at(NOON)
    assert states() == ["owed"]

    monkeypatch.setattr("b12clinic.messages.tasks.SEND_FOR_SECONDS", 25)
    send_at(NOON)
    assert states() == ["sent"]


def test_more_messages_than_a_query_reads_are_all_sent(mail_sink, monkeypatch):
    monkeypatch.setattr("b12clinic.messages.tasks.IN_HAND", 2)
    patient = a_reachable_patient()
    for _ in range(5):
        a_message(patient)

    send_at(NOON)

    assert states() == ["sent"] * 5
    assert mail_sink.connections == 1


def test_urgent_messages_leave_before_all_others(mail_sink):
    quiet = a_message(a_reachable_patient(email="quiet@example.org"), urgent=False)
    a_message(a_reachable_patient(quiet.clinic, email="urgent@example.org"))

    send_at(NOON)

    assert [mail["To"] for mail in mail_sink.taken] == ["urgent@example.org", "quiet@example.org"]


@pytest.mark.parametrize(("due", "asked"), [(2, 0), (3, 1)])
def test_a_crowded_outbox_asks_another_worker_to_help(mail_sink, monkeypatch, due, asked):
    calls = []
    monkeypatch.setattr("b12clinic.messages.tasks.MANY", 2)
    monkeypatch.setattr(Nudger, "ask", lambda self, task, *, expires: calls.append((task, expires)))
    patient = a_reachable_patient()
    owe([owed_to(patient) for _ in range(due)])

    send_at(NOON)

    assert calls == [("b12clinic.messages.tasks.help_to_send", 25)] * asked
    assert states() == ["sent"] * due


def test_an_outbox_is_emptied_when_nobody_can_be_asked_to_help(mail_sink, monkeypatch):
    def away(*args, **how):
        raise ConnectionError("no broker")

    monkeypatch.setattr("b12clinic.messages.tasks.MANY", 0)
    monkeypatch.setattr("b12clinic.jobs.nudge.producers", defaultdict(away))
    monkeypatch.setattr("b12clinic.messages.tasks.nudger", Nudger())
    a_message(a_reachable_patient())

    send_at(NOON)

    assert states() == ["sent"]


def test_a_helper_sends_what_is_due(mail_sink):
    a_message(a_reachable_patient())

    with time_machine.travel(NOON, tick=False):
        help_to_send()

    assert states() == ["sent"]


def test_an_empty_outbox_troubles_no_mail_server(mail_sink):
    send_at(NOON)

    assert mail_sink.connections == 0
