from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from b12clinic.accounts.models import AuditEvent
from b12clinic.messages.models import Audience, Message
from b12clinic.messages.queries import ROWS_A_PAGE
from b12clinic.vocabulary import Channel
from tests.factories.messages import a_message, a_reachable_patient
from tests.factories.people import a_clinic, a_patient, a_user, signed_in

pytestmark = pytest.mark.django_db

URL = "/messages/"
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.fixture
def clinic():
    return a_clinic(time_zone="Europe/Amsterdam", contact_email="clinic@example.org")


@pytest.fixture
def nurse(client, clinic):
    return signed_in(client, a_user(clinic, "nurse"))


@pytest.fixture
def ada(clinic):
    return a_reachable_patient(clinic, name="Ada Example")


def words(answer) -> str:
    """What the page's rows say, tags and line ends left out."""
    text = answer.content.decode()
    text = text[text.index('id="rows"') : text.index("</main>")]
    for tag in ("<", ">"):
        text = text.replace(tag, f" {tag} ")
    inside, kept = False, []
    for word in text.split():
        inside = (inside or word == "<") and word != ">"
        if not inside and word != ">":
            kept.append(word)
    return " ".join(kept)


def test_the_outbox_lies_under_messages():
    assert reverse("messages:outbox") == URL


def test_a_message_says_whom_it_is_for_what_about_and_where_it_stands(nurse, ada):
    a_message(
        ada,
        kind="missed_injection",
        why="The mail server refused it: 451 Try later",
        attempts=2,
        next_try_at=NOON,
    )

    line = words(nurse.get(URL))
    for part in (
        "Ada Example",
        "Patient, e-mail a•••@example.org",
        "Missed injection of Tue 17 Nov 2026",
        "Waiting to be sent",
        "Next try Sun 22 Nov 2026, 13:00",
        "2 attempts",
        "The mail server refused it: 451 Try later",
    ):
        assert part in line
    assert "ada@example.org" not in nurse.get(URL).content.decode()


def test_a_message_to_the_clinic_names_the_clinics_own_address_masked(nurse, ada):
    a_message(ada, audience=Audience.CLINIC)

    assert "Clinic, e-mail c•••@example.org" in words(nurse.get(URL))


def test_what_the_inbox_has_is_said_to_be_there(nurse, ada):
    a_message(ada, audience=Audience.CLINIC, channel=Channel.INBOX, state="sent", sent_at=NOON)

    assert "In the inbox Sun 22 Nov 2026, 13:00" in words(nurse.get(URL))


@pytest.mark.parametrize(
    ("query", "seen"),
    [
        ({}, {"owed", "failed", "uncertain", "sent", "withdrawn"}),
        ({"state": "decision"}, {"failed", "uncertain"}),
        ({"state": "waiting"}, {"owed"}),
        ({"state": "sent"}, {"sent"}),
        ({"state": "withdrawn"}, {"withdrawn"}),
        ({"state": "nonsense"}, {"owed", "failed", "uncertain", "sent", "withdrawn"}),
        ({"state": "us"}, {"sent"}),
        ({"state": "us", "channel": "email"}, {"sent"}),
        ({"q": "Person fail"}, {"failed"}),
        ({"q": "sent"}, {"sent"}),
        ({"kind": "overdue_recheck"}, set()),
        ({"kind": "nonsense"}, {"owed", "failed", "uncertain", "sent", "withdrawn"}),
        ({"channel": "inbox"}, {"sent"}),
        ({"channel": "pigeon"}, {"owed", "failed", "uncertain", "sent", "withdrawn"}),
        ({"to": "clinic", "state": "sent"}, {"sent"}),
        ({"to": "clinic", "state": "waiting"}, set()),
    ],
)
def test_the_address_says_what_is_shown(nurse, clinic, query, seen):
    for state in ("owed", "failed", "uncertain", "withdrawn"):
        a_message(a_reachable_patient(clinic, name=f"Person {state}"), state=state)
    inbox = {"audience": Audience.CLINIC, "channel": Channel.INBOX, "sent_at": NOON}
    a_message(a_reachable_patient(clinic, name="Person sent"), state="sent", **inbox)

    shown = words(nurse.get(URL, query))
    every = {"owed", "failed", "uncertain", "sent", "withdrawn"}
    assert {state for state in every if f"Person {state}" in shown} == seen


def test_tabs_and_next_page_keep_the_filters(nurse, ada):
    for _ in range(ROWS_A_PAGE + 1):
        a_message(ada)
    answer = nurse.get(URL, {"channel": "email", "state": "waiting"})

    assert '<a href="/messages/?channel=email&amp;state=decision"' in answer.content.decode()
    oldest_shown = Message.objects.order_by("-pk")[ROWS_A_PAGE - 1].pk
    assert answer.context["next_url"] == f"/messages/?channel=email&state=waiting&after={oldest_shown}"


def test_a_list_of_exactly_one_page_has_no_next(nurse, ada):
    for _ in range(ROWS_A_PAGE):
        a_message(ada)

    assert nurse.get(URL).context["next_url"] == ""


