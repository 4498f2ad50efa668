"""The page that records: what it begins with, what it fills in when asked, and what it refuses."""

import re
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.urls import reverse

from regimens.models import Administration, Direction
from tests.factories.people import a_clinic, a_patient, a_user, signed_in
from tests.factories.regimens import EVERY_THREE_MONTHS, a_regimen, give, next_dose
from tests.views.test_record_injection import post, typed

pytestmark = [pytest.mark.django_db, pytest.mark.data]

NOON = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
SCAN = "0105012345678900172610"


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def nurse():
    return a_user(a_clinic(), "nurse", first_name="Sam", last_name="Example")


@pytest.fixture
def clinic(nurse):
    return nurse.memberships.get().clinic


@pytest.fixture
def regimen(clinic, nurse):
    return a_regimen(a_patient(clinic, name="Ada Sample"), nurse)


def address(regimen):
    return reverse("regimens:record_given", args=[next_dose(regimen).public_id])


def opened(client, nurse, regimen):
    return signed_in(client, nurse).get(address(regimen)).content.decode()


def chosen(page, name):
    """The values that stand chosen in a field of one choice."""
    field = re.search(rf'<select[^>]*name="{name}".*?</select>', page, re.S)[0]
    return re.findall(r'value="([^"]*)"\s+selected', field)


def direct(regimen, by, until_on):
    Direction.objects.create(
        regimen=regimen,
        from_on=date(2026, 1, 1),
        until_on=until_on,
        by=by,
        at=datetime(2026, 1, 1, tzinfo=UTC),
    )


def test_no_clinical_statement_is_chosen_beforehand(client, nurse, regimen):
    page = opened(client, nurse, regimen)

    assert "checked" not in re.sub(r'"[^"]*"', "", page.split('id="injection"')[1])
    assert [chosen(page, name) for name in ("site", "side", "reaction_grade")] == [[""], [""], [""]] or [
        chosen(page, name) for name in ("site", "side", "reaction_grade")
    ] == [[], [], []]


def test_the_first_question_alone_takes_the_focus(client, nurse, regimen):
    page = opened(client, nurse, regimen)

    assert page.count("autofocus") == 1
    assert re.search(r'name="identity"[^>]*value="name"[^>]*autofocus', page)
    assert "autofocus" not in post(client, nurse, next_dose(regimen), lot="").content.decode()


def test_signed_by_a_prescriber_the_authority_is_the_prescription(client, nurse, clinic):
    prescriber = a_user(clinic, "prescriber")

    page = opened(client, nurse, a_regimen(a_patient(clinic), prescriber))

    assert chosen(page, "authority") == ["prescription"]
    assert "<dt>Authority</dt><dd>Signed prescription</dd>" in page


def test_signed_by_nobody_who_may_the_authority_is_left_open(client, nurse, regimen):
    assert chosen(opened(client, nurse, regimen), "authority") in ([], [""])


@pytest.mark.parametrize(
    ("until_on", "authority", "words"),
    [
        (date(2026, 1, 5), "psd", "Direction valid until Mon 5 Jan, by Robin Example"),
        (date(2026, 1, 4), "prescription", "Signed prescription"),
    ],
    ids=["last day", "over"],
)
def test_a_direction_in_force_stands_on_the_page_and_is_the_authority(
    client, nurse, clinic, until_on, authority, words
):
    prescriber = a_user(clinic, "prescriber", first_name="Robin", last_name="Example")
    regimen = a_regimen(a_patient(clinic), prescriber)
    direct(regimen, prescriber, until_on)

    page = opened(client, nurse, regimen)

    assert chosen(page, "authority") == [authority]
    assert f"<dt>Authority</dt><dd>{words}</dd>" in page


def test_the_next_place_is_filled_in_by_its_button(client, nurse, regimen):
    give(regimen, nurse, date(2026, 1, 5))
    page = opened(client, nurse, regimen)
    assert "Use right deltoid" in page and 'value="place:deltoid:right"' in page

    filled = client.post(
        address(regimen), typed(act="place:deltoid:right", site="", side="")
    ).content.decode()

    assert (chosen(filled, "site"), chosen(filled, "side")) == (["deltoid"], ["right"])
    assert Administration.objects.count() == 1


