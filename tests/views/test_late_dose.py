from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.urls import reverse

from monitoring.models import Alert
from regimens.models import Dose, Regimen, Revision
from regimens.protocols.intervals import Interval
from tests.factories.people import a_clinic, a_patient, a_user, signed_in
from tests.factories.regimens import EVERY_THREE_MONTHS, WEEKLY, a_regimen, give, next_dose

pytestmark = [pytest.mark.django_db, pytest.mark.data]

NOW = datetime(2026, 2, 9, 12, 0, tzinfo=UTC)
MONTHLY = replace(
    EVERY_THREE_MONTHS, interval=Interval(1, EVERY_THREE_MONTHS.interval.unit), drug=WEEKLY.drug
)


@pytest.fixture(autouse=True)
def _at_noon():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def doctor():
    clinic = a_clinic(open_weekdays=[0, 1, 2, 3, 4, 5, 6])
    return a_user(clinic, "prescriber", first_name="Robin", last_name="Example")


@pytest.fixture
def regimen(doctor):
    """Weekly loading, given once on 5 January; the second dose was due on the 12th, four weeks ago."""
    patient = a_patient(doctor.memberships.get().clinic, name="Nora Late")
    regimen = a_regimen(patient, doctor, WEEKLY, MONTHLY)
    give(regimen, doctor, date(2026, 1, 5), drug="cyanocobalamin")
    return regimen


@pytest.fixture
def page(client, doctor, regimen):
    signed_in(client, doctor)
    address = reverse("regimens:decide_late_dose", args=[next_dose(regimen).public_id])
    regimen.refresh_from_db()
    sent = {"version": regimen.version, "new_neuro": "no", "choice": "reanchor", "reason": "Was abroad"}
    return lambda **changed: client.post(address, sent | changed) if changed else client.get(address)


def text(answer):
    return " ".join(answer.content.decode().split())


def test_the_page_says_the_rule_its_source_and_every_date_before_and_after(page):
    shown = text(page())
    assert "35 days since the last loading dose, more than 21: a clinician decides" in shown
    assert "no guideline gives a window for late doses" in shown
    assert "Local policy" in shown
    assert "Loading 1 of 4: Mon 5 Jan" in shown
    for row in (
        '<td data-label="As planned before">Loading 2 of 4: Mon 12 Jan</td> '
        '<td data-label="After this choice"><strong>Loading 2 of 4: Mon 9 Feb</strong></td>',
        '<td data-label="After this choice"><strong>Loading 1 of 4: Mon 9 Feb</strong></td>',
    ):
        assert row in shown


def test_what_was_shown_is_what_is_saved(page, regimen):
    assert "Loading 4 of 4: Mon 23 Feb" in text(page())

    answer = page(choice="reanchor")

    assert answer.url == reverse("regimens:chart", args=[regimen.patient.public_id])
    assert Dose.objects.get(phase__ordinal=0, number=4).due_on == date(2026, 2, 23)


def test_a_dose_given_already_is_decided_on_with_one_fewer_to_give(client, doctor, regimen, page):
    late = next_dose(regimen)
    give(regimen, doctor, date(2026, 2, 9), drug="cyanocobalamin")

    shown = text(page())

    assert "The late injection counts as the first of the new loading, so one fewer is planned." in shown
    assert 'value="reanchor"' not in shown
    why = "the dose has been given, and the dates count from that injection already."
    assert f"“Count from the last injection” is not offered: {why}" in shown
    assert late.public_id


def test_a_plan_of_maintenance_alone_says_why_no_loading_can_be_restarted(client, doctor):
    patient = a_patient(doctor.memberships.get().clinic, name="Mia Months")
    regimen = a_regimen(patient, doctor, MONTHLY, starts_on=date(2025, 1, 6))
    give(regimen, doctor, date(2025, 1, 6), drug="cyanocobalamin")
    address = reverse("regimens:decide_late_dose", args=[next_dose(regimen).public_id])

    shown = text(signed_in(client, doctor).get(address))

    why = "this plan was signed without a loading, so there is none to give again."
    assert f"“Restart the loading” is not offered: {why}" in shown
    assert 'value="restart"' not in shown


def test_new_symptoms_lead_to_a_new_plan_with_the_reason_carried(client, page, regimen):
    answer = page(new_neuro="yes", choice="", reason="Numb toes since Sunday")

    assert answer.url == reverse("regimens:assess", args=[regimen.patient.public_id])
    alert = Alert.objects.get(rule="NEW_NEURO_SYMPTOMS")
    assert (alert.severity, alert.ended_at) == ("urgent", None)
    assert "Numb toes since Sunday" in alert.sentence
    assert not Revision.objects.filter(kind="decided").exists()
    assert "New neurological symptoms: Numb toes since Sunday" in text(client.get(answer.url))


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"new_neuro": ""}, "Answer whether there are new neurological symptoms."),
        ({"choice": ""}, "Choose one of the ways to go on."),
        ({"reason": ""}, "Say why you decide so."),
    ],
)
def test_an_answer_that_is_missing_is_asked_for_and_nothing_is_saved(page, changed, sentence):
    answer = page(**changed)
    assert answer.status_code == 422
    assert sentence in text(answer)
    assert not Revision.objects.filter(kind="decided").exists()


def test_a_page_gone_stale_says_who_did_what_and_keeps_what_was_typed(page, regimen):
    page(choice="continue", reason="Give it tomorrow")

    answer = page(choice="stop", reason="Moved to tablets")

    assert answer.status_code == 409
    assert "Robin Example changed this regimen on Mon 9 Feb 2026 at 12:00: Late-dose decision" in text(answer)
    assert "Moved to tablets" in text(answer)
    assert Regimen.objects.get().state == "active"


def test_a_dose_that_is_not_late_asks_for_nothing(client, doctor, regimen):
    with time_machine.travel(datetime(2026, 1, 12, 12, 0, tzinfo=UTC), tick=False):
        signed_in(client, doctor)
        answer = client.get(reverse("regimens:decide_late_dose", args=[next_dose(regimen).public_id]))
    assert "The rules ask for no decision on this dose today." in text(answer)
    assert "Sign the decision" not in text(answer)


@pytest.mark.parametrize(("role", "status"), [("nurse", 403), ("administrator", 403), ("prescriber", 200)])
def test_only_a_prescriber_decides(client, regimen, role, status):
    address = reverse("regimens:decide_late_dose", args=[next_dose(regimen).public_id])
    assert signed_in(client, a_user(regimen.clinic, role)).get(address).status_code == status


def test_another_clinic_finds_nothing(client, regimen):
    address = reverse("regimens:decide_late_dose", args=[next_dose(regimen).public_id])
    answer = signed_in(client, a_user(a_clinic(), "prescriber")).post(address, {"choice": "stop"})
    assert answer.status_code == 404
    assert b"Nora" not in answer.content
