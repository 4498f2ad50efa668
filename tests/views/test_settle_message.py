"""The page on which a person ends a message without sending it again."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.urls import reverse

from b12clinic.accounts.models import AuditEvent
from b12clinic.messages.models import Message
from tests.factories.messages import a_message, a_reachable_patient
from tests.factories.people import a_clinic, a_user, signed_in

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
TOLD = "It need not go out: they were told in another way, or it is no longer needed"


@pytest.fixture
def clinic():
    return a_clinic()


@pytest.fixture
def nurse(client, clinic):
    return signed_in(client, a_user(clinic, "nurse"))


@pytest.fixture
def ada(clinic):
    return a_reachable_patient(clinic, name="Ada Example")


def url_of(message):
    return reverse("messages:settle", args=[message.public_id])


def post(nurse, message, **typed):
    with time_machine.travel(NOON, tick=False):
        answer = nurse.post(url_of(message), typed)
    message.refresh_from_db()
    return answer


@pytest.mark.parametrize("state", ["failed", "uncertain"])
def test_a_message_that_waits_for_a_decision_can_be_settled_beside_sending_it_again(nurse, ada, state):
    message = a_message(ada, state=state)

    assert f'href="{url_of(message)}"' in nurse.get("/messages/").content.decode()
    assert f'href="{url_of(message)}"' in nurse.get(f"/messages/patient/{ada.public_id}/").content.decode()


def test_one_that_was_sent_cannot(nurse, ada):
    message = a_message(ada, state="sent", sent_at=NOON)

    assert url_of(message) not in nurse.get("/messages/").content.decode()


def test_of_an_uncertain_one_a_nurse_says_that_it_arrived(nurse, ada):
    message = a_message(ada, state="uncertain", handed_over_at=NOON)

    answer = post(nurse, message, how="arrived", reason="She thanked us for it")

    assert (answer.status_code, answer["Location"]) == (302, "/messages/")
    assert (message.state, message.sent_at) == ("sent", NOON)
    event = AuditEvent.objects.get(action="message.settled_by_hand")
    assert (event.reason, event.patient_id) == ("She thanked us for it", ada.pk)


def test_of_an_uncertain_one_both_ends_are_offered(nurse, ada):
    page = nurse.get(url_of(a_message(ada, state="uncertain"))).content.decode()

    assert "It arrived" in page
    assert TOLD in page


def test_one_that_failed_ends_in_one_way_alone(nurse, ada):
    message = a_message(ada, state="failed", why="550 no such user")
    page = nurse.get(url_of(message)).content.decode()
    assert "550 no such user" in page
    assert "It did not arrive." in page
    assert "It arrived" not in page

    post(nurse, message, how="arrived", reason="Told her on the telephone")

    assert (message.state, message.why) == ("ended", "Told her on the telephone")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"how": "arrived", "reason": " "}, "Say how you know."),
        ({"reason": "She rang us"}, "Say what you know of it."),
        ({"how": "nonsense", "reason": "She rang us"}, "Select a valid choice."),
    ],
)
def test_what_is_left_out_is_asked_for_and_nothing_changes(nurse, ada, typed, said):
    message = a_message(ada, state="uncertain")

    answer = post(nurse, message, **typed)

    assert (answer.status_code, message.state) == (422, "uncertain")
    assert said in answer.content.decode()


@pytest.mark.parametrize("state", ["owed", "sent", "withdrawn", "ended"])
def test_one_that_waits_for_no_decision_is_a_conflict_that_shows_where_it_stands(nurse, ada, state):
    message = a_message(ada, state=state, sent_at=NOON if state == "sent" else None)

    answer = post(nurse, message, how="arrived", reason="She rang us")

    assert (answer.status_code, message.state) == (409, state)
    assert "This message waits for no decision" in answer.content.decode()


def test_the_second_of_two_who_settle_it_at_once_is_told(nurse, ada, monkeypatch):
    message = a_message(ada, state="failed")
    stale = Message.objects.select_related("patient", "clinic").get(pk=message.pk)
    Message.objects.update(state="owed")
    monkeypatch.setattr("b12clinic.messages.views.settle.get_object_or_404", lambda *_, **__: stale)

    answer = post(nurse, message, reason="Told her on the telephone")

    assert (answer.status_code, message.state) == (409, "owed")
    assert not AuditEvent.objects.filter(action="message.settled_by_hand").exists()


def test_a_message_of_another_clinic_is_not_there(nurse):
    message = a_message(a_reachable_patient(a_clinic(), name="Canary Example"), state="failed")

    answer = post(nurse, message, reason="Told her on the telephone")

    assert (answer.status_code, message.state) == (404, "failed")
    assert "Canary" not in answer.content.decode()


def test_looking_at_it_names_the_patient_on_the_trail(nurse, ada):
    nurse.get(url_of(a_message(ada, state="failed")))

    assert AuditEvent.objects.get(action="patient.viewed").patient_id == ada.pk
