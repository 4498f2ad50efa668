"""While a clinic's messages are paused they wait; once let go, each is asked about once more."""

from datetime import UTC, datetime

import pytest

from b12clinic.messages.services.pause_messages import lift_pause, pause_messages
from tests.factories.messages import a_message, a_reachable_patient
from tests.factories.people import a_user
from tests.sinks.posting import send_now

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("dealt_with")]
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def test_what_waited_goes_out_unless_it_is_no_longer_owed(mail_sink, dealt_with):
    patient = a_reachable_patient()
    act = {"clinic": patient.clinic, "by": a_user(patient.clinic), "at": NOON}
    kept, over = a_message(patient), a_message(patient)
    pause_messages(why="Moving", **act)
    for message in (kept, over):
        send_now(message, NOON)
    assert (kept.state, over.state, len(mail_sink.taken)) == ("owed", "owed", 0)

    dealt_with.add(over.subject_id)
    lift_pause(**act)
    for message in (kept, over):
        send_now(message, NOON)

    assert (kept.state, over.state, len(mail_sink.taken)) == ("sent", "withdrawn", 1)
