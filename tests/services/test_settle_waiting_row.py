"""A row that waits is settled by a result, once somebody says what it lacked, or by a reason not to."""

from datetime import date
from decimal import Decimal

import pytest

from b12clinic.accounts.models import AuditEvent
from monitoring.models import InboxItem, LabProfile, RecheckState, Result, WaitingRow
from monitoring.services.import_lab_file import import_lab_file
from monitoring.services.record_results import ResultsRefused
from monitoring.services.settle_waiting_row import RowSettled, Supplied, settle_waiting_row
from tests.factories.lab_files import AT, TODAY, a_csv, a_row, received
from tests.factories.labs import a_recheck
from tests.factories.people import a_clinic, a_patient, a_user

pytestmark = [pytest.mark.django_db, pytest.mark.data]


@pytest.fixture
def nurse():
    return a_user(a_clinic(), "nurse")


@pytest.fixture
def clinic(nurse):
    return nurse.memberships.get().clinic


@pytest.fixture
def patient(clinic):
    return a_patient(clinic, name="Ada Example", record_number="R-1")


def waits(clinic, profile=None, **cells):
    file = received(clinic, a_csv(a_row(**cells)), profile=profile)
    import_lab_file(file=file, accept_partial=True, by=None, at=AT, today=TODAY)
    return WaitingRow.objects.get(settled_at=None)


def settled(row, nurse, patient=None, why="", **supplied):
    given = Supplied(patient=patient, **supplied) if patient else None
    return settle_waiting_row(row=row, supplied=given, why=why, by=nurse, at=AT, today=TODAY)


def test_a_unit_that_somebody_confirmed_makes_a_result(clinic, patient, nurse):
    recheck = a_recheck(patient, "haemoglobin", due_on=date(2026, 1, 5))
    row = settled(waits(clinic, unit="", source_id="L1"), nurse, patient, unit="g/L")

    result = Result.objects.get()
    assert (result.unit, result.file, result.recorded_by) == ("g/L", row.file, nurse)
    assert (result.source_id, row.result, row.settled_by) == (f"{clinic.pk}:L1", result, nurse)
    assert InboxItem.objects.get().abnormal is True
    recheck.refresh_from_db()
    assert recheck.state == RecheckState.DONE
    assert AuditEvent.objects.filter(action="lab_row.settled", patient_id=patient.pk).count() == 1


def test_a_row_of_nobody_is_attached_to_a_patient(clinic, patient, nurse):
    settled(waits(clinic, identifier="R-9"), nurse, patient)

    assert Result.objects.get().patient == patient


def test_a_patient_of_another_clinic_is_refused(clinic, patient, nurse):
    with pytest.raises(ResultsRefused, match="not of the clinic"):
        settled(waits(clinic, identifier="R-9"), nurse, a_patient(a_clinic()))
    assert not Result.objects.exists()


def test_a_doubted_value_needs_a_reason(clinic, patient, nurse):
    row = waits(clinic, value="920", range="")
    with pytest.raises(ResultsRefused, match="implausibly high"):
        settled(row, nurse, patient)
    settled(row, nurse, patient, because="The laboratory confirmed it by telephone")

    assert Result.objects.get().unit_confirmed_because == "The laboratory confirmed it by telephone"


def test_a_missing_unit_is_still_not_guessed(clinic, patient, nurse):
    with pytest.raises(ResultsRefused, match="has no unit"):
        settled(waits(clinic, unit=""), nurse, patient)


def test_an_unknown_test_and_a_day_that_cannot_be_read_are_named(clinic, patient, nurse):
    row = waits(clinic, code="HGB", taken_on="2026-01-05")
    with pytest.raises(ResultsRefused, match="not a test known here"):
        settled(row, nurse, patient)
    settled(row, nurse, patient, analyte="haemoglobin", taken_on=date(2026, 1, 4))

    assert (Result.objects.get().analyte, Result.objects.get().taken_on) == ("haemoglobin", date(2026, 1, 4))


def test_the_same_value_twice_may_be_a_second_sample(clinic, patient, nurse):
    file = received(clinic, a_csv(a_row(), a_row()))
    import_lab_file(file=file, accept_partial=True, by=None, at=AT, today=TODAY)
    row = WaitingRow.objects.get()
    with pytest.raises(ResultsRefused, match="recorded already"):
        settled(row, nurse, patient)
    settled(row, nurse, patient, second_sample=True)

    assert Result.objects.count() == 2


def test_what_replaces_a_value_on_file_says_why_and_supersedes(clinic, patient, nurse):
    first = received(clinic, a_csv(a_row(source_id="L1", status="F")))
    import_lab_file(file=first, accept_partial=False, by=None, at=AT, today=TODAY)
    row = waits(clinic, source_id="L1", status="F", value="98")
    assert row.fate == "conflict"
    with pytest.raises(ResultsRefused, match="say why it is right"):
        settled(row, nurse, patient)
    settled(row, nurse, patient, because="A correction without its mark")

    assert [result.reported_value for result in Result.objects.live()] == ["98"]
    assert Result.objects.get(reported_value="98").supersedes.reported_value == "92"


def test_a_reason_not_to_settles_a_row_without_a_result(clinic, patient, nurse):
    row = waits(clinic, identifier="R-9")
    with pytest.raises(ResultsRefused, match="Say why"):
        settled(row, nurse, why="  ")
    row = settled(row, nurse, why="Not ours")

    assert (row.why, row.result, row.settled_by) == ("Not ours", None, nurse)
    assert AuditEvent.objects.get(action="lab_row.left_out").reason == "Not ours"
    assert not Result.objects.exists()


def test_a_row_is_settled_once(clinic, patient, nurse):
    row = waits(clinic, unit="")
    settled(row, nurse, why="Not ours")

    with pytest.raises(RowSettled):
        settled(row, nurse, patient, unit="g/L")
    assert not Result.objects.exists()


@pytest.fixture
def comma(clinic):
    return LabProfile.objects.create(clinic=clinic, name="Hill Lab", decimal_mark=",")


def in_decilitres(clinic, profile, **cells):
    return waits(clinic, profile, **{"unit": "g/dL", "range": "11,5-16,5"} | cells)


def test_the_files_own_number_is_read_with_the_mark_its_laboratory_declared(clinic, patient, nurse, comma):
    settled(in_decilitres(clinic, comma, identifier="R-9", value="13,1"), nurse, patient)

    result = Result.objects.get()
    assert (result.reported_value, result.number, result.reference_low) == (
        "13.1",
        Decimal("13.1"),
        Decimal("11.5"),
    )


def test_a_number_with_the_other_mark_is_typed_with_a_point_beside_the_files_range(
    clinic, patient, nurse, comma
):
    row = in_decilitres(clinic, comma, value="13.100")
    with pytest.raises(ResultsRefused, match="decimal mark is a comma"):
        settled(row, nurse, patient)

    settled(row, nurse, patient, value="13.1")

    result = Result.objects.get()
    assert (result.number, result.reference_high) == (Decimal("13.1"), Decimal("16.5"))
