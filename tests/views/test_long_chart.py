"""The chart of ten years with monthly labs and injections: few queries, and pictures that stay small."""

from datetime import date

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories.labs import a_recheck
from tests.factories.long_course import ten_years
from tests.factories.people import a_clinic, a_patient, a_user, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.data]


@pytest.fixture
def patient(client):
    doctor = a_user(a_clinic(), "prescriber")
    signed_in(client, doctor)
    patient = a_patient(doctor.memberships.get().clinic)
    ten_years(patient, doctor)
    return patient


def read(client, patient, name="chart"):
    with time_machine.travel("2026-01-06 09:00:00+00:00", tick=False):
        return client.get(reverse(f"regimens:{name}", args=[patient.public_id]))


def test_the_chart_of_ten_years_takes_at_most_20_queries(client, patient):
    read(client, patient)
    with CaptureQueriesContext(connection) as caught:
        assert read(client, patient).status_code == 200
    print(len(caught))
    assert len(caught) <= 20


def test_what_was_changed_is_shown_from_the_newest_and_whole_when_asked(client, patient):
    answer = read(client, patient)
    assert len(answer.context["page"]["history"]) == 12
    assert "Show all changes, 1 more" in answer.content.decode()
    with time_machine.travel("2026-01-06 09:00:00+00:00", tick=False):
        address = reverse("regimens:chart", args=[patient.public_id])
        assert len(client.get(f"{address}?history=all").context["page"]["history"]) == 13


def test_rechecks_done_long_ago_give_way_and_those_waited_for_stay(client, patient):
    for year in range(2010, 2026):
        done = {"state": "done", "ended_on": date(year, 1, 5)} if year > 2010 else {}
        a_recheck(patient, "fbc", due_on=date(year, 1, 4), **done)
    shown = [row["due"] for row in read(client, patient).context["page"]["rechecks"]]
    assert len(shown) == 13
    assert shown[:2] == ["Mon 4 Jan 2010", "Sat 4 Jan 2014"]


def test_ten_years_are_drawn_with_every_injection(client, patient):
    picture = read(client, patient, "response").context["picture"]
    assert picture["doses"]["words"] == "Injections: 108 given, 12 given late, 0 missed."
    assert len(picture["charts"]) == 9
    assert [tick["label"] for tick in picture["ticks"]] == ["day 0", "2 y", "4 y", "6 y", "8 y", "10 y"]


def test_the_chart_shows_the_newest_injections_and_all_of_them_when_asked(client, patient):
    answer = read(client, patient)
    assert len(answer.context["page"]["injections"]) == 12
    assert "Show all injections, 108 more" in answer.content.decode()
    with time_machine.travel("2026-01-06 09:00:00+00:00", tick=False):
        address = reverse("regimens:chart", args=[patient.public_id])
        assert len(client.get(f"{address}?injections=all").context["page"]["injections"]) == 120


def test_the_chart_says_the_response_and_leaves_its_pictures_to_an_address_of_their_own(client, patient):
    html = read(client, patient).content.decode()
    assert "Response on day 3655: adequate." in html
    assert f'hx-get="/chart/{patient.public_id}/response/picture/"' in html
    assert f'href="/chart/{patient.public_id}/response/">See it on one time axis' in html
    assert "<svg xmlns" not in html


def test_the_pictures_of_the_chart_show_what_decides(client, patient):
    charts = read(client, patient, "response_picture").context["picture"]["charts"]
    assert [one["name"] for one in charts] == [
        "Haemoglobin",
        "Mean cell volume",
        "Methylmalonic acid",
        "Symptoms",
    ]