def test_pages_by_key_show_every_message_once_newest_first(nurse, ada):
    expected = [a_message(ada, subject_id=n).subject_id for n in range(1, ROWS_A_PAGE * 2 + 4)][::-1]

    seen, url = [], URL
    while url:
        context = nurse.get(url).context
        seen += [line.retry_url or line.about for line in context["rows"]]
        url = context["next_url"]

    assert len(seen) == len(expected)
    assert nurse.get(URL, {"after": "x7"}).context["first_url"] == ""
    assert nurse.get(URL, {"after": "9" * 30}).status_code == 200


def test_the_number_of_queries_does_not_grow_with_the_list(nurse, clinic):
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            nurse.get(URL)
        return len(captured)

    a_message(a_reachable_patient(clinic))
    queries()  # the heartbeat is asked once and remembered
    few = queries()
    for _ in range(30):
        a_message(a_reachable_patient(clinic))
    assert queries() == few


def test_another_clinics_messages_are_not_there(nurse):
    message = a_message(a_reachable_patient(a_clinic(), name="Canary Example"), state="failed")

    assert "Canary" not in nurse.get(URL).content.decode()
    answer = nurse.get(reverse("messages:retry", args=[message.public_id]))
    assert answer.status_code == 404
    assert "Canary" not in answer.content.decode()
    assert nurse.post(reverse("messages:retry", args=[message.public_id]), {"reason": "x"}).status_code == 404
    message.refresh_from_db()
    assert message.state == "failed"


def test_looking_at_the_outbox_is_on_the_audit_trail(nurse, ada):
    a_message(ada)
    nurse.get(URL, {"channel": "email"})

    event = AuditEvent.objects.get(action="messages.viewed")
    assert event.after == {"channel": "email", "state": "", "shown": 1}


def test_an_empty_outbox_says_what_would_be_there(nurse):
    assert "When an injection is missed or a recheck is overdue" in nurse.get(URL).content.decode()
    assert "No message of this clinic fits" in nurse.get(URL, {"state": "sent"}).content.decode()


def test_a_name_with_markup_in_it_is_shown_as_text(nurse, clinic):
    a_message(a_patient(clinic, name="<script>alert(1)</script>"), audience=Audience.CLINIC, why="<b>no</b>")

    body = nurse.get(URL).content.decode()
    assert "<script>alert(1)" not in body
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in body
    assert "<b>no</b>" not in body


def test_a_prescriber_sees_the_outbox_but_sends_nothing_again(client, clinic, ada):
    message = a_message(ada, state="failed")
    prescriber = signed_in(client, a_user(clinic, "prescriber"))

    shown = words(prescriber.get(URL))
    assert "Send again" not in shown
    assert "Settle" not in shown
    for name in ("messages:retry", "messages:settle"):
        assert prescriber.post(reverse(name, args=[message.public_id])).status_code == 403


@pytest.mark.parametrize("state", ["failed", "uncertain"])
def test_a_nurse_sends_a_message_again_with_a_reason(nurse, ada, state):
    message = a_message(
        ada,
        state=state,
        attempts=7,
        why="The mail server refused it: 550 no such user",
        handed_over_at=NOON if state == "uncertain" else None,
    )
    url = reverse("messages:retry", args=[message.public_id])
    assert f'href="{url}"' in nurse.get(URL).content.decode()
    assert "550 no such user" in nurse.get(url).content.decode()

    with time_machine.travel(NOON, tick=False):
        answer = nurse.post(url, {"reason": "New address on the telephone"})

    assert answer.status_code == 302
    message.refresh_from_db()
    assert (message.state, message.attempts, message.why, message.handed_over_at) == ("owed", 0, "", None)
    event = AuditEvent.objects.get(action="message.retried")
    assert (event.at, event.reason, event.patient_id) == (NOON, "New address on the telephone", ada.pk)
    assert event.before == {
        "state": state,
        "attempts": 7,
        "why": "The mail server refused it: 550 no such user",
    }


def test_an_uncertain_message_warns_that_it_may_arrive_twice(nurse, ada):
    message = a_message(ada, state="uncertain", handed_over_at=NOON)

    assert (
        "it may arrive twice"
        in nurse.get(reverse("messages:retry", args=[message.public_id])).content.decode()
    )


def test_without_a_reason_nothing_is_sent_again(nurse, ada):
    message = a_message(ada, state="failed")

    answer = nurse.post(reverse("messages:retry", args=[message.public_id]), {"reason": "  "})

    assert answer.status_code == 422
    assert "Say why it should be sent again." in answer.content.decode()
    message.refresh_from_db()
    assert message.state == "failed"


@pytest.mark.parametrize("state", ["owed", "sent", "withdrawn"])
def test_a_message_that_waits_for_no_decision_is_a_conflict_that_shows_where_it_stands(nurse, ada, state):
    message = a_message(ada, state=state, sent_at=NOON if state == "sent" else None)

    answer = nurse.post(reverse("messages:retry", args=[message.public_id]), {"reason": "Again"})

    assert answer.status_code == 409
    assert "This message waits for no decision" in answer.content.decode()
    message.refresh_from_db()
    assert message.state == state


