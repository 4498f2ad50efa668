"""Files that laboratories leave in a folder: claimed, imported once, put away with an answer."""

import os
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.conf import settings as product

from monitoring.models import LabFile, LabProfile, Result, WaitingRow
from monitoring.tasks import watch_lab_folders
from tests.factories.lab_files import a_csv, a_row
from tests.factories.people import a_clinic, a_patient
from tests.intake.mutations import FILES

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 1, 14, 16, 0, tzinfo=UTC)
HL7 = next(path for path in FILES if path.name == "hl7-oru-2.5.1.hl7").read_bytes()


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def clinic():
    clinic = a_clinic()
    a_patient(clinic, record_number="R-1")
    return clinic


@pytest.fixture
def folder(clinic, tmp_path, settings):
    settings.LAB_INBOX_DIR = str(tmp_path)
    folder = tmp_path / str(clinic.public_id)
    folder.mkdir()
    return folder


def left(place, content, name="results.csv", age=60):
    """A file that was written so many seconds ago."""
    place.mkdir(exist_ok=True)
    path = place / name
    path.write_bytes(content)
    written = NOW.timestamp() - age
    os.utime(path, (written, written))
    return path


def names(folder, place):
    stamp = len("20260114T160000000000-")
    return (
        sorted(path.name[stamp:] for path in (folder / place).glob("[!.]*"))
        if (folder / place).is_dir()
        else []
    )


def test_a_whole_file_is_imported_and_put_away(folder):
    left(folder, a_csv(a_row()))

    assert watch_lab_folders() == 1
    assert (Result.objects.count(), names(folder, "done"), names(folder, "claimed")) == (
        1,
        ["results.csv"],
        [],
    )
    assert (LabFile.objects.get().received_by, LabFile.objects.get().came_by) == (None, "folder")
    assert watch_lab_folders() == 0


@pytest.mark.parametrize(("age", "taken"), [(9, 0), (10, 1)])
def test_a_file_still_being_written_is_left_alone(folder, age, taken):
    left(folder, a_csv(a_row()), age=age)

    assert watch_lab_folders() == taken


@pytest.mark.parametrize("name", [".results.csv", "results.csv.part", "results.csv.tmp"])
def test_a_file_under_an_unfinished_name_is_left_alone(folder, name):
    left(folder, a_csv(a_row()), name)

    assert watch_lab_folders() == 0


def test_a_link_is_not_followed(folder, tmp_path):
    target = left(tmp_path / "elsewhere", a_csv(a_row()))
    (folder / "results.csv").symlink_to(target)

    assert watch_lab_folders() == 0


def test_refused_rows_wait_and_the_good_ones_are_imported(folder):
    left(folder, a_csv(a_row(), a_row(unit="")))
    watch_lab_folders()

    assert (Result.objects.count(), WaitingRow.objects.count(), names(folder, "done")) == (
        1,
        1,
        ["results.csv"],
    )


def test_a_whole_file_is_refused_where_the_clinic_wants_all_or_nothing(folder, settings):
    settings.LAB_INBOX_ACCEPT_PARTIAL = False
    left(folder, a_csv(a_row(), a_row(unit="")))
    watch_lab_folders()

    assert (Result.objects.count(), names(folder, "refused")) == (0, ["results.csv", "results.csv.why.txt"])


def test_a_file_that_cannot_be_read_is_put_away_with_the_reason(folder):
    left(folder, b"%PDF-1.7", "scan.pdf")
    watch_lab_folders()

    assert names(folder, "refused") == ["scan.pdf", "scan.pdf.why.txt"]
    [why] = (folder / "refused").glob("*.why.txt")
    assert why.read_text() == "This is a PDF: ask the laboratory for CSV, HL7 or FHIR."


@pytest.mark.parametrize(
    ("content", "place", "code"),
    [
        (HL7, "done", "AA|1|"),
        (HL7.replace(b"mmol/L", b"furlong"), "done", "AE|1|1 of 4 results wait for somebody."),
        (HL7.replace(b"2.5.1", b"2.8"), "done", "AR|1|HL7 version “2.8” is not read: 2.3 to 2.5.1 are."),
        (b"BHS|^~\\&|LIS\r" + HL7, "refused", "AR||The file is cut off: BHS and BTS do not pair."),
    ],
)
def test_the_answer_to_an_hl7_file_lies_beside_it(folder, content, place, code):
    left(folder, content, "r.hl7")
    watch_lab_folders()

    [answer] = (folder / place).glob("*.ack")
    assert answer.read_bytes().decode().split("\r")[1] == f"MSA|{code}"


def test_a_laboratory_with_a_folder_of_its_own_is_read_by_its_profile(folder, clinic):
    LabProfile.objects.create(clinic=clinic, name="Hill Lab", codes={"HGB": "haemoglobin"})
    left(folder / "Hill Lab", a_csv(a_row(code="HGB")))
    left(folder / "done", a_csv(a_row()))
    watch_lab_folders()

    assert (Result.objects.count(), LabFile.objects.get().profile.name) == (1, "Hill Lab")


def test_a_file_of_a_worker_that_died_is_taken_up_again_and_changes_nothing_twice(folder):
    left(folder, a_csv(a_row()))
    watch_lab_folders()
    [done] = (folder / "done").iterdir()
    done.rename(folder / "claimed" / "~results.csv")

    assert watch_lab_folders() == 0
    later = datetime.now(UTC) + timedelta(days=400)  # a rename is dated by the machine's own clock
    with time_machine.travel(later, tick=False):
        assert watch_lab_folders() == 1
    assert (Result.objects.count(), names(folder, "done"), names(folder, "claimed")) == (
        1,
        ["results.csv"],
        [],
    )


def test_another_clinics_folder_is_another_clinics(folder, tmp_path):
    other = a_clinic()
    left(tmp_path / str(other.public_id), a_csv(a_row()))
    watch_lab_folders()

    assert (LabFile.objects.get().clinic, Result.objects.count()) == (other, 0)


def test_without_a_folder_nothing_is_watched(settings):
    settings.LAB_INBOX_DIR = ""

    assert watch_lab_folders() == 0
    assert "monitoring.tasks.watch_lab_folders" in product.CELERY_BEAT_SCHEDULE
