"""Tests that no plan asked for are wanted with a reason, and asked of the laboratory on paper."""

from datetime import date

import pytest
import time_machine
from django.urls import reverse

from b12clinic.accounts.models import AuditEvent
from monitoring.models import Recheck
from tests.factories.labs import a_recheck, a_result
from tests.factories.people import a_clinic, a_patient, a_user, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def nurse(client):
    nurse = a_user(a_clinic(name="Riverside"), "nurse", first_name="Nora", last_name="Nurse")
    signed_in(client, nurse)
    return nurse


@pytest.fixture
def patient(nurse):
    return a_patient(nurse.memberships.get().clinic, name="Carla Canary", record_number="R-77")


def ask(client, patient, **fields):
    data = {"tests": ["ferritin", "tsh"], "due_on": "2026-03-09", "why": "Still tired."} | fields
    with time_machine.travel("2026-03-02 09:00:00+00:00", tick=False):
        return client.post(reverse("monitoring:add_recheck", args=[patient.public_id]), data)


def form_of(client, recheck):
    with time_machine.travel("2026-03-02 09:00:00+00:00", tick=False):
        return client.get(reverse("monitoring:request_form", args=[recheck.public_id]))


def test_tests_are_wanted_by_a_day_with_a_reason(client, patient):
    answer = ask(client, patient)
    asked = Recheck.objects.get()
    assert answer.url == reverse("monitoring:request_form", args=[asked.public_id])
    assert (asked.tests, asked.due_on, asked.why) == (["ferritin", "tsh"], date(2026, 3, 9), "Still tired.")
    assert asked.answers_from == date(2026, 3, 2)
    assert AuditEvent.objects.get(action="recheck.added").reason == "Still tired."


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"tests": []}, "Choose at least one test."),
        ({"why": " "}, "Say why the tests are wanted."),
        ({"due_on": "2026-03-01"}, "The day cannot lie in the past; choose today or a later day."),
    ],
)
def test_what_is_missing_is_asked_for(client, patient, fields, sentence):
    answer = ask(client, patient, **fields)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Recheck.objects.exists()


def test_today_is_a_day_and_the_same_is_not_asked_twice(client, patient):
    assert ask(client, patient, due_on="2026-03-02").status_code == 302
    assert "wanted on that day already" in ask(client, patient, due_on="2026-03-02").content.decode()


def test_nothing_is_wanted_of_somebody_who_has_died(client, patient):
    patient.died_on = date(2026, 3, 1)
    patient.save()
    assert ask(client, patient).status_code == 422


def test_the_request_says_who_what_why_and_who_asks(client, patient, nurse):
    recheck = a_recheck(patient, "fbc", "homocysteine", "symptom_review", due_on=date(2026, 3, 9))
    html = form_of(client, recheck).content.decode()
    for said in (
        "Carla Canary",
        "R-77",
        "Riverside",
        nurse.display_name,
        "9 Mar 2026",
        "Response to treatment",
    ):
        assert said in html
    assert "LOINC 718-7 (g/dL)" in html
    assert "59260-0" not in html
    assert "LOINC 13965-9" in html
    assert "At the clinic: Symptom review." in html


def test_what_is_answered_is_not_asked_for_again(client, patient):
    recheck = a_recheck(patient, "ferritin", "folate", due_on=date(2026, 3, 9))
    result = a_result(patient, "ferritin", "80", "ug/L", taken_on=date(2026, 3, 2))
    recheck.answers.create(test="ferritin", result=result, answered_on=date(2026, 3, 2))
    wanted = form_of(client, recheck).context["wanted"]
    assert [one["name"] for one in wanted["tests"]] == ["Folate, serum"]


def test_a_strangers_request_is_not_found(client, nurse):
    stranger = a_patient(a_clinic())
    assert form_of(client, a_recheck(stranger)).status_code == 404
    assert ask(client, stranger).status_code == 404


def test_the_list_leads_to_scoring_and_to_the_request(client, patient):
    recheck = a_recheck(patient, "symptom_review", due_on=date(2026, 3, 2))
    with time_machine.travel("2026-03-02 09:00:00+00:00", tick=False):
        html = client.get(reverse("monitoring:rechecks")).content.decode()
    assert reverse("regimens:symptoms", args=[patient.public_id]) in html
    assert reverse("monitoring:request_form", args=[recheck.public_id]) in html
