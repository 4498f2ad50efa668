"""What is opened or sent from a page of another clinic stays in that clinic, and leads nobody to a clinic that is not theirs."""

import re
from datetime import UTC, date, datetime
from html import unescape
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse

from regimens.models import Administration
from tests.factories.people import a_clinic, a_patient, a_user, signed_in
from tests.factories.regimens import ANSWERS, a_regimen, next_dose

pytestmark = [pytest.mark.django_db, pytest.mark.data]

TODAY = date(2026, 1, 14)
HERE = "http://testserver"


@pytest.fixture(autouse=True)
def wednesday():
    with time_machine.travel(datetime(2026, 1, 14, 9, 0, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def other():
    return a_clinic(name="Beech Clinic")


@pytest.fixture
def nurse(other):
    """Somebody of both, who works in Alder Clinic: of two the first by name."""
    nurse = a_user(a_clinic(name="Alder Clinic"), "nurse")
    nurse.memberships.create(clinic=other, role="nurse")
    return nurse


@pytest.fixture
def olive(nurse, other):
    return a_regimen(a_patient(other, name="Olive Other"), nurse, starts_on=TODAY)


@pytest.fixture
def linked(other):
    return f"/due/?clinic={other.public_id}"


def follow(client, address, seen_on):
    """As a browser does: each step says where it was pressed. Returns the last address and its answer."""
    answer = client.get(address, headers={"referer": HERE + seen_on})
    while answer.status_code == 302:
        address = answer["Location"]
        answer = client.get(address, headers={"referer": HERE + seen_on})
    return address, answer


def links_of(answer):
    """Every address in the page that leads to a page of ours."""
    found = re.findall(r'href="(/[^"]*)"', answer.content.decode())
    return [unescape(one) for one in found if not one.startswith(("/static/", "/accounts/"))]


def typed():
    return {
        "form_key": str(uuid4()),
        "given_on": "2026-01-14",
        "given_time": "08:30",
        "product": "Hydroxocobalamin 1 mg/mL",
        "lot": "A123",
        "expires_on": "2027-01-31",
        "drug": "hydroxocobalamin",
        "dose_mcg": "1000",
        "route": "im",
        "site": "deltoid",
        "side": "left",
        "authority": "prescription",
        "reaction_grade": "none",
        "reason": "",
        **ANSWERS,
    }


def test_every_link_after_recording_in_another_clinic_s_list_is_found(client, nurse, olive, linked):
    page = f"/due/{next_dose(olive).public_id}/given/{linked.removeprefix('/due/')}"

    answer = signed_in(client, nurse).post(page, typed(), headers={"referer": HERE + page})
    address, listed = follow(client, answer["Location"], page)

    links = {
        label: unescape(url)
        for url, label in re.findall(r'<a href="([^"]+)">([^<]+)</a>', listed.content.decode())
    }
    for label in ("Next on the list", "Score symptoms", "Note a reaction", "Undo: entered in error"):
        landed, opened = follow(client, links[label], address)
        assert (label, opened.status_code) == (label, 200)
        assert "clinic=" in landed, label


def test_every_link_of_a_chart_in_another_clinic_stays_there(client, nurse, other, olive, linked):
    signed_in(client, nurse)
    chart = f"/chart/{olive.patient.public_id}/"
    address, page = follow(client, chart, linked)

    assert (address, page.status_code) == (f"{chart}?clinic={other.public_id}", 200)
    links = links_of(page)
    assert len(links) > 10
    for link in links:
        landed, opened = follow(client, link, address)
        assert (link, opened.status_code) == (link, 200)
        assert f"clinic={other.public_id}" in landed or link == "/clinic/switch/", link


def test_an_entry_is_undone_from_another_clinic_s_list(client, nurse, other, olive, linked):
    page = f"/due/{next_dose(olive).public_id}/given/{linked.removeprefix('/due/')}"
    signed_in(client, nurse).post(page, typed(), headers={"referer": HERE + page})
    entry = Administration.objects.get()

    address, form = follow(client, reverse("regimens:correct", args=[entry.public_id]), linked)
    assert form.status_code == 200
    answer = client.post(
        address, {"form_key": str(uuid4()), "reason": "Wrong row"}, headers={"referer": HERE + address}
    )
    address, chart = follow(client, answer["Location"], address)

    assert Administration.objects.filter(entered_in_error=True).count() == 1
    assert address == f"/chart/{olive.patient.public_id}/?clinic={other.public_id}"
    assert "Marked as entered in error" in chart.content.decode()


def test_a_form_that_names_no_clinic_is_of_the_page_s_clinic(client, nurse, olive, linked):
    answer = signed_in(client, nurse).post(
        f"/due/{next_dose(olive).public_id}/given/", typed(), headers={"referer": HERE + linked}
    )

    assert answer.status_code == 302
    assert Administration.objects.get().patient.name == "Olive Other"


def test_a_page_of_a_stranger_s_clinic_leads_nowhere(client, nurse):
    strange = a_clinic(name="Cedar Clinic")
    regimen = a_regimen(a_patient(strange, name="Sly Stranger"), a_user(strange, "nurse"), starts_on=TODAY)
    signed_in(client, nurse)
    came_from = {"referer": f"{HERE}/due/?clinic={strange.public_id}"}

    assert client.get(f"/chart/{regimen.patient.public_id}/", headers=came_from).status_code == 404
    given = f"/due/{next_dose(regimen).public_id}/given/"
    assert client.post(given, typed(), headers=came_from).status_code == 404
    assert Administration.objects.count() == 0


@pytest.mark.parametrize("site", ["https://elsewhere.example", "http://testserver.example", "http://["])
def test_another_site_s_page_chooses_no_clinic(client, nurse, olive, linked, site):
    chart = f"/chart/{olive.patient.public_id}/"

    assert signed_in(client, nurse).get(chart, headers={"referer": site + linked}).status_code == 404


def test_a_link_that_names_a_clinic_is_of_that_one(client, nurse, olive, linked):
    home = nurse.memberships.get(clinic__name="Alder Clinic").clinic

    address, page = follow(signed_in(client, nurse), f"/due/?clinic={home.public_id}", linked)

    assert address == f"/due/?clinic={home.public_id}"
    assert page.context["rows"] == []


def test_who_looks_at_another_clinic_may_still_work_there_or_at_home(client, nurse, other, linked):
    home = nurse.memberships.get(clinic__name="Alder Clinic").clinic

    page = signed_in(client, nurse).get("/clinic/switch/", headers={"referer": HERE + linked})

    for clinic in (home, other):
        assert f'value="{clinic.public_id}"' in page.content.decode()


def test_the_role_in_the_page_s_clinic_decides(client, nurse, other, olive, linked):
    nurse.memberships.filter(clinic=other).update(role="administrator")
    given = f"/due/{next_dose(olive).public_id}/given/"

    _, page = follow(signed_in(client, nurse), given, linked)

    assert page.status_code == 403
