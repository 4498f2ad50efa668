"""Laboratories' files from a shell: one line for each, and an exit code that a script can act on."""

import pytest
import time_machine
from django.core.management import CommandError, call_command

from monitoring.models import LabFile, LabProfile, Result, WaitingRow
from tests.factories.lab_files import AT, a_csv, a_row
from tests.factories.people import a_clinic, a_patient

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def clinic():
    clinic = a_clinic(name="Hill Surgery")
    a_patient(clinic, record_number="R-1")
    return clinic


@pytest.fixture
def run(clinic, tmp_path, capsys):
    def run(content, *words):
        path = tmp_path / "results.csv"
        path.write_bytes(content)
        code = 0
        try:
            call_command("import_results", str(path), "--clinic", "Hill Surgery", *words)
        except CommandError as stopped:
            code = stopped.returncode
        return code, capsys.readouterr().out.strip()

    return run


def test_a_good_file_is_imported_and_again_changes_nothing(run):
    assert run(a_csv(a_row())) == (0, "results.csv: imported. 1 new")
    assert run(a_csv(a_row())) == (0, "results.csv: imported before. 1 new")
    assert Result.objects.count() == 1
    assert (LabFile.objects.get().came_by, LabFile.objects.get().received_by) == ("command", None)


def test_refused_rows_stop_a_file_unless_a_part_is_accepted(run):
    content = a_csv(a_row(), a_row(unit="kg"))
    code, said = run(content)
    assert (code, Result.objects.count()) == (3, 0)
    assert said == (
        "results.csv: not imported. 1 row is refused, so nothing was imported: put them right, or accept the good rows "
        "alone. 1 new, 1 not a unit of this test"
    )
    assert run(content, "--accept-partial") == (0, "results.csv: imported. 1 new, 1 not a unit of this test")
    assert (Result.objects.count(), WaitingRow.objects.count()) == (1, 1)


def test_a_dry_run_writes_nothing_at_all(run):
    assert run(a_csv(a_row()), "--dry-run") == (0, "results.csv: read, nothing written. 1 new")
    assert not LabFile.objects.exists()


def test_a_file_that_cannot_be_read_is_refused(run):
    assert run(b"%PDF") == (
        2,
        "results.csv: refused. This is a PDF: ask the laboratory for CSV, HL7 or FHIR.",
    )


def test_a_laboratory_is_named(run, clinic):
    LabProfile.objects.create(clinic=clinic, name="Hill Lab", codes={"HGB": "haemoglobin"})

    assert run(a_csv(a_row(code="HGB")), "--profile", "Hill Lab")[0] == 0
    assert run(a_csv(a_row()), "--profile", "Dale Lab")[0] == 1


def test_a_clinic_and_a_file_must_be_there(clinic, tmp_path):
    with pytest.raises(CommandError, match="no clinic"):
        call_command("import_results", str(tmp_path / "a.csv"), "--clinic", "Dale")
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_results", str(tmp_path / "a.csv"), "--clinic", "Hill Surgery")