@pytest.mark.parametrize("act", ["place:", "place:nowhere:up", "place"])
def test_a_place_that_is_none_fills_in_nothing(client, nurse, regimen, act):
    answer = signed_in(client, nurse).post(address(regimen), typed(act=act, site="", side=""))

    assert answer.status_code == 200 and not Administration.objects.exists()


def test_the_dorsogluteal_site_stands_last_and_says_so(client, nurse, regimen):
    page = opened(client, nurse, regimen)
    sites = re.findall(r"<option[^>]*>([^<]*)</option>", re.search(r'name="site".*?</select>', page, re.S)[0])

    assert sites[-1] == "Dorsogluteal, not recommended"
    assert "Dorsogluteal is not recommended. Source: secondary summaries of injection technique" in page


@pytest.mark.parametrize("field", ["product", "lot", "needle"])
def test_a_scan_in_another_field_is_refused(client, nurse, regimen, field):
    answer = post(client, nurse, next_dose(regimen), **{field: SCAN})

    assert answer.status_code == 422 and b"This is the code of a box" in answer.content
    assert not Administration.objects.exists()


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"given_time": "12:00"}, 422),
        ({"given_time": "11:59"}, 302),
        ({"given_time": ""}, 302),
        ({"given_time": "12:00", "clock": ""}, 302),
        ({"given_on": "2026-01-05", "given_time": "12:00"}, 302),
        ({"given_on": "2026-01-05", "given_time": ""}, 422),
    ],
    ids=["the page's clock", "another time", "none", "confirmed", "today", "today without one"],
)
def test_another_day_does_not_keep_the_clock_of_the_page(client, nurse, regimen, changed, status):
    form = {"given_on": "2026-01-04", "clock": "12:00", "reason": "Came to light today"} | changed

    assert post(client, nurse, next_dose(regimen), **form).status_code == status


def test_sent_once_more_the_time_is_confirmed(client, nurse, regimen):
    form = {"given_on": "2026-01-04", "given_time": "12:00", "reason": "Came to light today"}

    page = post(client, nurse, next_dose(regimen), clock="12:00", **form).content.decode()

    assert "12:00 is when this page was opened. Was it given at that time on 04 Jan 2026?" in page
    assert re.search(r'name="clock"(?![^>]*value="12:00")', page)


@pytest.mark.parametrize(
    ("today", "words"),
    [
        (7, b"Next injection Fri 9 Jan"),
        (9, b"The next injection is due today."),
        (10, b"The next injection is due since Fri 9 Jan."),
    ],
)
def test_a_next_dose_that_is_due_already_is_said_to_be(client, nurse, regimen, today, words):
    give(regimen, nurse, date(2026, 1, 5))
    with time_machine.travel(datetime(2026, 1, today, 12, 0, tzinfo=UTC), tick=False):
        answer = post(client, nurse, next_dose(regimen), given_on="2026-01-07", reason="Late in the book")
        assert words in client.get(answer.url).content


def test_the_maintenance_dose_that_follows_lies_ahead(client, nurse, clinic):
    regimen = a_regimen(a_patient(clinic), nurse, EVERY_THREE_MONTHS)

    answer = post(client, nurse, next_dose(regimen))

    assert b"Next injection" in client.get(answer.url).content


def test_a_lot_used_with_two_expiry_dates_is_suggested_once(client, nurse, regimen):
    other = a_regimen(a_patient(regimen.clinic, name="Bea Sample"), nurse)
    give(other, nurse, date(2026, 1, 5), lot="B777", expires_on=date(2027, 1, 31))
    give(other, nurse, date(2026, 1, 5), lot="B777", expires_on=date(2027, 2, 28))

    suggested = re.search(r'<datalist id="lots">(.*?)</datalist>', opened(client, nurse, regimen), re.S)[1]

    assert suggested.count('value="B777"') == 1
    assert "28 Feb 2027" in suggested
