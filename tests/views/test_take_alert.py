"""An alert is taken where it is seen: on the worklist and on the chart, with its owner beside it."""

from datetime import date

import pytest
from django.urls import reverse

from tests.factories.labs import an_alert
from tests.factories.people import a_clinic, a_patient, a_user, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def alert():
    return an_alert(a_patient(a_clinic(), name="Ada Example"))


@pytest.fixture
def nurse(client, alert):
    return signed_in(client, a_user(alert.clinic, "nurse", first_name="Nia", last_name="Example"))


def take_url(alert):
    return reverse("monitoring:take_alert", args=[alert.public_id])


def pages(alert):
    return reverse("regimens:worklist"), reverse("regimens:chart", args=[alert.patient.public_id])


def text(page):
    return " ".join(page.content.decode().split())


@pytest.mark.parametrize("place", [0, 1])
def test_a_free_alert_has_a_button_and_after_it_its_owner(nurse, alert, place):
    page = pages(alert)[place]
    shown = text(nurse.get(page))
    assert f'formaction="{take_url(alert)}"' in shown
    assert "Unassigned" in shown

    answer = nurse.post(take_url(alert), {"next": page})

    assert answer.url == page
    shown = text(nurse.get(page))
    assert take_url(alert) not in shown
    assert "Unassigned" not in shown
    assert "You" in shown


@pytest.mark.parametrize("place", [0, 1])
def test_the_owner_is_named_to_others_who_have_no_button(client, alert, place):
    alert.owner = a_user(alert.clinic, first_name="Robin", last_name="Example")
    alert.save()
    other = signed_in(client, a_user(alert.clinic, "nurse"))

    shown = text(other.get(pages(alert)[place]))

    assert "Robin Example" in shown
    assert take_url(alert) not in shown


def test_of_two_the_second_is_told_who_was_first(nurse, alert):
    alert.owner = a_user(alert.clinic, first_name="Robin", last_name="Example")
    alert.save()

    answer = nurse.post(take_url(alert), {"next": "/worklist/"})

    assert answer.status_code == 409
    assert "Robin Example has taken this alert." in text(answer)


def test_it_goes_on_to_no_other_site(nurse, alert):
    answer = nurse.post(take_url(alert), {"next": "https://elsewhere.example/"})

    assert answer.url == reverse("regimens:chart", args=[alert.patient.public_id])


@pytest.mark.parametrize(
    ("left", "said"),
    [
        ({}, ""),
        ({"died_on": date(2026, 11, 3)}, "Died 3 Nov 2026"),
        ({"moved_on": date(2026, 11, 4)}, "Moved away 4 Nov 2026"),
    ],
)
def test_the_worklist_says_that_the_patient_of_an_alert_has_left(nurse, alert, left, said):
    for name, value in left.items():
        setattr(alert.patient, name, value)
    alert.patient.save()

    shown = (
        text(nurse.get(pages(alert)[0]))
        .partition("Alerts that somebody must see")[2]
        .partition("</table>")[0]
    )

    assert "Ada Example" in shown
    assert said in shown
    assert ("chip-stopped" in shown) is bool(said)


@pytest.mark.parametrize("place", [0, 1])
def test_an_administrator_takes_none(client, alert, place):
    admin = signed_in(client, a_user(alert.clinic, "administrator"))

    assert take_url(alert) not in text(admin.get(pages(alert)[place]))
    assert admin.post(take_url(alert)).status_code == 403


def test_an_alert_of_another_clinic_is_not_found(client, alert):
    stranger = signed_in(client, a_user(a_clinic(), "nurse"))

    assert stranger.post(take_url(alert)).status_code == 404
    assert stranger.get(take_url(alert)).status_code == 405
