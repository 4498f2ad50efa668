"""The clinic is in the address: a link shows the list it was made from, to those who work there, and switches nothing."""

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
import time_machine

from regimens.models import SavedView
from tests.factories.people import a_clinic, a_patient, a_user, signed_in
from tests.factories.regimens import a_regimen, next_dose

pytestmark = [pytest.mark.django_db, pytest.mark.data]

TODAY = date(2026, 1, 14)


@pytest.fixture(autouse=True)
def wednesday():
    with time_machine.travel(datetime(2026, 1, 14, 9, 0, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def home():
    return a_clinic(name="Alder Clinic")


@pytest.fixture
def other():
    return a_clinic(name="Beech Clinic")


@pytest.fixture
def nurse(home, other):
    """Somebody of both, who works in Alder Clinic: of two the first by name."""
    nurse = a_user(home, "nurse")
    nurse.memberships.create(clinic=other, role="nurse")
    return nurse


@pytest.fixture
def olive(nurse, other):
    return a_regimen(a_patient(other, name="Olive Other"), nurse, starts_on=TODAY)


def names(answer):
    return [row["name"] for row in answer.context["rows"]]


def test_a_link_shows_the_clinic_it_names_and_the_session_stays_where_it_is(
    client, nurse, home, other, olive
):
    a_regimen(a_patient(home, name="Hal Home"), nurse, starts_on=TODAY)
    link = f"/due/?clinic={other.public_id}"

    answer = signed_in(client, nurse).get(link)

    assert names(answer) == ["Olive Other"]
    body = answer.content.decode()
    assert "This is the list of Beech Clinic. You work in Alder Clinic" in body
    assert "clinic_id" not in client.session
    assert names(client.get("/due/")) == ["Hal Home"]
    assert "This is the list of" not in client.get("/due/").content.decode()
    assert "This is the list of" not in client.get(f"/due/?clinic={home.public_id}").content.decode()


@pytest.mark.parametrize("page", ["/due/", "/due/sheet/", "/due/sheet.csv", "/due/views/", "/due/next/"])
def test_another_s_clinic_is_not_found_nor_is_what_names_none(client, nurse, page):
    stranger = a_clinic()
    signed_in(client, nurse)

    for named in (stranger.public_id, uuid4(), "beech", "%00"):
        assert client.get(f"{page}?clinic={named}").status_code == 404


def test_the_role_in_the_clinic_named_decides(client, nurse, other):
    nurse.memberships.filter(clinic=other).update(role="administrator")

    assert signed_in(client, nurse).get("/due/sheet.csv").status_code == 200
    assert client.get(f"/due/sheet.csv?clinic={other.public_id}").status_code == 403


def test_every_link_of_the_list_names_the_clinic(client, nurse, other, olive):
    context = signed_in(client, nurse).get(f"/due/?clinic={other.public_id}").context

    links = [
        *(tab["url"] for tab in context["tabs"]),
        *(one["url"] for one in context["days"]),
        context["views_url"],
        context["clear_url"],
        context["rows"][0]["chart_url"],
        context["rows"][0]["given_url"],
        context["rows"][0]["call_url"],
    ]
    assert [link for link in links if f"clinic={other.public_id}" not in link] == []
    for link in links:
        assert client.get(link).status_code == 200, link


def test_links_name_the_clinic_of_somebody_with_one_clinic_too(client, home):
    single = a_user(home, "nurse")

    context = signed_in(client, single).get("/due/").context

    assert context["tabs"][0]["url"] == f"/due/?clinic={home.public_id}"
    assert 'id="due-clinic"' not in client.get("/due/").content.decode()


def test_somebody_of_two_clinics_chooses_in_the_filter_bar(client, nurse, other):
    body = signed_in(client, nurse).get(f"/due/?clinic={other.public_id}").content.decode()

    assert 'id="due-clinic"' in body
    assert f'<option value="{other.public_id}" selected>Beech Clinic</option>' in body


def test_a_saved_view_leads_to_the_clinic_it_was_saved_in(client, nurse, other, olive):
    signed_in(client, nurse)
    asked = f"/due/views/?clinic={other.public_id}"

    answer = client.post(asked, {"do": "save", "name": "Mornings", "query": "band=today"})

    view = SavedView.objects.get()
    assert (view.clinic, view.query) == (other, "band=today")
    assert answer["Location"] == f"/due/?band=today&clinic={other.public_id}"
    assert client.get(answer["Location"]).context["views"] == [
        {"name": "Mornings", "url": answer["Location"], "current": True}
    ]
    assert client.get("/due/?band=today").context["views"] == []


def test_the_list_can_be_gone_over_to(client, nurse, other, olive):
    signed_in(client, nurse)
    link = f"/due/?clinic={other.public_id}"

    answer = client.post("/clinic/switch/", {"clinic": str(other.public_id), "next": link}, follow=True)

    assert names(answer) == ["Olive Other"]
    assert client.session["clinic_id"] == other.pk
    assert "This is the list of" not in answer.content.decode()


def test_an_injection_is_recorded_from_a_linked_list(client, nurse, other, olive):
    dose = next_dose(olive)

    answer = signed_in(client, nurse).get(f"/due/{dose.public_id}/given/?clinic={other.public_id}")

    assert answer.status_code == 200
    assert client.get(f"/due/{dose.public_id}/given/").status_code == 404
