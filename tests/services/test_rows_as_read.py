"""What is kept of a file between its coming and its import: written at once where it is plain, weighed again in any case."""

from collections import Counter
from datetime import date

import pytest
from django.db import connection

from b12clinic.patients.models import PatientIdentifier
from monitoring.models import LabFile, LabProfile, ReadRow, Result, WaitingRow
from monitoring.services import import_lab_file as importing
from monitoring.services.import_lab_file import NotImported, import_lab_file
from monitoring.services.write_plain_rows import write_plain_rows
from tests.factories.lab_files import AT, TODAY, a_csv, a_row, received
from tests.factories.labs import a_result
from tests.factories.people import a_clinic, a_patient

pytestmark = [pytest.mark.django_db, pytest.mark.data]

MCV = {"code": "mcv", "unit": "fL", "range": ""}


@pytest.fixture
def clinic():
    return a_clinic()


@pytest.fixture
def patient(clinic):
    return a_patient(clinic, name="Ada Example", record_number="R-1")


def imported(file, *, partial=True):
    return import_lab_file(file=file, accept_partial=partial, by=None, at=AT, today=TODAY)


def mixed(clinic):
    """A clinic with two patients and a result on file, and a file with every way in which rows may touch each other."""
    ada = a_patient(clinic, name="Ada Example", record_number="R-1")
    PatientIdentifier.objects.create(patient=ada, clinic=clinic, scheme="bsn", value="111222333")
    a_patient(clinic, name="Eve Example", record_number="R-2")
    a_result(ada, "mcv", "92", "fL", taken_on=date(2026, 1, 4))
    return received(
        clinic,
        a_csv(
            a_row(source_id="L1", value="92.40"),
            a_row(source_id="L2", taken_on="2026-01-06", value="<130"),
            a_row(source_id="L2", taken_on="2026-01-06", value="131", status="C"),
            a_row(source_id="L3", taken_on="2026-01-07"),
            a_row(source_id="L4", taken_on="2026-01-07", identifier="111222333"),
            a_row(taken_on="2026-01-08", code="31444-3", value="Positive", unit="", range=""),
            a_row(taken_on="2026-01-09", value="9.2", unit="g/dL", range="11.5-16.5"),
            a_row(taken_on="2026-01-04", **MCV),
            a_row(taken_on="2026-01-04", identifier="R-2", **MCV),
            a_row(identifier="R-9"),
            a_row(unit="kg"),
            a_row(taken_on="2026-01-15"),
            a_row(born_on="1950-01-01"),
        ),
    )


def written(file):
    """Everything that an import writes of a file's results, without the numbers that it draws."""
    columns = (
        "patient__name", "analyte", "taken_on", "reported_value", "comparator", "unit", "number", "coded", "canonical",
        "reference_low", "reference_high", "supersedes__reported_value", "why", "unit_confirmed_because",
        "entered_in_error", "recorded_by", "inbox_item__abnormal", "inbox_item__critical",
        "inbox_item__arrived_at", "inbox_item__acknowledged_at", "inbox_item__note",
    )  # fmt: skip
    assert set(file.results.values_list("inbox_item__clinic", flat=True)) == {file.clinic_id}
    results = sorted(file.results.values_list(*columns), key=str)
    return results, list(file.waiting.values_list("number", "fate", "sentence", "said"))


def test_plain_rows_are_written_as_rows_weighed_one_by_one_are(monkeypatch):
    at_once = imported(mixed(a_clinic()))
    monkeypatch.setattr(importing, "write_plain_rows", lambda **_: Counter())
    one_by_one = imported(mixed(a_clinic()))

    assert at_once.counts == one_by_one.counts
    assert at_once.counts == {
        "new": 6, "changed": 1, "duplicate": 1, "same": 1, "unknown_patient": 1, "bad_unit": 1, "future": 1, "birth_date": 1,
    }  # fmt: skip
    assert written(at_once) == written(one_by_one)


@pytest.mark.skipif(
    connection.vendor != "postgresql", reason="only PostgreSQL writes plain rows in one statement"
)
def test_only_rows_that_touch_no_other_row_are_plain(clinic):
    file = mixed(clinic)

    assert sum(write_plain_rows(file=file, by_id=None, at=AT, today=TODAY).values()) == 4
    assert sorted(file.results.values_list("reported_value", flat=True)) == ["9.2", "92", "92.40", "Positive"]