def test_the_second_of_two_who_decide_at_once_is_told(nurse, ada, monkeypatch):
    message = a_message(ada, state="failed")
    stale = Message.objects.select_related("patient", "clinic").get(pk=message.pk)
    Message.objects.update(state="owed")
    monkeypatch.setattr("b12clinic.messages.views.retry.get_object_or_404", lambda *_, **__: stale)

    answer = nurse.post(reverse("messages:retry", args=[message.public_id]), {"reason": "Again"})

    assert answer.status_code == 409
    assert AuditEvent.objects.filter(action="message.retried").count() == 0


def test_a_message_that_is_not_there_is_404(nurse):
    assert nurse.get(reverse("messages:retry", args=[uuid4()])).status_code == 404


def test_a_message_about_a_day_of_another_year_names_the_year(nurse, ada):
    a_message(ada, about_on=date(2025, 12, 31))

    assert "of Wed 31 Dec 2025" in words(nurse.get(URL))


@pytest.fixture
def one_for_each_role(clinic):
    """In the clinic's inbox one message for the nurses, one for the prescribers and one for everybody."""
    for audience in ("nurse", "prescriber", "clinic"):
        patient = a_patient(clinic, name=f"Person {audience}")
        a_message(patient, audience=audience, channel=Channel.INBOX, state="sent", sent_at=NOON)
        a_message(patient, audience=audience, channel=Channel.INBOX, state="withdrawn")


@pytest.mark.usefixtures("one_for_each_role")
@pytest.mark.parametrize(
    ("role", "seen"),
    [("nurse", {"nurse", "clinic"}), ("prescriber", {"prescriber", "clinic"}), ("administrator", {"clinic"})],
)
def test_for_us_is_what_lies_in_the_inbox_for_my_role(client, clinic, role, seen):
    a_user(clinic, "nurse")
    a_user(clinic, "prescriber")
    answer = signed_in(client, a_user(clinic, role)).get(URL, {"state": "us"})

    shown = words(answer)
    assert {name for name in ("nurse", "prescriber", "clinic") if f"Person {name}" in shown} == seen
    assert [tab.count for tab in answer.context["tabs"] if tab.label == "For us"] == [len(seen)]


@pytest.mark.usefixtures("one_for_each_role")
@pytest.mark.parametrize(
    ("role", "seen"),
    [
        ("nurse", {"nurse", "prescriber", "clinic"}),
        ("prescriber", {"nurse", "prescriber", "clinic"}),
        ("administrator", {"nurse", "prescriber", "clinic"}),
    ],
)
def test_what_is_for_a_role_that_nobody_holds_is_for_whoever_works_here(client, clinic, role, seen):
    """Somebody who left holds it no more; who holds it in another clinic does not work here."""
    for gone in {"nurse", "prescriber"} - {role}:
        a_user(clinic, gone, is_active=False)
        a_user(a_clinic(), gone)

    answer = signed_in(client, a_user(clinic, role)).get(URL, {"state": "us"})

    shown = words(answer)
    assert {name for name in ("nurse", "prescriber", "clinic") if f"Person {name}" in shown} == seen
    assert [tab.count for tab in answer.context["tabs"] if tab.label == "For us"] == [len(seen)]


def test_words_searched_by_stay_out_of_the_trail(nurse, ada):
    nurse.get(URL, {"q": "Ada", "kind": "missed_injection"})

    assert AuditEvent.objects.get(action="messages.viewed").after == {
        "kind": "missed_injection",
        "state": "",
        "shown": 0,
    }


def test_a_patients_page_says_what_was_said_when(nurse, ada, clinic):
    a_message(ada, kind="missed_injection", state="sent", sent_at=NOON, delivered_at=NOON)
    a_message(ada, kind="overdue_recheck", step="long_overdue", state="withdrawn", why="The results came.")
    a_message(a_reachable_patient(clinic, name="Someone Else"))

    answer = nurse.get(f"/messages/patient/{ada.public_id}/")

    shown = words(answer)
    for said in (
        "Missed injection",
        "First reminder",
        "Arrived Sun 22 Nov 2026, 13:00",
        "Long overdue",
        "The results came.",
    ):
        assert said in shown
    assert "Someone Else" not in shown
    assert AuditEvent.objects.get(action="patient.viewed").patient_id == ada.pk


def test_a_patient_of_another_clinic_has_no_page_here(nurse):
    stranger = a_reachable_patient(a_clinic())
    assert nurse.get(f"/messages/patient/{stranger.public_id}/").status_code == 404


def test_a_patient_to_whom_nothing_was_said_has_a_page_that_says_so(nurse, ada):
    assert "Nothing was said yet" in nurse.get(f"/messages/patient/{ada.public_id}/").content.decode()
