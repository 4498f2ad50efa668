"""Several senders on one outbox, and senders that are killed: counted at the mail server and in the ledger."""

import signal
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
import time_machine
from django.db import connection, transaction
from django.utils import timezone

from b12clinic.messages.channels.email import Email
from b12clinic.messages.models import Message
from b12clinic.messages.services.owe import owe
from b12clinic.messages.services.send import LEASE, send
from b12clinic.messages.services.settle import RETRY_AFTER
from b12clinic.messages.tasks import send_due
from tests.factories.messages import a_message, a_reachable_patient, owed_to
from tests.sinks.smtp import HANG
from tests.sinks.workers import Process, until

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.postgres,
    pytest.mark.slow,
    pytest.mark.usefixtures("dealt_with"),
]

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def at_once(count: int, act) -> list:
    """The same on so many threads at the same moment, each on a connection of its own."""
    start = Barrier(count)

    def one():
        start.wait()
        try:
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as threads:
        return [future.result() for future in [threads.submit(one) for _ in range(count)]]


def states() -> list[str]:
    return list(Message.objects.order_by("pk").values_list("state", flat=True))


def test_four_senders_at_once_send_each_of_forty_messages_once(mail_sink, settings):
    settings.EMAIL_TIMEOUT = 10  # four at once on a busy machine: a slow answer is no lost one
    patient = a_reachable_patient()
    owe([owed_to(patient) for _ in range(40)])

    at_once(4, send_due)

    assert states() == ["sent"] * 40
    assert len(mail_sink.taken) == len(set(mail_sink.message_ids())) == 40


def test_four_sweeps_at_once_owe_each_message_once(mail_sink):
    patient = a_reachable_patient()
    rows = [owed_to(patient, subject_id=number) for number in range(1200)]

    fresh = at_once(4, lambda: owe(rows))

    assert sum(fresh) == 1200
    assert Message.objects.count() == 1200


def test_what_another_sender_is_taking_is_not_said_beside_another(mail_sink):
    patient = a_reachable_patient()
    first, taken = a_message(patient, urgent=False), a_message(patient, urgent=False)

    def send_first():
        try:
            with time_machine.travel(NOON, tick=False):
                return send(message_id=first.pk, channel=Email(), at=NOON)
        finally:
            connection.close()

    with transaction.atomic(), ThreadPoolExecutor(1) as other:
        Message.objects.select_for_update().get(pk=taken.pk)
        assert other.submit(send_first).result(timeout=20) == "sent"

    assert states() == ["sent", "owed"]


def a_sender(mail_sink, stands_still: str = "") -> Process:
    return Process("tests.sinks.sender", stands_still, EMAIL_URL=f"smtp://127.0.0.1:{mail_sink.port}")


def send_after(delay) -> None:
    with time_machine.travel(timezone.now() + delay, tick=False):
        send_due()


def test_a_sender_killed_before_the_hand_over_loses_nothing_and_doubles_nothing(mail_sink):
    patient = a_reachable_patient()
    for _ in range(3):
        a_message(patient)
    sender = a_sender(mail_sink, "asking")
    sender.wait_until_it_says("standing still")
    sender.end(signal.SIGKILL)
    assert states() == ["sending"] * 3  # in hand together, none begun

    send_after(LEASE)
    assert states() == ["owed"] * 3
    send_after(LEASE + RETRY_AFTER[0])

    assert states() == ["sent", "sent", "sent"]
    assert len(mail_sink.taken) == len(set(mail_sink.message_ids())) == 3


def test_a_sender_killed_after_the_server_took_the_mail_never_sends_it_again(mail_sink):
    patient = a_reachable_patient()
    for _ in range(3):
        a_message(patient)
    sender = a_sender(mail_sink, "answered")
    sender.wait_until_it_says("standing still")
    sender.end(signal.SIGKILL)
    assert (states(), len(mail_sink.taken)) == (["sending"] * 3, 1)

    for later in (LEASE, LEASE + timedelta(hours=1), timedelta(days=1)):
        send_after(later)

    assert states() == ["uncertain", "sent", "sent"]
    assert len(mail_sink.taken) == len(set(mail_sink.message_ids())) == 3


def test_a_sender_killed_while_the_text_is_on_its_way_leaves_one_uncertain_message(mail_sink):
    patient = a_reachable_patient()
    for _ in range(3):
        a_message(patient)
    mail_sink.at_data = [HANG]
    sender = a_sender(mail_sink)
    mail_sink.wait_for_text()
    sender.end(signal.SIGKILL)

    for later in (LEASE, LEASE + timedelta(hours=1), timedelta(days=1)):
        send_after(later)

    assert states() == ["uncertain", "sent", "sent"]
    assert len(mail_sink.seen) == len({mail["Message-ID"] for mail in mail_sink.seen}) == 3


def test_a_sender_in_a_process_of_its_own_sends_what_is_due(mail_sink):
    a_message(a_reachable_patient())

    assert a_sender(mail_sink).ended_well()

    until(lambda: states() == ["sent"])
    assert len(mail_sink.taken) == 1
