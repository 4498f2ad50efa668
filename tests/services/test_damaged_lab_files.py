"""Damaged files on the way to the database: imported whole, in part or not at all, and every row accounted for."""

import os

import pytest

from monitoring.intake.fates import Fate
from monitoring.models import InboxItem, LabFile, LabFileState, Result, WaitingRow
from monitoring.services.import_lab_file import NotImported, import_lab_file
from tests.factories.lab_files import AT, TODAY, received
from tests.factories.people import a_clinic, a_patient
from tests.intake.mutations import FILES, mutants

pytestmark = [pytest.mark.django_db, pytest.mark.data]

COUNT = int(os.environ.get("B12_FUZZ", "600")) // 10


@pytest.fixture
def clinic():
    clinic = a_clinic()
    a_patient(clinic, record_number="R-1")
    return clinic


def rows():
    return Result.objects.count(), WaitingRow.objects.count(), InboxItem.objects.count()


def sent(clinic, name, content):
    """Import a file by its good rows; every row became a result, waits, or is on file already."""
    before = rows()
    file = received(clinic, content, name=name)
    assert rows() == before, "reading wrote a result"
    if file.state == LabFileState.REFUSED:
        with pytest.raises(NotImported):
            import_lab_file(file=file, accept_partial=True, by=None, at=AT, today=TODAY)
        assert rows() == before
        return
    if file.state == LabFileState.READ:
        file = import_lab_file(file=file, accept_partial=True, by=None, at=AT, today=TODAY)
        taken = sum(count for fate, count in file.counts.items() if Fate(fate).is_taken)
        refused = sum(count for fate, count in file.counts.items() if Fate(fate).is_refused)
        assert rows() == (before[0] + taken, before[1] + refused, before[2] + taken)
    once = rows()
    import_lab_file(file=received(clinic, content), accept_partial=True, by=None, at=AT, today=TODAY)
    assert rows() == once, "the same file changed something"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_sample_is_accounted_for_row_by_row(clinic, path):
    sent(clinic, path.name, path.read_bytes())


def test_damaged_samples_are_accounted_for_row_by_row(clinic):
    for name, content in mutants(COUNT, seed=7):
        sent(clinic, name, content)
    assert LabFile.objects.exists()
