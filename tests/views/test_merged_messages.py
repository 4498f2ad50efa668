"""What is said in another message stands in the lists as that other one does."""

from datetime import UTC, datetime

import pytest

from tests.factories.messages import a_message, a_reachable_patient
from tests.factories.people import a_clinic, a_user, signed_in

pytestmark = pytest.mark.django_db

URL = "/messages/"
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.fixture
def ada():
    return a_reachable_patient(a_clinic(time_zone="Europe/Amsterdam"), name="Ada Example")


@pytest.fixture
def nurse(client, ada):
    return signed_in(client, a_user(ada.clinic, "nurse"))


def test_what_was_said_in_another_message_says_in_which(nurse, ada):
    other = a_message(ada, kind="missed_injection", state="sent", sent_at=NOON)
    a_message(ada, kind="overdue_recheck", state="merged", merged_into=other)

    [line] = nurse.get(URL, {"state": "merged"}).context["rows"]

    assert line.state == "Said in another message"
    assert line.moment == ("In the message “Missed injection” of Tue 17 Nov 2026, Sun 22 Nov 2026, 13:00")


@pytest.mark.parametrize(
    ("state", "stands", "said"),
    [
        ("owed", "To be said in another message", "which waits"),
        ("sending", "To be said in another message", "which waits"),
        ("failed", "Failed", "which failed"),
        ("uncertain", "Outcome unknown", "of which nobody knows whether it arrived"),
        (
            "withdrawn",
            "To be said in another message",
            "which was withdrawn: this one goes out by itself",
        ),
        ("merged", "To be said in another message", "which is said in another in its turn"),
        ("ended", "Ended by hand", "which was ended by hand"),
    ],
)
def test_what_is_in_a_message_that_was_not_sent_is_not_said_to_be_said(nurse, ada, state, stands, said):
    first = a_message(ada, state="withdrawn")
    other = a_message(
        ada,
        kind="missed_injection",
        state=state,
        leased_until=NOON if state == "sending" else None,
        merged_into=first if state == "merged" else None,
    )
    a_message(ada, kind="overdue_recheck", state="merged", merged_into=other)

    for url in (f"{URL}?state=merged", f"/messages/patient/{ada.public_id}/"):
        answer = nurse.get(url)
        line = answer.context["rows"][0]
        assert line.state == stands
        assert line.moment == f"In the message “Missed injection” of Tue 17 Nov 2026, {said}"
