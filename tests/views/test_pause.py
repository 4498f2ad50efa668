"""The page that pauses a regimen: from today at once, from a later day as a plan that can be called off."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.urls import reverse

from regimens.models import Pause, PlannedPause, Regimen
from tests.factories.people import a_clinic, a_patient, a_user, signed_in
from tests.factories.regimens import a_regimen

pytestmark = [pytest.mark.django_db, pytest.mark.data]


@pytest.fixture(autouse=True)
def thursday():
    with time_machine.travel(datetime(2026, 1, 15, 12, 0, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def doctor():
    return a_user(a_clinic(), "prescriber")


@pytest.fixture
def regimen(doctor):
    return a_regimen(a_patient(doctor.memberships.get().clinic, name="Ada Sample"), doctor)


def send(client, doctor, regimen, **changed):
    regimen.refresh_from_db()
    form = {
        "version": regimen.version,
        "from_on": "2026-01-20",
        "until_on": "2026-02-09",
        "reason": "Travels",
    }
    address = reverse("regimens:pause", args=[regimen.public_id])
    return signed_in(client, doctor).post(address, form | changed, follow=True)


def test_a_journey_to_come_is_planned_told_and_called_off(client, doctor, regimen):
    planned = send(client, doctor, regimen).content
    page = client.get(reverse("regimens:pause", args=[regimen.public_id])).content

    assert b"is paused from 20 Jan until 9 Feb 2026." in planned
    assert b"From Tue 20 Jan until Mon 9 Feb" in page and b"Call off the planned pause" in page
    assert Regimen.objects.get().state == "active"

    regimen.refresh_from_db()
    address = reverse("regimens:call_off_pause", args=[regimen.public_id])
    stale = client.post(address, {"version": "1"})
    off = client.post(address, {"version": f"{regimen.version}"}, follow=True).content
    again = client.post(address, {"version": f"{regimen.version + 1}"}, follow=True).content

    assert stale.status_code == 409
    assert b"The planned pause of Ada Sample is called off." in off and b"Call off the planned" not in off
    assert b"No pause is planned any more." in again
    assert PlannedPause.objects.get().settled_on == date(2026, 1, 15)


def test_from_today_it_rests_at_once(client, doctor, regimen):
    answer = send(client, doctor, regimen, from_on="2026-01-15").content

    assert b"is paused until 9 Feb 2026." in answer
    assert Pause.objects.get().until_on == date(2026, 2, 9)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"from_on": "2026-01-14"}, b"A pause begins today or later."),
        ({"until_on": "2026-01-20"}, b"a later day than the pause begins"),
        ({"from_on": ""}, b"This field is required"),
    ],
)
def test_days_that_do_not_fit_are_told_and_nothing_changes(client, doctor, regimen, changed, sentence):
    answer = send(client, doctor, regimen, **changed)

    assert answer.status_code == 422 and sentence in answer.content
    assert not PlannedPause.objects.exists() and not Pause.objects.exists()
