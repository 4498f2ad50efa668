"""A sender that hands a message over while its lost lease is being released, each on a connection of its own."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from time import sleep

import pytest
from django.db import connection, transaction

from b12clinic.messages.models import Message
from b12clinic.messages.services.release import release_lost
from b12clinic.messages.services.send import LEASE, claim
from tests.factories.messages import a_message, a_reachable_patient

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
LOOKED = 0.5
"""Seconds in which the release has begun and looked at the message."""


def released():
    try:
        return release_lost(at=NOON + LEASE)
    finally:
        connection.close()


def test_a_hand_over_that_commits_while_the_lease_is_released_is_never_owed_again():
    message = a_message(a_reachable_patient())
    [claimed] = claim(message_ids=[message.pk], at=NOON)

    with ThreadPoolExecutor(1) as other:
        with transaction.atomic():
            handed = Message.objects.filter(pk=claimed.pk, leased_until=claimed.leased_until)
            assert handed.update(handed_over_at=NOON + LEASE) == 1
            release = other.submit(released)
            sleep(LOOKED)
        assert release.result(timeout=10) == 1

    message.refresh_from_db()
    assert message.state == "uncertain"
