"""Receipts that come while the message is in hand, on connections of their own: counted at the gateway and in the ledger."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from b12clinic.accounts.models import AuditEvent
from b12clinic.messages.models import Message
from b12clinic.messages.services.note_receipt import Receipt, note_receipt
from b12clinic.messages.tasks import send_due
from tests.factories.messages import a_message, a_reachable_patient

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.postgres,
    pytest.mark.usefixtures("dealt_with"),
]


def told(**said) -> bool:
    try:
        return note_receipt(receipt=Receipt(**said), at=timezone.now())
    finally:
        connection.close()


@pytest.mark.parametrize(("status", "state"), [("delivered", "sent"), ("undelivered", "failed")])
def test_receipts_that_come_before_the_answers_are_not_lost(gateway, status, state):
    patient = a_reachable_patient(phone="07700 900123", consents_to_sms=True)
    for _ in range(5):
        a_message(patient, channel="sms")
    heard = []
    gateway.before_it_answers = lambda said: heard.append(told(status=status, reference=said["reference"]))

    send_due()

    assert heard == [True] * 5
    assert list(Message.objects.values_list("state", flat=True)) == [state] * 5
    assert len(gateway.taken) == len(gateway.keys) == 5


def test_one_receipt_eight_times_at_once_is_heard_once():
    patient = a_reachable_patient(phone="07700 900123", consents_to_sms=True)
    now = timezone.now()
    a_message(patient, channel="sms", state="sent", sent_at=now, reference="5b6f")
    start = Barrier(8)

    def tell(status):
        start.wait()
        return told(status=status, reference="5b6f")

    with ThreadPoolExecutor(8) as threads:
        heard = list(threads.map(tell, ["delivered"] * 8))

    assert sorted(heard) == [False] * 7 + [True]
    assert AuditEvent.objects.filter(action="message.delivered").count() == 1
