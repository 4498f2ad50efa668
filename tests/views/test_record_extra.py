"""Injections that no dose waited for: from the chart, and by the second of two who gave one each."""

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse

from monitoring.models import Alert
from regimens.models import Administration, Dose
from regimens.services.pause_regimen import pause_regimen
from tests.factories.people import a_clinic, a_patient, a_user, signed_in
from tests.factories.regimens import a_regimen, give, next_dose
from tests.views.test_record_injection import post, typed

pytestmark = [pytest.mark.django_db, pytest.mark.data]


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(datetime(2026, 1, 5, 12, 0, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def nurse():
    return a_user(a_clinic(), "nurse", first_name="Sam", last_name="Example")


@pytest.fixture
def regimen(nurse):
    return a_regimen(a_patient(nurse.memberships.get().clinic, name="Ada Sample"), nurse)


def post_extra(client, user, patient, **changed):
    return signed_in(client, user).post(
        reverse("regimens:record_extra", args=[patient.public_id]), typed(**changed)
    )


def test_one_given_elsewhere_before_the_plan_is_recorded_from_the_chart(client, nurse, regimen):
    answer = post_extra(
        client, nurse, regimen.patient, given_on="2025-12-20", given_elsewhere="on", lot="", product=""
    )

    row = Administration.objects.get()
    assert answer.url == f"/chart/{regimen.patient.public_id}/"
    assert (row.dose, row.given_on, row.given_elsewhere) == (None, date(2025, 12, 20), True)
    assert b"on top of the plan" in client.get(answer.url).content


def test_one_too_soon_is_recorded_and_alerts(client, nurse, regimen):
    give(regimen, nurse, date(2026, 1, 5))

    post_extra(client, nurse, regimen.patient)

    assert Alert.objects.get().rule == "EXTRA_INJECTION"


def test_it_lies_never_in_the_future(client, nurse, regimen):
    assert post_extra(client, nurse, regimen.patient, given_on="2026-01-06").status_code == 422


def test_an_answer_against_it_wants_a_reason_here_too(client, nurse, regimen):
    assert post_extra(client, nurse, regimen.patient, unwell="yes").status_code == 422
    assert post_extra(client, nurse, regimen.patient, unwell="yes", reason="Asked").status_code == 302


def test_a_patient_of_another_clinic_is_not_there(client, regimen):
    assert post_extra(client, a_user(a_clinic(), "nurse"), regimen.patient).status_code == 404


def test_the_second_of_two_may_say_that_they_gave_one_too(client, nurse, regimen):
    dose, other = next_dose(regimen), a_user(regimen.clinic, "nurse")
    give(regimen, nurse, date(2026, 1, 5))
    key = str(uuid4())

    lost = post(client, other, dose, lot="B456", form_key=key)
    also = post(client, other, dose, lot="B456", form_key=key, act="also")

    assert lost.status_code == 409
    assert b"I gave one too" in lost.content and b'value="B456"' in lost.content
    assert b'value="%s"' % key.encode() in lost.content
    assert also.status_code == 302
    extra = Administration.objects.get(dose=None)
    assert (extra.lot, extra.given_by, extra.regimen) == ("B456", other, regimen)
    assert Alert.objects.get().rule == "DOUBLE_INJECTION"


def test_saying_so_twice_records_one(client, nurse, regimen):
    dose, other = next_dose(regimen), a_user(regimen.clinic, "nurse")
    give(regimen, nurse, date(2026, 1, 5))
    key = str(uuid4())

    for _ in range(2):
        assert post(client, other, dose, form_key=key, act="also").status_code == 302

    assert Administration.objects.count() == 2
    assert Alert.objects.count() == 1


def test_saying_so_of_a_dose_that_is_still_owed_fulfils_it(client, nurse, regimen):
    post(client, nurse, next_dose(regimen), act="also")

    assert Administration.objects.get().dose is not None


def test_the_message_leads_to_the_next_patient_and_back_from_an_error(client, nurse, regimen):
    second = a_regimen(a_patient(regimen.clinic, name="Bea Sample"), nurse)
    third = a_regimen(a_patient(regimen.clinic, name="Cal Sample"), nurse)
    dose = next_dose(second)

    page = client_get(client, post(client, nurse, dose).url)
    following = client.get(f"/due/next/?past={dose.due_on}.{dose.pk}")

    assert f"/injections/{Administration.objects.get().public_id}/correct/" in page
    assert f"/due/next/?past={dose.due_on}.{dose.pk}" in page.replace("&amp;", "&")
    assert following.url == f"/due/{next_dose(third).public_id}/given/"


def test_after_a_pinned_one_the_list_follows_from_its_top(client, nurse, regimen):
    dose = next_dose(a_regimen(a_patient(regimen.clinic, name="Bea Sample"), nurse))
    dose = pin(dose)

    page = client_get(client, post(client, nurse, dose).url)

    assert 'href="/due/next/"' in page
    assert client.get("/due/next/").url == f"/due/{next_dose(regimen).public_id}/given/"


def test_a_pinned_one_who_stays_away_does_not_hold_up_the_others(client, nurse, regimen):
    pinned = next_dose(a_regimen(a_patient(regimen.clinic, name="Bea Sample"), nurse))
    third = a_regimen(a_patient(regimen.clinic, name="Cara Sample"), nurse)
    pin(pinned)
    dose = next_dose(regimen)
    signed_in(client, nurse)

    following = client.get(f"/due/next/?past={dose.due_on}.{dose.pk}")

    assert following.url == f"/due/{next_dose(third).public_id}/given/"


def pin(dose):
    Dose.objects.filter(pk=dose.pk).update(
        urgent=True, earliest_on=date(2026, 1, 1), due_on=date(2026, 1, 2), overdue_on=date(2026, 1, 3)
    )
    return Dose.objects.get(pk=dose.pk)


def client_get(client, address):
    return client.get(address).content.decode()


def test_after_the_last_one_the_list_begins_again_and_ends(client, nurse, regimen):
    last = a_regimen(a_patient(regimen.clinic, name="Bea Sample"), nurse)
    dose = next_dose(last)
    signed_in(client, nurse)

    assert client.get(f"/due/next/?past={dose.due_on}.{dose.pk}").url == (
        f"/due/{next_dose(regimen).public_id}/given/"
    )
    assert client.get("/due/next/?q=Nobody&past=2026-01-05.1").url == "/due/?q=Nobody"


@pytest.mark.parametrize(("earliest_on", "is_offered"), [(date(2026, 1, 5), True), (date(2026, 1, 6), False)])
def test_nobody_whose_window_has_not_opened_is_offered_next(client, nurse, earliest_on, is_offered):
    early = next_dose(a_regimen(a_patient(nurse.memberships.get().clinic, name="Wim Week"), nurse))
    Dose.objects.filter(pk=early.pk).update(
        earliest_on=earliest_on, due_on=date(2026, 1, 7), overdue_on=date(2026, 1, 9)
    )

    following = signed_in(client, nurse).get("/due/next/?band=week").url

    assert following == (f"/due/{early.public_id}/given/?band=week" if is_offered else "/due/?band=week")


@pytest.mark.parametrize(
    ("until_on", "words"),
    [(date(2026, 2, 9), "Paused until Mon 9 Feb"), (None, "Paused until a prescriber decides")],
)
def test_one_while_the_regimen_rests_is_told_until_when(client, nurse, regimen, until_on, words):
    pause_regimen(
        regimen=regimen,
        version=regimen.version,
        until_on=until_on,
        reason="Travel",
        by=nurse,
        at=datetime(2026, 1, 5, 11, 0, tzinfo=UTC),
        today=date(2026, 1, 5),
    )

    page = client_get(client, post_extra(client, nurse, regimen.patient).url)

    assert f"{words}; the doses still owed wait until then." in page
    assert "No further dose is planned" not in page
