"""What was given is recorded though the dose is no longer owed: the plan was stopped, or somebody else was first."""

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
import time_machine

from b12clinic.patients.services.note_death import note_death
from monitoring.models import Alert
from regimens.models import Administration, Dose
from regimens.services.stop_regimen import stop_regimen
from regimens.views import record_injection
from tests.factories.people import a_clinic, a_patient, a_user
from tests.factories.regimens import a_regimen, confirm_deficiency, give, next_dose
from tests.views.test_record_injection import post

pytestmark = [pytest.mark.django_db, pytest.mark.data]

NOON = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
TODAY = date(2026, 1, 5)
ON_TOP = b"It was given: record it on top of the plan"


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def nurse():
    return a_user(a_clinic(), "nurse", first_name="Sam", last_name="Example")


@pytest.fixture
def regimen(nurse):
    regimen = a_regimen(a_patient(nurse.memberships.get().clinic, name="Ada Sample"), nurse)
    confirm_deficiency(regimen.patient, nurse)
    return regimen


def stop(regimen, by):
    stop_regimen(
        regimen=regimen, version=regimen.version, reason="Moved to tablets", by=by, at=NOON, today=TODAY
    )


def die(regimen, by):
    patient = regimen.patient
    note_death(
        patient=patient,
        version=patient.version,
        died_on=TODAY,
        reason="Hospital rang",
        by=by,
        at=NOON,
        today=TODAY,
    )


def withdraw(regimen, by):
    Dose.objects.filter(pk=next_dose(regimen).pk).update(state="withdrawn", is_next=False)


@pytest.mark.parametrize("happened", [stop, die, withdraw])
def test_a_dose_withdrawn_meanwhile_keeps_what_was_typed_and_offers_the_extra(
    client, nurse, regimen, happened
):
    dose, key = next_dose(regimen), str(uuid4())
    happened(regimen, nurse)

    lost = post(client, nurse, dose, lot="KEPT7", form_key=key)
    also = post(client, nurse, dose, lot="KEPT7", form_key=key, act="also")

    assert lost.status_code == 409
    assert ON_TOP in lost.content and b'value="KEPT7"' in lost.content
    assert b"Record as given" not in lost.content
    assert also.status_code == 302
    row = Administration.objects.get()
    assert (row.dose, row.lot, row.patient) == (None, "KEPT7", regimen.patient)
    alert = Alert.objects.get(rule="GIVEN_NOT_PLANNED")
    assert alert.sentence == (
        "Given on 05 Jan 2026, though the dose was no longer planned; recorded on top of the plan."
    )


def test_a_form_with_a_gap_offers_it_too_and_records_nothing(client, nurse, regimen):
    dose = next_dose(regimen)
    stop(regimen, nurse)

    answer = post(client, nurse, dose, lot="", act="also")

    assert answer.status_code == 422 and ON_TOP in answer.content
    assert not Administration.objects.exists()


def test_the_check_keeps_the_form_though_the_dose_is_withdrawn(client, nurse, regimen):
    dose = next_dose(regimen)
    stop(regimen, nurse)

    page = post(client, nurse, dose, act="check", lot="KEPT7").content

    assert b'id="check"' in page and b'value="KEPT7"' in page and ON_TOP in page
    assert b"<li>This dose was withdrawn" in page and b"Nothing speaks against giving it" not in page


def test_stopped_between_the_look_and_the_record_it_is_offered_all_the_same(
    client, nurse, regimen, monkeypatch
):
    record = record_injection.record_given

    def after_a_stop(**asked):
        stop(regimen, nurse)
        return record(**asked)

    monkeypatch.setattr(record_injection, "record_given", after_a_stop)

    answer = post(client, nurse, next_dose(regimen))

    assert answer.status_code == 409 and ON_TOP in answer.content


def test_the_first_button_of_the_form_never_records(client, nurse, regimen):
    dose = next_dose(regimen)
    stop(regimen, nurse)

    page = post(client, nurse, dose).content

    assert page.index(b'value="scan"') < page.index(b'value="also"')


def test_the_answer_says_that_it_was_an_extra_and_that_an_alert_was_raised(client, nurse, regimen):
    dose, other = next_dose(regimen), a_user(regimen.clinic, "nurse")
    give(regimen, nurse, TODAY)

    lost = post(client, other, dose)
    page = client.get(post(client, other, dose, act="also").url).content

    assert b"I gave one too: record it on top of the plan" in lost.content
    assert b"Record as given" not in lost.content
    assert b"Nothing speaks against giving it" not in lost.content
    assert b"as an injection on top of the plan; an alert was raised. Next injection Wed 7 Jan" in page


def test_the_first_of_two_is_told_of_no_extra(client, nurse, regimen):
    page = client.get(post(client, nurse, next_dose(regimen)).url).content

    assert b"on top of the plan" not in page
