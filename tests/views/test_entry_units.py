"""The grid offers the units that a laboratory reported last; what is offered is shown, changed at will, and never slips in."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.urls import reverse

from monitoring.models import LabProfile, ReportedUnit, Result
from tests.factories.people import a_clinic, a_patient, a_user, signed_in

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def patient():
    return a_patient(a_clinic(), name="Ada Example")


@pytest.fixture
def nurse(client, patient):
    return signed_in(client, a_user(patient.clinic, "nurse"))


@pytest.fixture
def hill(patient):
    return LabProfile.objects.create(clinic=patient.clinic, name="Hill Lab")


@pytest.fixture
def vale(patient):
    return LabProfile.objects.create(clinic=patient.clinic, name="Vale Lab")


def address(patient):
    return reverse("monitoring:enter", args=[patient.public_id])


def typed(row, **fields):
    return {f"{row}-{name}": value for name, value in fields.items()}


def send(client, patient, laboratory, *rows, units_of="", **more):
    data = {
        "taken_on": "2026-11-20",
        "laboratory": laboratory.pk if laboratory else "",
        "units_of": units_of and units_of.pk,
    }
    for row in (*rows, more):
        data |= row
    return client.post(address(patient), data)


def units(page):
    rows = page.context["grid"].rows
    return {row.key: row["unit"].value() for row in rows if "unit" in row.fields and row["unit"].value()}


HAEMOGLOBIN = typed("haemoglobin-0", value="13.1", unit="g/dL")
ONLY_ONE = {"active_b12-0", "egfr-0", "mcv-0", "transferrin_saturation-0"}


def test_the_first_time_no_unit_is_offered_and_one_must_be_chosen(nurse, patient, hill):
    send(nurse, patient, hill, offer="units")
    assert set(units(nurse.get(address(patient)))) == ONLY_ONE

    page = send(
        nurse, patient, hill, typed("haemoglobin-0", value="13.1", unit="", offered=""), units_of=hill
    )

    assert page.status_code == 422
    assert "Haemoglobin has no unit" in page.content.decode()


def test_the_unit_reported_last_by_the_laboratory_is_offered_and_said_to_be(nurse, patient, hill):
    send(nurse, patient, hill, HAEMOGLOBIN)

    page = nurse.get(address(patient))

    assert units(page)["haemoglobin-0"] == "g/dL"
    assert page.context["grid"].visit["laboratory"].value() == hill.pk
    assert page.content.decode().count("as last reported") == 1


def test_the_newest_report_is_the_one_that_is_followed(nurse, patient, hill):
    send(nurse, patient, hill, HAEMOGLOBIN)
    send(nurse, patient, hill, typed("haemoglobin-0", value="128", unit="g/L", offered="g/dL"), units_of=hill)

    assert units(nurse.get(address(patient)))["haemoglobin-0"] == "g/L"


def test_another_laboratory_of_the_clinic_has_units_of_its_own(nurse, patient, hill, vale):
    send(nurse, patient, hill, HAEMOGLOBIN)

    page = send(nurse, patient, vale, offer="units")

    assert page.status_code == 200
    assert set(units(page)) == ONLY_ONE


def test_no_laboratory_remembers_nothing(nurse, patient, hill):
    send(nurse, patient, None, HAEMOGLOBIN)

    assert not ReportedUnit.objects.exists()
    assert set(units(nurse.get(address(patient)))) == ONLY_ONE


def test_a_unit_that_somebody_confirmed_for_the_laboratorys_files_is_offered_until_it_reports_another(
    nurse, patient, hill
):
    hill.units = {"haemoglobin": "g/L"}
    hill.save()
    assert units(send(nurse, patient, hill, offer="units"))["haemoglobin-0"] == "g/L"
    send(nurse, patient, hill, HAEMOGLOBIN, units_of=hill)

    assert units(nurse.get(address(patient)))["haemoglobin-0"] == "g/dL"


def test_what_is_only_offered_records_nothing(nurse, patient, hill):
    ReportedUnit.objects.create(laboratory=hill, analyte="potassium", unit="mmol/L")
    untouched = typed("potassium-0", value="", unit="mmol/L", offered="mmol/L")

    send(nurse, patient, hill, HAEMOGLOBIN, untouched, units_of=hill)

    assert list(Result.objects.values_list("analyte", "unit")) == [("haemoglobin", "g/dL")]


def test_a_value_under_an_offered_unit_that_fits_two_still_wants_its_reason(nurse, patient, hill):
    ReportedUnit.objects.create(laboratory=hill, analyte="total_b12", unit="ng/L")

    page = send(
        nurse, patient, hill, typed("total_b12-0", value="205", unit="ng/L", offered="ng/L"), units_of=hill
    )

    assert page.status_code == 422
    assert "205 is an everyday B12 in ng/L and in pmol/L" in page.content.decode()
    assert not Result.objects.exists()


def test_a_laboratory_changed_at_the_end_brings_its_units_to_be_looked_at_first(nurse, patient, hill, vale):
    ReportedUnit.objects.create(laboratory=vale, analyte="haemoglobin", unit="g/L")
    offered = typed("haemoglobin-0", value="131", unit="g/dL", offered="g/dL")

    page = send(nurse, patient, vale, offered, units_of=hill)

    assert page.status_code == 422
    assert "look at each against the report" in page.content.decode()
    assert units(page)["haemoglobin-0"] == "g/L"
    assert not Result.objects.exists()
    shown = typed("haemoglobin-0", value="131", unit="g/L", offered="g/L")
    assert send(nurse, patient, vale, shown, units_of=vale).status_code == 302


def test_a_unit_chosen_by_hand_stays_when_the_laboratory_changes(nurse, patient, hill, vale):
    by_hand = typed("haemoglobin-0", value="13.1", unit="g/dL", offered="g/L")

    assert send(nurse, patient, vale, by_hand, units_of=hill).status_code == 302
    assert Result.objects.get().unit == "g/dL"


def test_a_row_for_another_sample_comes_with_the_unit_offered(nurse, patient, hill):
    ReportedUnit.objects.create(laboratory=hill, analyte="potassium", unit="mmol/L")

    page = send(nurse, patient, hill, units_of=hill, add="row", add_analyte="potassium")

    assert page.status_code == 200
    assert units(page)["potassium-1"] == "mmol/L"


def test_the_choice_is_kept_for_the_clinic_in_which_it_was_made(client, nurse, patient, hill):
    send(nurse, patient, hill, HAEMOGLOBIN)
    elsewhere = a_patient(a_clinic())
    a_user(elsewhere.clinic, "nurse")
    other = signed_in(client, a_user(elsewhere.clinic, "nurse"))

    page = other.get(address(elsewhere))

    assert page.context["grid"].laboratory is None
    assert "Hill Lab" not in page.content.decode()


def test_a_laboratory_of_another_clinic_is_none(nurse, patient):
    stranger = LabProfile.objects.create(clinic=a_clinic(), name="Far Lab")

    page = send(nurse, patient, stranger, HAEMOGLOBIN)

    assert page.status_code == 422
    assert not Result.objects.exists()
    assert not ReportedUnit.objects.exists()


def test_a_clinic_without_laboratories_is_told_where_to_add_one(nurse, patient):
    text = nurse.get(address(patient)).content.decode()

    assert reverse("monitoring:add_lab_profile") in text
    assert "Offer its units" not in text
