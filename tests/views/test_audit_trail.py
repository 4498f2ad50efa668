"""The audit trail: filters in the address, pages by key, nothing of another clinic, and looking is on it too."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.urls import reverse

from b12clinic.accounts.models import AuditEvent
from b12clinic.messages.models import MessageState
from regimens.presenters.audit_trail import ACTIONS, changes_of
from tests.factories.people import a_clinic, a_patient, a_user, signed_in

pytestmark = pytest.mark.django_db

TRAIL = reverse("regimens:audit")
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def clinic():
    return a_clinic(time_zone="Europe/Amsterdam")


@pytest.fixture
def admin(clinic, client):
    admin = a_user(clinic, "administrator", first_name="Ada", last_name="Admin")
    signed_in(client, admin)
    return admin


def an_event(clinic, actor=None, action="patient.viewed", at=datetime(2026, 11, 2, 9, tzinfo=UTC), **fields):
    return AuditEvent.objects.create(at=at, clinic=clinic, actor=actor, action=action, **fields)


def page(client, **query):
    return client.get(TRAIL, query).content.decode()


def test_an_event_says_who_what_when_and_about_whom(client, admin, clinic):
    patient = a_patient(clinic, name="Bo Example")
    an_event(clinic, admin, patient_id=patient.pk, subject=f"patient:{patient.public_id}")
    an_event(clinic, None, "message.sent", subject="message:7 missed_injection", reason="It was due.")
    text = page(client)
    for words in (
        "Ada Admin",
        "Patient viewed",
        "Bo Example",
        "2 Nov 2026",
        "10:00:00",
        "The product itself",
        "It was due.",
    ):
        assert words in text


def test_a_change_shows_old_and_new(client, admin, clinic):
    an_event(
        clinic,
        admin,
        "member.roles_changed",
        before={"roles": ["nurse"]},
        after={"roles": ["nurse", "prescriber"]},
    )
    assert "roles: nurse → nurse, prescriber" in page(client)


@pytest.mark.parametrize(
    ("before", "after", "lines"),
    [
        (None, None, []),
        ({"in_use": True}, {"in_use": False}, ["in use: yes → no"]),
        (None, {"rows": 1}, ["rows: 1"]),
        ({"name": "Ampoule"}, {"name": "Ampoule"}, ["name: Ampoule"]),
        ({"open_weekdays": [0, 1]}, {"open_weekdays": [5]}, ["open weekdays: Monday, Tuesday → Saturday"]),
        ({"region": ""}, {"region": "SCT"}, ["region: empty → SCT"]),
        ({"died_on": None}, {"died_on": "2026-11-02"}, ["died on: none → 2026-11-02"]),
        ({"note": "x" * 200}, None, ["note: " + "x" * 160 + "…"]),
    ],
)
def test_changes_are_said_field_by_field(before, after, lines):
    assert changes_of(before, after) == lines


def test_filters_narrow_by_person_act_and_patient(client, admin, clinic):
    nurse = a_user(clinic, "nurse", first_name="Nora", last_name="Nurse")
    ada, bo = a_patient(clinic, name="Ada Example"), a_patient(clinic, name="Bo Example")
    an_event(clinic, nurse, patient_id=ada.pk, reason="alpha")
    an_event(clinic, admin, patient_id=bo.pk, reason="bravo")
    an_event(clinic, nurse, "injection.recorded", patient_id=bo.pk, reason="gamma")

    def seen(**query):
        text = page(client, **query)
        return [word for word in ("alpha", "bravo", "gamma") if word in text]

    assert seen() == ["alpha", "bravo", "gamma"]
    assert seen(person=nurse.public_id) == ["alpha", "gamma"]
    assert seen(action="injection.recorded") == ["gamma"]
    assert seen(patient=bo.public_id) == ["bravo", "gamma"]
    assert seen(patient=bo.public_id, person=nurse.public_id) == ["gamma"]


def test_days_are_the_clinics_own(client, admin, clinic):
    an_event(clinic, reason="before", at=datetime(2026, 11, 1, 22, 59, 59, tzinfo=UTC))
    an_event(clinic, reason="inside", at=datetime(2026, 11, 1, 23, 0, tzinfo=UTC))
    an_event(clinic, reason="last", at=datetime(2026, 11, 2, 22, 59, 59, tzinfo=UTC))
    an_event(clinic, reason="after", at=datetime(2026, 11, 2, 23, 0, tzinfo=UTC))
    text = page(client, since="2026-11-02", until="2026-11-02")
    assert [
        word for word in ("Reason: before", "Reason: inside", "Reason: last", "Reason: after") if word in text
    ] == [
        "Reason: inside",
        "Reason: last",
    ]


def test_pages_go_by_key_and_miss_nothing_of_the_same_moment(client, admin, clinic):
    at = datetime(2026, 11, 2, 9, tzinfo=UTC)
    for number in range(75):
        an_event(clinic, reason=f"event-{number:03}", at=at)
    first = client.get(TRAIL, {"until": "2026-11-03"})
    second = client.get(TRAIL + first.context["next_url"])
    seen = re.findall(r"event-\d{3}", first.content.decode() + second.content.decode())
    assert seen == [f"event-{number:03}" for number in reversed(range(75))]
    assert second.context["next_url"] == ""
    assert "until=2026-11-03" in first.context["next_url"]


def test_looking_is_on_the_trail_with_what_was_asked(client, admin, clinic):
    an_event(clinic)
    page(client, action="patient.viewed")
    event = AuditEvent.objects.get(action="audit.viewed")
    assert (event.actor, event.clinic) == (admin, clinic)
    assert event.after == {"action": "patient.viewed", "shown": 1}


def test_another_clinics_events_and_names_never_show(client, admin, clinic):
    other = a_clinic()
    stranger = a_patient(other, name="Canary Patient")
    person = a_user(other, first_name="Canary", last_name="Person")
    an_event(other, person, patient_id=stranger.pk, reason="Canary")
    an_event(clinic, admin, patient_id=stranger.pk, reason="ours")  # a key that strayed
    for query in ({}, {"patient": stranger.public_id}, {"person": person.public_id}):
        assert "Canary" not in page(client, **query)


@pytest.mark.parametrize(
    "query",
    [
        {"since": "2026-02-30"},
        {"until": "9999-12-31"},
        {"since": "0001-01-01"},
        {"person": "x"},
        {"patient": "' OR 1=1--"},
        {"before": "x"},
        {"before": "20261102T090000.000000-99999999999999999999"},
        {"action": "patient.viewed'--"},
    ],
)
def test_an_address_that_cannot_be_read_is_no_error(client, admin, clinic, query):
    an_event(clinic)
    assert client.get(TRAIL, query).status_code == 200


def test_what_is_written_in_an_event_is_shown_as_text(client, admin, clinic):
    nasty = "<script>window.x=1</script>"
    an_event(clinic, admin, reason=nasty, subject=nasty, after={nasty: nasty})
    text = page(client)
    assert nasty not in text
    assert "&lt;script&gt;window.x=1&lt;/script&gt;" in text


def test_the_page_takes_the_same_queries_for_one_event_and_for_many(
    client, admin, clinic, django_assert_max_num_queries
):
    for number in range(40):
        patient = a_patient(clinic)
        an_event(
            clinic,
            a_user(clinic, "nurse"),
            patient_id=patient.pk,
            at=datetime(2026, 11, 2, tzinfo=UTC) + timedelta(minutes=number),
        )
    with django_assert_max_num_queries(8):
        page(client)


def test_every_act_can_be_filtered_by():
    named = re.compile(
        r"""(?:action\s*=\s*|note\w*\(\s*|note\(request, \w+, |^[A-Z_]+ = )["']([a-z_]+\.[a-z_]+)["']""", re.M
    )
    written = {
        action
        for app in ("b12clinic", "monitoring", "regimens")
        for path in (ROOT / app).rglob("*.py")
        if "audit.note" in path.read_text() or "audit import note" in path.read_text()
        for action in named.findall(path.read_text())
    }
    # Merged is said by the message that says it, ended by the person who settled it.
    no_ends = ("owed", "sending", "merged", "ended")
    ends = {f"message.{state}" for state in MessageState.values if state not in no_ends}
    assert written - {"accounts.invitation", "regimens.recheck_safety"} - set(ACTIONS) == set()
    assert ends <= set(ACTIONS)
