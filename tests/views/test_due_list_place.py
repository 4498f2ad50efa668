"""The way back to the list: the row that was worked on, or the one that followed it, has the focus."""

import re
from datetime import UTC, date, datetime

import pytest
import time_machine

from regimens.models import ContactAttempt
from tests.factories.people import a_clinic, a_patient, a_user, signed_in
from tests.factories.regimens import a_regimen, give, next_dose

pytestmark = [pytest.mark.django_db, pytest.mark.data]

TODAY = date(2026, 1, 14)


@pytest.fixture(autouse=True)
def wednesday():
    with time_machine.travel(datetime(2026, 1, 14, 12, 0, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def nurse():
    return a_user(a_clinic(), "nurse")


@pytest.fixture
def clinic(nurse):
    return nurse.memberships.get().clinic


def regimens(clinic, nurse, *names, **fields):
    given = {"starts_on": TODAY} | fields
    return [a_regimen(a_patient(clinic, name=name), nurse, **given) for name in names]


def focused(answer):
    rows = [*answer.context["pinned"], *answer.context["rows"]]
    return [row["name"] for row in rows if row["is_place"]]


def row_of(client, name, query=""):
    context = client.get(f"/due/{query}").context
    return next(row for row in [*context["pinned"], *context["rows"]] if row["name"] == name)


def test_nothing_has_the_focus_until_one_comes_back(client, nurse, clinic):
    regimens(clinic, nurse, "Ada One", "Bea Two")

    answer = signed_in(client, nurse).get("/due/")

    assert focused(answer) == []
    assert "<tr data-row>" in answer.content.decode()


def test_back_from_the_form_leads_to_the_same_row(client, nurse, clinic):
    regimens(clinic, nurse, "Ada One", "Bea Two", "Cal Three")
    form = signed_in(client, nurse).get(row_of(client, "Bea Two", "?band=today")["not_given_url"])

    answer = client.get(form.context["back"])

    assert focused(answer) == ["Bea Two"]
    assert re.search(
        r'<tr data-row tabindex="-1" autofocus>\s*<th scope="row"><a [^>]*>Bea Two', answer.content.decode()
    )
    assert answer.context["asked"].band.value == "today"
    assert "at=" not in answer.context["tabs"][0]["url"]
    assert row_of(client, "Ada One")["given_url"].count("at=") == 1


def test_after_recording_the_row_that_followed_has_the_focus(client, nurse, clinic):
    _, bea, _ = regimens(clinic, nurse, "Ada One", "Bea Two", "Cal Three")
    back = signed_in(client, nurse).get(row_of(client, "Bea Two")["given_url"]).context["back"]
    give(bea, nurse, TODAY)

    assert focused(client.get(back)) == ["Cal Three"]


def test_after_the_last_row_the_one_before_has_it(client, nurse, clinic):
    *_, cal = regimens(clinic, nurse, "Ada One", "Bea Two", "Cal Three")
    back = signed_in(client, nurse).get(row_of(client, "Cal Three")["given_url"]).context["back"]
    give(cal, nurse, TODAY)

    assert focused(client.get(back)) == ["Bea Two"]


def test_after_a_pinned_one_the_next_pinned_one_has_it(client, nurse, clinic):
    nell, _ = regimens(
        clinic, nurse, "Nell Nerve", "Ned Nerve", starts_on=date(2026, 1, 8), neurological=True
    )
    regimens(clinic, nurse, "Ada One", starts_on=date(2026, 1, 9))
    back = signed_in(client, nurse).get(row_of(client, "Nell Nerve")["given_url"]).context["back"]
    give(nell, nurse, TODAY)

    assert focused(client.get(back)) == ["Ned Nerve"]


@pytest.mark.parametrize("place", ["x", "2026-01-14", "2026-01-14.x", "2026-01-14.-1", ".p"])
def test_a_place_that_cannot_be_read_marks_no_row(client, nurse, clinic, place):
    regimens(clinic, nurse, "Ada One")

    assert focused(signed_in(client, nurse).get(f"/due/?at={place}")) == []


def test_a_call_is_recorded_from_the_row_and_leads_back_to_it(client, nurse, clinic):
    [ada, _] = regimens(clinic, nurse, "Ada One", "Bea Two")
    ada.patient.phone = "020 7946 0001"
    ada.patient.save()
    row = row_of(signed_in(client, nurse), "Ada One", "?band=today")
    assert (row["phone"], row["phone_url"]) == ("020 7946 0001", "tel:02079460001")
    assert row_of(client, "Bea Two")["phone_url"] == ""
    key = client.get(row["call_url"]).context["form"]["form_key"].value()

    answer = client.post(
        row["call_url"],
        {"form_key": key, "channel": "phone", "outcome": "no_answer", "on": "2026-01-14", "note": ""},
    )

    assert ContactAttempt.objects.get().dose == next_dose(ada)
    assert answer["Location"].startswith("/due/?band=today&at=2026-01-14.")
    assert focused(client.get(answer["Location"])) == ["Ada One"]
