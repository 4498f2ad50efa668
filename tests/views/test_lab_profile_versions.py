"""Two people change one laboratory at once: the second is told who was first, and keeps what was typed."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.urls import reverse

from b12clinic.accounts.models import AuditEvent
from monitoring.models import LabProfile
from tests.factories.people import a_clinic, a_user, signed_in

pytestmark = pytest.mark.django_db

FORM = {"name": "Hill Lab", "encoding": "utf-8", "decimal_mark": ".", "day_first": "1"}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(datetime(2026, 1, 14, 16, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def nurse(client):
    return signed_in(client, a_user(a_clinic(), "nurse", first_name="Nora", last_name="Example"))


@pytest.fixture
def address(nurse):
    nurse.post(reverse("monitoring:add_lab_profile"), FORM)
    return reverse("monitoring:lab_profile", args=[LabProfile.objects.get().pk])


def text(page):
    return " ".join(page.content.decode().split())


def test_every_save_raises_the_version_that_the_page_carries(nurse, address):
    assert '<input type="hidden" name="version" value="1">' in text(nurse.get(address))
    assert nurse.post(address, FORM | {"version": "1", "codes": "HGB = haemoglobin"}).status_code == 302

    assert LabProfile.objects.get().version == 2
    event = AuditEvent.objects.filter(action="lab_profile.saved").first()
    assert (event.before["version"], event.after["version"]) == (1, 2)


def test_a_save_from_a_stale_page_changes_nothing_and_says_who_was_first(nurse, address):
    nurse.post(address, FORM | {"version": "1", "codes": "HGB = haemoglobin", "column_value": "Result"})
    page = nurse.post(address, FORM | {"version": "1", "units": "haemoglobin = g/dL", "day_first": "0"})

    assert page.status_code == 409
    assert "Nora Example saved this laboratory on 14 Jan 2026 at 16:00, after you opened it" in text(page)
    assert "haemoglobin = g/dL</textarea>" in text(page)
    profile = LabProfile.objects.get()
    assert (profile.version, profile.codes, profile.units) == (2, {"HGB": "haemoglobin"}, {})
    assert [(one["what"], one["was"], one["becomes"]) for one in page.context["changes"]] == [
        ("05/01/2026 is", "5 January", "1 May"),
        ("Tests", "HGB = haemoglobin", ""),
        ("Units", "", "haemoglobin = g/dL"),
        ("Value", "Result", ""),
    ]


def test_what_was_kept_is_saved_when_it_is_sent_again(nurse, address):
    nurse.post(address, FORM | {"version": "1", "codes": "HGB = haemoglobin"})
    typed = FORM | {"units": "haemoglobin = g/dL"}
    page = nurse.post(address, typed | {"version": "1"})

    assert '<input type="hidden" name="version" value="2">' in text(page)
    assert nurse.post(address, typed | {"version": "2"}).status_code == 302
    assert LabProfile.objects.get().units == {"haemoglobin": "g/dL"}


@pytest.mark.parametrize("version", ["", "0", "-1", "one", "9" * 30])
def test_a_page_without_its_version_saves_nothing(nurse, address, version):
    assert nurse.post(address, FORM | {"version": version, "name": "Dale Lab"}).status_code == 409
    assert LabProfile.objects.get().name == "Hill Lab"


def test_a_stale_page_keeps_its_version_while_it_is_put_right(nurse, address):
    nurse.post(address, FORM | {"version": "1", "codes": "HGB = haemoglobin"})
    page = nurse.post(address, FORM | {"version": "1", "codes": "HGB"})

    assert page.status_code == 422
    assert '<input type="hidden" name="version" value="1">' in text(page)
