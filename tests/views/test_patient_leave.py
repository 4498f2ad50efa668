from datetime import date

import pytest

from b12clinic.accounts.models import AuditEvent, Role
from b12clinic.patients.models import Patient
from tests.factories.people import a_clinic, a_patient, a_user, signed_in
from tests.factories.regimens import a_regimen

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada():
    return a_patient(a_clinic())


@pytest.fixture
def desk(client, ada):
    return signed_in(client, a_user(ada.clinic, Role.NURSE))


def url_of(patient, what):
    return f"/patients/{patient.public_id}/{what}/"


KINDS = pytest.mark.parametrize(("what", "field"), [("died", "died_on"), ("moved", "moved_on")])


@KINDS
def test_leaving_is_noted_and_the_chart_opens(desk, ada, what, field):
    assert desk.get(url_of(ada, what)).status_code == 200
    sent = {"version": "1", "on": "2026-01-05", "reason": "Letter."}
    answer = desk.post(url_of(ada, what), sent)
    assert (answer.status_code, answer["Location"]) == (302, f"/chart/{ada.public_id}/")
    ada.refresh_from_db()
    assert getattr(ada, field) == date(2026, 1, 5)
    assert AuditEvent.objects.get(action=f"patient.{what}").reason == "Letter."


@KINDS
@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"on": ""}, "Say on which day."),
        ({"on": "2126-01-01"}, "This day lies before birth or in the future."),
        ({"on": "1948-03-01"}, "This day lies before birth or in the future."),
        ({"reason": " "}, "Say "),
    ],
)
def test_what_cannot_be_is_said(desk, ada, what, field, sent, sentence):
    answer = desk.post(url_of(ada, what), {"version": "1", "on": "2026-01-05", "reason": "Letter."} | sent)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert Patient.objects.get().is_followed


@KINDS
def test_from_a_stale_page_nothing_is_noted(desk, ada, what, field):
    Patient.objects.update(version=2)
    answer = desk.post(url_of(ada, what), {"version": "1", "on": "2026-01-05", "reason": "Letter."})
    assert answer.status_code == 409
    assert "Letter." in answer.content.decode()
    assert Patient.objects.get().is_followed


def test_a_mistake_is_taken_back(desk, ada):
    Patient.objects.update(died_on=date(2026, 1, 5))
    assert "Died 5 Jan 2026" in desk.get(url_of(ada, "returned")).content.decode()
    assert desk.post(url_of(ada, "returned"), {"version": "1"}).status_code == 422
    assert desk.post(url_of(ada, "returned"), {"version": "1", "reason": "Wrong entry."}).status_code == 302
    assert Patient.objects.get().is_followed


def test_what_is_so_already_is_said(desk, ada):
    answer = desk.post(url_of(ada, "returned"), {"version": "1", "reason": "Wrong entry."})
    assert answer.status_code == 422
    assert "in the clinic&#x27;s care already" in answer.content.decode()


def test_what_is_said_of_a_running_plan_is_true(desk, ada):
    regimen = a_regimen(ada, a_user(ada.clinic))
    assert "a plan that is running is stopped with it" in desk.get(url_of(ada, "died")).content.decode()
    sent = {"version": "1", "on": "2026-01-05", "reason": "Letter."}

    body = desk.post(url_of(ada, "died"), sent, follow=True).content.decode()

    regimen.refresh_from_db()
    assert regimen.state == "stopped"
    assert "The death is noted; a plan that was running is stopped." in body
    assert "stop it on the chart" not in body
    assert "stop it on the chart" in desk.get(url_of(a_patient(ada.clinic), "moved")).content.decode()
