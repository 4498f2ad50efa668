from datetime import UTC, datetime

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from b12clinic.accounts.models import AuditEvent
from monitoring.models import LabFile, LabProfile, Result, WaitingRow
from tests.factories.lab_files import a_csv, a_row, received
from tests.factories.people import a_clinic, a_patient, a_user, signed_in

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 1, 14, 16, tzinfo=UTC)
PAGE = "/labs/import/"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def patient():
    return a_patient(a_clinic(), name="Ada Example", record_number="R-1")


@pytest.fixture
def nurse(client, patient):
    return signed_in(client, a_user(patient.clinic, "nurse"))


def sent(client, *rows, **more):
    file = SimpleUploadedFile("results.csv", a_csv(*rows))
    return client.post(PAGE, {"file": file} | more, follow=True)


def text(page):
    return " ".join(page.content.decode().split())


def test_a_file_is_previewed_with_the_fate_of_each_row(nurse):
    page = sent(nurse, a_row(), a_row(unit="kg"), a_row(identifier="R-9", name="=cmd()"))

    assert page.status_code == 200
    assert "“kg” is not a unit of this test" in text(page)
    assert [(tab.label, tab.count) for tab in page.context["tabs"]] == [
        ("All rows", 3),
        ("New", 1),
        ("Unknown patient", 1),
        ("Not a unit of this test", 1),
    ]
    assert not Result.objects.exists()


def test_rows_are_filtered_by_fate(nurse):
    sent(nurse, a_row(), a_row(unit="kg"))
    page = nurse.get(f"{PAGE}{LabFile.objects.get().public_id}/?fate=bad_unit")

    assert [line.number for line in page.context["lines"]] == [3]
    assert len(nurse.get(f"{PAGE}{LabFile.objects.get().public_id}/?fate=%27").context["lines"]) == 2


def test_good_rows_are_imported_once_that_is_said(nurse, patient):
    sent(nurse, a_row(), a_row(unit="kg"))
    address = reverse("monitoring:confirm_lab_file", args=[LabFile.objects.get().public_id])

    page = nurse.post(address)
    assert (page.status_code, Result.objects.count()) == (422, 0)
    assert "1 row is refused, so nothing was imported" in text(page)
    page = nurse.post(address, {"partly": "1"}, follow=True)
    assert (page.status_code, Result.objects.count(), WaitingRow.objects.count()) == (200, 1, 1)
    assert nurse.post(address, {"partly": "1"}).status_code == 302
    assert Result.objects.count() == 1


def test_errors_as_csv_run_in_no_spreadsheet(nurse):
    sent(nurse, a_row(identifier="R-9", name='=HYPERLINK("x")'), a_row())
    page = nurse.get(reverse("monitoring:lab_file_errors", args=[LabFile.objects.get().public_id]))

    lines = b"".join(page.streaming_content).decode().splitlines()
    assert lines[0] == "row,fate,why,number,name,born_on,test,value,unit,taken_on"
    assert lines[1].startswith(
        "2,Unknown patient,Nobody with this number is in the clinic's register.,R-9,\"'=HYPERLINK"
    )
    assert len(lines) == 2
    assert AuditEvent.objects.filter(action="lab_file.errors_exported").count() == 1


def test_a_file_that_is_none_is_refused_in_one_sentence(nurse):
    page = nurse.post(PAGE, {"file": SimpleUploadedFile("scan.csv", b"%PDF-1.7")}, follow=True)

    assert "This is a PDF: ask the laboratory for CSV, HL7 or FHIR." in text(page)
    assert "Import 0" not in text(page)


def test_without_a_file_one_is_asked_for(nurse):
    page = nurse.post(PAGE, {})

    assert page.status_code == 422
    assert "Choose a file first." in text(page)


def test_a_laboratory_is_added_and_its_headings_are_used(nurse, patient):
    form = {
        "name": "Hill Lab",
        "encoding": "utf-8",
        "decimal_mark": ",",
        "column_identifier": "Pat No",
        "codes": "HGB = haemoglobin\nNA =",
        "units": "haemoglobin = g/L",
        "day_first": "1",
    }
    assert nurse.post(f"{PAGE}laboratory/", form).status_code == 302
    profile = LabProfile.objects.get()
    assert profile.columns == {"identifier": "Pat No"}
    assert (profile.codes, profile.units, profile.day_first) == (
        {"HGB": "haemoglobin", "NA": ""},
        {"haemoglobin": "g/L"},
        True,
    )
    assert profile.decimal_mark == ","
    row = {"Pat No": "R-1", "born_on": "02/03/1948", "code": "HGB", "value": "92,5", "taken_on": "05/01/2026"}
    file = SimpleUploadedFile("hill.csv", a_csv(row, headings=row))
    page = nurse.post(PAGE, {"file": file, "profile": profile.pk}, follow=True)
    assert page.context["found"].counts == {"new": 1}


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("codes", "HGB = b12", "is not one of our tests"),
        ("codes", "HGB", "has no “=”"),
        ("units", "haemoglobin = kg", "is not a test and a unit of it"),
        ("time_zone", "Mars/Olympus", "is not a time zone"),
        ("name", "", "This field is required"),
    ],
)
def test_a_laboratory_that_cannot_be_is_stopped(nurse, field, value, sentence):
    form = {"name": "Hill Lab", "encoding": "utf-8", "decimal_mark": "."} | {field: value}
    page = nurse.post(f"{PAGE}laboratory/", form)

    assert page.status_code == 422
    assert sentence in text(page)
    assert not LabProfile.objects.exists()