def test_an_import_takes_no_more_queries_for_more_plain_rows(patient, django_assert_max_num_queries):
    days = [a_row(taken_on=f"2026-01-{day:02}") for day in range(1, 15)]
    file = received(patient.clinic, a_csv(*days))

    with django_assert_max_num_queries(24):
        imported(file)
    assert Result.objects.count() == 14


def test_what_changed_since_the_file_came_counts_when_it_is_imported(clinic, patient):
    eve = a_patient(clinic, name="Eve Example", record_number="R-2")
    file = received(
        clinic, a_csv(a_row(), a_row(taken_on="2026-01-06"), a_row(identifier="R-2"), a_row(identifier="R-3"))
    )
    assert file.counts == {"new": 3, "unknown_patient": 1}

    a_result(patient, "haemoglobin", "92", "g/L", taken_on=date(2026, 1, 5))
    eve.born_on = date(1950, 1, 1)
    eve.save(update_fields=["born_on"])
    a_patient(clinic, name="Ada Example", record_number="R-3")
    assert imported(file).counts == {"same": 1, "new": 2, "birth_date": 1}
    assert [row.number for row in WaitingRow.objects.all()] == [4]


def test_a_file_read_by_a_layout_that_was_changed_since_is_read_again(clinic, patient):
    profile = LabProfile.objects.create(clinic=clinic, name="Hill Lab", units={"haemoglobin": "g/L"})
    file = received(clinic, a_csv(a_row(value="9.2", unit="", range="11.5-16.5")), profile=profile)
    profile.units = {"haemoglobin": "g/dL"}
    profile.save()

    imported(file)
    assert Result.objects.get().unit == "g/dL"


def test_a_file_that_came_before_rows_were_kept_is_read_again(clinic, patient):
    file = received(clinic, a_csv(a_row()))
    file.rows.all().delete()
    LabFile.objects.update(read_as="")

    assert imported(file).counts == {"new": 1}
    assert Result.objects.count() == 1


def test_a_changed_layout_under_which_the_file_cannot_be_read_imports_nothing(clinic, patient):
    profile = LabProfile.objects.create(clinic=clinic, name="Hill Lab")
    file = received(clinic, a_csv(a_row()), profile=profile)
    profile.columns = {"value": "Result"}
    profile.save()

    with pytest.raises(NotImported, match="“Result”"):
        imported(file)
    assert (ReadRow.objects.count(), Result.objects.count()) == (1, 0)


def test_rows_are_kept_until_the_next_file_comes_after_the_import(clinic, patient):
    first = received(clinic, a_csv(a_row(), a_row(unit="kg")))
    assert list(first.rows.values_list("number", "fate", "sentence")) == [
        (2, "new", ""),
        (
            3,
            "bad_unit",
            "Haemoglobin: “kg” is not a unit of this test; the laboratory's report says g/L or g/dL or mmol/L.",
        ),
    ]
    imported(first)
    second = received(clinic, a_csv(a_row(value="98")), name="second.csv")
    third = received(clinic, a_csv(a_row(value="99")), name="third.csv")

    assert [file.rows.count() for file in (first, second, third)] == [0, 1, 1]


def test_a_file_read_again_keeps_its_rows_once_and_a_refused_one_keeps_none(clinic, patient):
    profile = LabProfile.objects.create(clinic=clinic, name="Hill Lab", columns={"value": "Result"})
    content = a_csv(a_row())
    received(clinic, content)
    assert received(clinic, content).rows.count() == 1
    assert received(clinic, content, profile=profile).rows.count() == 0


def test_words_with_tabs_quotes_and_line_ends_are_kept_as_they_are(clinic, patient):
    name = 'Ada\t"\\N"\n\\.\nExample'
    file = received(clinic, a_csv(a_row(name=name, unit="kg"), a_row(name=name)))

    imported(file)
    assert WaitingRow.objects.get().said["name"] == name
    assert Result.objects.count() == 1
