"""The page of a file that was read: quick, since nothing is weighed for it, and never about another day or layout."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.urls import reverse

from monitoring.models import LabFile, LabProfile, Result
from monitoring.services import read_lab_file
from tests.factories.lab_files import a_csv, a_row, received
from tests.factories.labs import a_result
from tests.factories.people import a_clinic, a_patient, a_user, signed_in

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 1, 14, 16, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def patient():
    return a_patient(a_clinic(), name="Ada Example", record_number="R-1")


@pytest.fixture
def nurse(client, patient):
    return signed_in(client, a_user(patient.clinic, "nurse"))


def page_of(file, fate=""):
    return reverse("monitoring:lab_file", args=[file.public_id]) + (f"?fate={fate}" if fate else "")


def shown(page):
    return [(line.number, line.fate) for line in page.context["lines"]]


def test_a_page_of_today_weighs_nothing(nurse, patient, monkeypatch):
    file = received(patient.clinic, a_csv(a_row(), a_row(unit="kg")))
    monkeypatch.delattr(read_lab_file, "Weighing")

    page = nurse.get(page_of(file))
    assert shown(page) == [(2, "New"), (3, "Not a unit of this test")]
    assert "Weighed on 14 Jan 2026. Every row is weighed again" in page.content.decode()
    assert shown(nurse.get(page_of(file, "bad_unit"))) == [(3, "Not a unit of this test")]
    errors = nurse.get(reverse("monitoring:lab_file_errors", args=[file.public_id]))
    assert len(b"".join(errors.streaming_content).splitlines()) == 2


def test_at_most_200_rows_stand_on_the_page(nurse, patient):
    page = nurse.get(page_of(received(patient.clinic, a_csv(*[a_row(unit="kg")] * 201))))

    assert [number for number, _ in shown(page)] == list(range(2, 202))
    assert "The first 200 are shown." in page.content.decode()


def test_what_was_weighed_on_an_earlier_day_is_weighed_again(client, nurse, patient, clock):
    file = received(patient.clinic, a_csv(a_row(taken_on="2026-01-15")))
    assert shown(nurse.get(page_of(file))) == [(2, "In the future")]

    clock.move_to(datetime(2026, 1, 15, 9, tzinfo=UTC))
    page = signed_in(client, a_user(patient.clinic, "nurse")).get(page_of(file))
    assert (shown(page), page.context["found"].counts) == ([(2, "New")], {"new": 1})
    assert LabFile.objects.get().weighed_on == date(2026, 1, 15)


def test_a_changed_layout_counts_on_the_page(nurse, patient):
    profile = LabProfile.objects.create(clinic=patient.clinic, name="Hill Lab")
    file = received(patient.clinic, a_csv(a_row(unit="")), profile=profile)
    profile.units = {"haemoglobin": "g/L"}
    profile.save()

    assert file.counts == {"no_unit": 1}
    assert shown(nurse.get(page_of(file))) == [(2, "New")]


def test_a_layout_under_which_the_file_cannot_be_read_refuses_it(nurse, patient):
    profile = LabProfile.objects.create(clinic=patient.clinic, name="Hill Lab")
    file = received(patient.clinic, a_csv(a_row()), profile=profile)
    profile.columns = {"value": "Result"}
    profile.save()

    page = nurse.get(page_of(file))
    assert "This file cannot be read." in page.content.decode()
    assert LabFile.objects.get().state == "refused"


def test_a_file_that_came_before_fates_were_kept_is_weighed(nurse, patient):
    file = received(patient.clinic, a_csv(a_row()))
    file.rows.all().delete()
    LabFile.objects.update(weighed_on=None, read_as="")

    assert shown(nurse.get(page_of(file))) == [(2, "New")]


def test_an_import_that_is_refused_shows_the_fates_of_that_moment(nurse, patient):
    file = received(patient.clinic, a_csv(a_row(), a_row(taken_on="2026-01-06")))
    patient.born_on = date(1950, 1, 1)
    patient.save(update_fields=["born_on"])

    page = nurse.post(reverse("monitoring:confirm_lab_file", args=[file.public_id]))
    assert page.status_code == 422
    assert "2 rows are refused, so nothing was imported" in page.content.decode()
    assert shown(page) == [(2, "Date of birth does not match"), (3, "Date of birth does not match")]
    assert not Result.objects.exists()


def test_what_was_typed_since_the_page_was_shown_is_not_imported_twice(nurse, patient):
    file = received(patient.clinic, a_csv(a_row(), a_row(taken_on="2026-01-06")))
    nurse.get(page_of(file))
    a_result(patient, "haemoglobin", "92", "g/L", taken_on=date(2026, 1, 5))

    assert nurse.post(reverse("monitoring:confirm_lab_file", args=[file.public_id])).status_code == 302
    assert Result.objects.count() == 2
    assert LabFile.objects.get().counts == {"same": 1, "new": 1}