@pytest.fixture
def waiting(nurse):
    sent(nurse, a_row(unit=""))
    nurse.post(
        reverse("monitoring:confirm_lab_file", args=[LabFile.objects.get().public_id]), {"partly": "1"}
    )
    row = WaitingRow.objects.get()
    return reverse("monitoring:settle_row", args=[row.file.public_id, row.number])


def test_a_waiting_row_is_settled_with_the_unit_it_lacked(nurse, waiting):
    assert "Settle" in text(nurse.get(f"{PAGE}waiting/"))
    known = {"number": "R-1", "born_on": "1948-03-02", "analyte": "haemoglobin", "do": "record"}
    assert nurse.post(waiting, known).status_code == 422
    assert nurse.post(waiting, known | {"unit": "g/L"}).url == f"{PAGE}waiting/"
    assert Result.objects.get().unit == "g/L"
    assert nurse.post(waiting, known | {"unit": "g/L"}).status_code == 409


def test_number_and_date_of_birth_must_agree_when_a_row_is_settled(nurse, waiting):
    page = nurse.post(waiting, {"number": "R-1", "born_on": "1949-03-02", "unit": "g/L", "do": "record"})

    assert page.status_code == 422
    assert "known here with another date of birth" in text(page)
    assert not Result.objects.exists()


def test_a_waiting_row_is_left_out_with_a_reason(nurse, waiting):
    assert nurse.post(waiting, {"do": "leave", "why": ""}).status_code == 422
    assert nurse.post(waiting, {"do": "leave", "why": "Not ours"}).status_code == 302
    assert WaitingRow.objects.get().why == "Not ours"


def test_files_rows_and_laboratories_of_another_clinic_are_not_there(client, nurse, waiting, patient):
    profile = LabProfile.objects.create(clinic=patient.clinic, name="Hill Lab")
    file = LabFile.objects.get()
    signed_in(client, a_user(a_clinic(), "nurse"))

    addresses = [
        waiting,
        *(reverse(f"monitoring:{name}", args=[file.public_id]) for name in ("lab_file", "lab_file_errors")),
    ]
    addresses.append(reverse("monitoring:lab_profile", args=[profile.pk]))
    assert [client.get(address).status_code for address in addresses] == [404] * 4
    assert client.post(reverse("monitoring:confirm_lab_file", args=[file.public_id])).status_code == 404
    for address in (PAGE, f"{PAGE}waiting/"):
        assert "results.csv" not in text(client.get(address)) and "Ada Example" not in text(
            client.get(address)
        )


@pytest.mark.parametrize("address", [PAGE, f"{PAGE}waiting/", f"{PAGE}laboratory/"])
def test_an_administrator_imports_no_results(client, patient, address):
    signed_in(client, a_user(patient.clinic, "administrator"))

    assert client.get(address).status_code == 403


def test_the_number_of_queries_does_not_grow_with_the_rows(nurse, django_assert_max_num_queries):
    rows = [a_row(value=str(value), taken_on=f"2026-01-{value - 90:02}") for value in range(91, 104)]
    sent(nurse, *rows)
    address = reverse("monitoring:lab_file", args=[LabFile.objects.get().public_id])

    with django_assert_max_num_queries(14):
        nurse.get(address)


@pytest.mark.parametrize(
    ("came_by", "said"),
    [
        ("command", "by a command"),
        ("folder", "by the watched folder"),
        ("", "by the watched folder or a command"),
    ],
)
def test_a_file_that_nobody_brought_says_through_which_door_it_came(nurse, patient, came_by, said):
    file = received(patient.clinic, a_csv(a_row()))
    LabFile.objects.filter(pk=file.pk).update(came_by=came_by)

    [line] = nurse.get(PAGE).context["files"]

    assert line.came == f"14 Jan 2026, 16:00 {said}"


def test_a_file_of_the_page_says_who_brought_it(nurse):
    sent(nurse, a_row())

    assert LabFile.objects.get().came_by == "page"
    assert " by person" in nurse.get(PAGE).context["files"][0].came
