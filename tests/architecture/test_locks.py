"""What every row points at is locked so that rows may still point at it: else two who lock in another order wait for ever."""

import re

from tests.architecture.source import modules, named

WHOLE_LOCK = re.compile(r"\b(?:Clinic|Patient)\.objects\s*\.select_for_update\((?!no_key=True)")


def test_a_patient_or_clinic_is_never_locked_against_rows_that_name_it():
    """The audit trail names both: under a whole lock of a clinic no page of it would open."""
    assert [named(path) for path in modules() if WHOLE_LOCK.search(path.read_text())] == []


def test_a_whole_lock_is_seen_however_it_is_written():
    assert WHOLE_LOCK.search('Patient.objects.select_for_update(of=("self",))')
    assert WHOLE_LOCK.search("Clinic.objects\n    .select_for_update()")
    assert not WHOLE_LOCK.search('Patient.objects.select_for_update(no_key=True, of=("self",))')
