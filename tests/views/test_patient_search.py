import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from b12clinic.accounts.models import AuditEvent, Role
from tests.factories.people import a_clinic, a_patient, a_user, signed_in

pytestmark = pytest.mark.django_db
URL = "/patients/"


@pytest.fixture
def clinic():
    return a_clinic()


@pytest.fixture
def desk(client, clinic):
    return signed_in(client, a_user(clinic))


def test_the_register_lies_under_patients():
    assert reverse("patients:search") == URL


def test_a_patient_is_found_and_leads_to_the_chart(desk, clinic):
    ada = a_patient(clinic, name="Ada Lovelace", record_number="RX1")
    answer = desk.get(URL, {"q": "lovelace"})
    assert f'<a href="/chart/{ada.public_id}/">Ada Lovelace</a>' in answer.content.decode()
    for text in ("2 Mar 1948", "Record RX1", "1 patient fits."):
        assert text in answer.content.decode()


def test_who_left_is_marked(desk, clinic):
    a_patient(clinic, name="Ada Lovelace", died_on="2026-02-03")
    a_patient(clinic, name="Adam Lovelace", moved_on="2026-02-04")
    body = desk.get(URL, {"q": "lovelace"}).content.decode()
    assert "Died 3 Feb 2026" in body
    assert "Moved away 4 Feb 2026" in body


def test_htmx_is_answered_with_the_rows_alone(desk, clinic):
    a_patient(clinic, name="Ada Lovelace")
    whole, part = desk.get(URL, {"q": "ada"}), desk.get(URL, {"q": "ada"}, headers={"HX-Request": "true"})
    assert "<html" in whole.content.decode()
    assert "<html" not in part.content.decode()
    assert 'id="rows"' in part.content.decode()
    assert "HX-Request" in part["Vary"]


def test_the_text_stays_in_the_field_and_is_escaped(desk):
    body = desk.get(URL, {"q": '"><script>alert(1)</script>'}).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in body
    assert "<script>alert" not in body


@pytest.mark.parametrize(
    "name", ["<img src=x onerror=alert(1)>", "Ada <script>alert(1)</script>", 'O\'Brien "Bo"']
)
def test_a_name_is_text_wherever_it_stands(desk, clinic, name):
    a_patient(clinic, name=name)
    body = desk.get(URL).content.decode()
    assert name not in body
    assert "<script>alert" not in body


def test_nobody_is_found_says_what_to_do(desk):
    body = desk.get(URL, {"q": "nobody"}).content.decode()
    assert "Nobody fits" in body
    assert "/patients/add/" in body


def test_an_empty_register_says_what_will_be_there(desk):
    assert "No patient yet" in desk.get(URL).content.decode()


def test_another_clinics_patients_are_not_found(desk):
    a_patient(a_clinic(), name="Ada Canary", record_number="RX1")
    for text in ("", "ada", "02/03/1948", "RX1"):
        assert "Canary" not in desk.get(URL, {"q": text, "clinic": "2"}).content.decode()


def test_a_search_is_noted_and_an_empty_one_is_not(desk, clinic):
    a_patient(clinic, name="Ada Lovelace")
    desk.get(URL)
    assert not AuditEvent.objects.exists()
    desk.get(URL, {"q": "ada\0"})
    event = AuditEvent.objects.get()
    assert (event.action, event.clinic, event.after) == (
        "patient.searched",
        clinic,
        {"text": "ada", "found": 1},
    )


def test_every_role_may_search_and_a_stranger_may_not(client, clinic):
    for role in Role:
        assert signed_in(client, a_user(clinic, role)).get(URL).status_code == 200
    assert signed_in(client, a_user(None)).get(URL).status_code == 403
    client.logout()
    assert client.get(URL).status_code == 302


def test_the_register_only_answers_reading(desk):
    assert desk.post(URL).status_code == 405


def test_a_page_of_twenty_costs_as_many_queries_as_one_of_one(desk, clinic):
    def queries_of(text):
        with CaptureQueriesContext(connection) as captured:
            desk.get(URL, {"q": text})
        return len(captured)

    a_patient(clinic, name="Grace Hopper", record_number="GH1")
    for place in range(25):
        a_patient(clinic, name=f"Ada Example {place:02}", record_number=f"RX{place}")
    assert queries_of("grace") == queries_of("ada")


def test_more_than_twenty_are_said_to_be_more(desk, clinic):
    for place in range(21):
        a_patient(clinic, name=f"Ada Example {place:02}")
    body = desk.get(URL, {"q": "ada"}).content.decode()
    assert "The first 20 that fit; type more to narrow it down." in body
    assert body.count("data-row") == 20
