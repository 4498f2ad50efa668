"""The unit that a laboratory used last is kept with it, whether its report was typed or its file imported."""

from datetime import date

import pytest

from b12clinic.accounts.models import AuditEvent
from monitoring.interpretation.entry import Entry
from monitoring.models import LabProfile, ReportedUnit
from monitoring.services.import_lab_file import import_lab_file
from monitoring.services.record_results import record_results
from tests.factories.lab_files import AT, TODAY, a_csv, a_row, received
from tests.factories.people import a_clinic, a_patient, a_user

pytestmark = [pytest.mark.django_db, pytest.mark.data]

MCV = {"code": "787-2", "value": "104", "unit": "fL", "range": ""}


@pytest.fixture
def patient():
    return a_patient(a_clinic(), name="Ada Example", record_number="R-1")


@pytest.fixture
def hill(patient):
    return LabProfile.objects.create(clinic=patient.clinic, name="Hill Lab")


def imported(patient, *rows, profile=None):
    file = received(patient.clinic, a_csv(*rows), profile=profile)
    return import_lab_file(file=file, accept_partial=False, by=None, at=AT, today=TODAY)


def recorded(patient, *entries, laboratory=None, day=5):
    return record_results(
        patient=patient,
        taken_on=date(2026, 1, day),
        entries=entries,
        laboratory=laboratory,
        by=a_user(patient.clinic, "nurse"),
        at=AT,
        today=TODAY,
    )


def kept():
    rows = ReportedUnit.objects.order_by("laboratory__name", "analyte")
    return list(rows.values_list("laboratory__name", "analyte", "unit"))


def test_the_units_of_a_typed_report_are_kept_and_words_have_none(patient, hill):
    haemoglobin = Entry(analyte="haemoglobin", value="13.1", unit="g/dL")
    antibody = Entry(analyte="intrinsic_factor_antibody", value="negative")

    recorded(patient, haemoglobin, antibody, laboratory=hill)

    assert kept() == [("Hill Lab", "haemoglobin", "g/dL")]
    assert AuditEvent.objects.get(action="results.recorded").after["laboratory"] == "Hill Lab"


def test_the_last_unit_takes_the_place_of_the_one_before(patient, hill):
    recorded(patient, Entry(analyte="haemoglobin", value="13.1", unit="g/dL"), laboratory=hill)
    recorded(patient, Entry(analyte="haemoglobin", value="128", unit="g/L"), laboratory=hill, day=6)

    assert kept() == [("Hill Lab", "haemoglobin", "g/L")]


def test_of_no_laboratory_nothing_is_kept(patient):
    recorded(patient, Entry(analyte="haemoglobin", value="13.1", unit="g/dL"))
    imported(patient, a_row())

    assert kept() == []


def test_a_file_counts_for_its_laboratory_and_its_last_row_for_the_test(patient, hill):
    vale = LabProfile.objects.create(clinic=patient.clinic, name="Vale Lab")
    in_grams_per_decilitre = a_row(taken_on="2026-01-07", value="13.1", unit="g/dL", range="11.5-16.5")

    imported(patient, a_row(), a_row(**MCV), in_grams_per_decilitre, profile=hill)
    imported(patient, a_row(taken_on="2026-01-08"), profile=vale)

    assert kept() == [
        ("Hill Lab", "haemoglobin", "g/dL"),
        ("Hill Lab", "mcv", "fL"),
        ("Vale Lab", "haemoglobin", "g/L"),
    ]
