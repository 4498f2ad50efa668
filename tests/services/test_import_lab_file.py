"""A laboratory's file: every row has a fate before anything is written, nothing is lost, the same file changes nothing."""

from datetime import date
from decimal import Decimal

import pytest

from b12clinic.accounts.models import AuditEvent
from b12clinic.jobs.models import Pending
from b12clinic.patients.models import PatientIdentifier
from monitoring.models import InboxItem, LabFile, LabProfile, RecheckState, Result, WaitingRow
from monitoring.services.import_lab_file import NotImported, import_lab_file
from tests.factories.lab_files import AT, TODAY, a_csv, a_row, received
from tests.factories.labs import a_recheck, a_result
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


def fates(clinic, *rows, profile=None):
    return received(clinic, a_csv(*rows), profile=profile).counts


def imported(clinic, *rows, partial=False, by=None, profile=None, name="results.csv"):
    file = received(clinic, a_csv(*rows), by=by, profile=profile, name=name)
    return import_lab_file(file=file, accept_partial=partial, by=by, at=AT, today=TODAY)


def values():
    return list(Result.objects.order_by("pk").values_list("reported_value", "unit", "canonical"))


def test_receiving_reads_the_file_and_writes_no_result(clinic, patient, nurse):
    file = received(clinic, a_csv(a_row(), a_row(code="787-2", value="104", unit="fL", range="")), by=nurse)

    assert (file.state, file.format, file.counts) == ("read", "csv", {"new": 2})
    assert bytes(LabFile.objects.get().content) == a_csv(
        a_row(), a_row(code="787-2", value="104", unit="fL", range="")
    )
    assert (Result.objects.count(), WaitingRow.objects.count()) == (0, 0)
    assert AuditEvent.objects.get().action == "lab_file.received"


def test_a_good_row_becomes_a_result_as_reported(clinic, patient, nurse):
    file = imported(clinic, a_row(source_id="L7"), by=nurse)

    result = Result.objects.get()
    assert (result.patient, result.analyte, result.taken_on) == (patient, "haemoglobin", date(2026, 1, 5))
    assert (result.reported_value, result.unit, result.canonical) == ("92", "g/L", Decimal(92))
    assert (result.reference_low, result.reference_high) == (Decimal(115), Decimal(165))
    assert (result.file, result.recorded_by, result.source_id) == (file, nurse, f"{clinic.pk}:L7")
    item = InboxItem.objects.get()
    assert (item.result, item.clinic, item.abnormal, item.critical) == (result, clinic, True, False)
    assert (item.arrived_at, item.owner, item.acknowledged_at) == (AT, None, None)


def test_an_import_leaves_one_event_and_one_job_for_each_patient(clinic, patient, nurse):
    other = a_patient(clinic, record_number="R-2")
    imported(clinic, a_row(), a_row(taken_on="2026-01-06"), a_row(identifier="R-2"), by=nurse)

    assert sorted(Pending.objects.values_list("kind", "subject_id")) == sorted(
        [("monitoring.results_recorded", patient.pk), ("monitoring.results_recorded", other.pk)]
    )
    event = AuditEvent.objects.get(action="lab_file.imported")
    assert (event.actor, event.after["counts"], event.after["partial"]) == (nurse, {"new": 3}, False)


def test_a_patient_whose_rules_wait_to_be_run_is_asked_for_once(clinic, patient, nurse):
    a_patient(clinic, record_number="R-2")
    imported(clinic, a_row(), a_row(identifier="R-2"), by=nurse)
    Pending.objects.update(attempts=3, last_error="lost")
    imported(clinic, a_row(value="98"), a_row(identifier="R-2", value="98"), by=nurse)

    assert list(Pending.objects.values_list("attempts", "last_error", "not_before")) == [(0, "", None)] * 2


@pytest.mark.parametrize(
    ("cells", "fate"),
    [
        ({}, "new"),
        ({"value": "92.4"}, "new"),
        ({"value": "<92"}, "new"),
        ({"identifier": "R-2"}, "unknown_patient"),
        ({"identifier": ""}, "unknown_patient"),
        ({"born_on": "1948-02-03"}, "birth_date"),
        ({"born_on": ""}, "birth_date"),
        ({"code": "2951-2", "unit": "mmol/L"}, "unknown_test"),
        ({"code": "ferritin", "value": "20", "unit": "ug/L", "range": ""}, "new"),
        ({"code": "2276-4", "value": "20", "unit": "ug/L", "range": ""}, "unknown_test"),
        ({"unit": ""}, "no_unit"),
        ({"unit": "kg"}, "bad_unit"),
        ({"value": "4,1"}, "bad_value"),
        ({"value": "see report"}, "bad_value"),
        ({"value": ""}, "bad_value"),
        ({"taken_on": ""}, "bad_date"),
        ({"taken_on": "05/01/2026"}, "bad_date"),
        ({"taken_on": "14/01/2026"}, "new"),
        ({"taken_on": "2026-02-30"}, "bad_date"),
        ({"taken_on": "1948-03-01"}, "bad_date"),
        ({"taken_on": "2026-01-14"}, "new"),
        ({"taken_on": "2026-01-15"}, "future"),
        ({"taken_on": "2026-01-14T23:59:00Z"}, "new"),
        ({"taken_on": "2026-01-15T00:30:00+01:00"}, "new"),
        ({"value": "920", "range": ""}, "doubted"),
        ({"value": "9.2", "unit": "g/dL", "range": ""}, "new"),
        ({"code": "haemoglobin", "value": "9.2", "unit": "g/dL", "range": ""}, "doubted"),
        ({"value": "9.2", "unit": "g/dL", "range": "11.5-16.5"}, "new"),
        ({"value": "8.2", "unit": "mmol/L", "range": ""}, "doubted"),
        ({"code": "2132-9", "value": "205", "unit": "pg/mL", "range": ""}, "new"),
        ({"code": "2132-9", "value": "205", "unit": "pmol/L", "range": ""}, "doubted"),
        ({"code": "total_b12", "value": "205", "unit": "pg/mL", "range": ""}, "doubted"),
        ({"code": "2132-9", "value": "205", "unit": "pg/mL", "range": "133-675"}, "doubted"),
        ({"code": "31444-3", "value": "Positive", "unit": "", "range": ""}, "new"),
        ({"code": "31444-3", "value": "12", "unit": "U/mL", "range": ""}, "bad_value"),
        ({"status": "P"}, "not_final"),
        ({"status": "X", "value": ""}, "not_final"),
        ({"status": "D"}, "withdrawn"),
        ({"status": "?"}, "unreadable"),
    ],
)
def test_the_fate_of_a_row(clinic, patient, cells, fate):
    assert fates(clinic, a_row(**cells)) == {fate: 1}


def test_a_name_alone_finds_nobody_and_the_name_is_not_what_decides(clinic, patient):
    assert fates(clinic, a_row(identifier="Ada Example")) == {"unknown_patient": 1}
    assert fates(clinic, a_row(name="Someone Else")) == {"new": 1}


def test_a_patient_of_another_clinic_is_nobody_here(clinic):
    a_patient(a_clinic(), record_number="R-1")

    assert fates(clinic, a_row()) == {"unknown_patient": 1}


def test_one_number_under_two_schemes_is_nobody_until_the_scheme_is_told(clinic, patient):
    other = a_patient(clinic)
    PatientIdentifier.objects.create(patient=other, clinic=clinic, scheme="bsn", value="R-1")
    profile = LabProfile.objects.create(clinic=clinic, name="Hill Lab", scheme="medical_record")

    assert fates(clinic, a_row()) == {"unknown_patient": 1}
    assert fates(clinic, a_row(), profile=profile) == {"new": 1}


def test_a_unit_is_taken_from_the_profile_only_where_the_file_names_none(clinic, patient):
    profile = LabProfile.objects.create(clinic=clinic, name="Hill Lab", units={"haemoglobin": "g/dL"})
    imported(
        clinic,
        a_row(value="9.2", unit="", range="11.5-16.5"),
        a_row(code="mcv", unit="fL", range=""),
        profile=profile,
    )

    assert values() == [("9.2", "g/dL", Decimal(92)), ("92", "fL", Decimal(92))]


def test_the_profile_names_tests_columns_and_the_order_of_a_date(clinic, patient):
    profile = LabProfile.objects.create(
        clinic=clinic,
        name="Hill Lab",
        columns={
            "identifier": "Pat No",
            "born_on": "DOB",
            "code": "Test",
            "value": "Result",
            "taken_on": "Taken",
        },
        codes={"HGB": "haemoglobin", "NA": ""},
        day_first=True,
    )
    rows = [
        {
            "Pat No": "R-1",
            "DOB": "02/03/1948",
            "Test": test,
            "Result": "92",
            "unit": "g/L",
            "Taken": "05/01/2026",
        }
        for test in ("HGB", "NA", "K")
    ]
    content = a_csv(*rows, headings=["Pat No", "DOB", "Test", "Result", "unit", "Taken"], separator=";")

    file = received(clinic, content, profile=profile)
    assert file.counts == {"new": 1, "left_out": 1, "unknown_test": 1}


def test_nothing_is_written_unless_all_is_good_or_a_part_is_accepted(clinic, patient, nurse):
    rows = [a_row(), a_row(unit="kg"), a_row(identifier="R-9")]
    with pytest.raises(NotImported, match="2 rows are refused, so nothing was imported"):
        imported(clinic, *rows, by=nurse)
    assert (Result.objects.count(), WaitingRow.objects.count(), LabFile.objects.get().state) == (0, 0, "read")

    imported(clinic, *rows, by=nurse, partial=True)
    assert Result.objects.count() == 1
    waiting = WaitingRow.objects.values_list("number", "fate")
    assert list(waiting) == [(3, "bad_unit"), (4, "unknown_patient")]
    assert WaitingRow.objects.get(number=3).said["unit"] == "kg"


def test_the_same_file_twice_changes_nothing(clinic, patient, nurse):
    first = imported(clinic, a_row(), a_row(unit="kg"), by=nurse, partial=True)
    before = (Result.objects.count(), WaitingRow.objects.count(), AuditEvent.objects.count())

    again = imported(clinic, a_row(), a_row(unit="kg"), by=nurse, partial=True, name="copy.csv")
    assert again.pk == first.pk
    assert (Result.objects.count(), WaitingRow.objects.count(), AuditEvent.objects.count()) == before


def test_the_same_rows_in_another_file_are_on_file_already(clinic, patient, nurse):
    imported(clinic, a_row(), a_row(code="mcv", unit="fL", range="", source_id="L1"), by=nurse)

    again = [
        a_row(),
        a_row(code="mcv", unit="fL", range="", source_id="L1"),
        a_row(code="mcv", unit="fL", range=""),
    ]
    assert fates(clinic, *again) == {"same": 3}
    imported(clinic, *again, by=nurse)
    assert Result.objects.count() == 2


def test_what_was_typed_by_hand_is_on_file_in_whatever_unit(clinic, patient):
    a_result(patient, "haemoglobin", "92", "g/L", taken_on=date(2026, 1, 5))

    assert fates(clinic, a_row(value="9.2", unit="g/dL", range="11.5-16.5", source_id="L1")) == {"same": 1}


def test_the_same_value_under_two_numbers_waits_for_somebody(clinic, patient):
    assert fates(clinic, a_row(source_id="L1"), a_row(source_id="L2")) == {"new": 1, "duplicate": 1}
    assert fates(clinic, a_row(), a_row()) == {"new": 1, "duplicate": 1}
    assert fates(clinic, a_row(source_id="L1"), a_row(source_id="L1")) == {"new": 1, "same": 1}


def test_a_correction_supersedes_and_never_overwrites(clinic, patient, nurse):
    imported(clinic, a_row(source_id="L1"), by=nurse)
    imported(clinic, a_row(source_id="L1", value="98", status="C"), by=nurse, name="corrections.csv")
    imported(clinic, a_row(source_id="L1", value="99", status="C"), by=nurse, name="corrections 2.csv")

    first, second, third = Result.objects.order_by("pk")
    assert (second.supersedes, second.why) == (first, "Corrected by the laboratory in corrections.csv.")
    assert third.supersedes == second
    assert [result.reported_value for result in Result.objects.live()] == ["99"]
    again = [a_row(source_id="L1", value="99", status="C"), a_row(taken_on="2026-01-06")]
    assert fates(clinic, *again) == {"same": 1, "new": 1}


def test_a_correction_in_the_same_file_supersedes_the_row_above_it(clinic, patient, nurse):
    imported(
        clinic,
        a_row(source_id="L1", status="F"),
        a_row(source_id="L1", value="98", status="C"),
        a_row(source_id="L1", value="99", status="C"),
        by=nurse,
    )

    assert list(
        Result.objects.order_by("pk").values_list("reported_value", "supersedes__reported_value")
    ) == [
        ("92", None),
        ("98", "92"),
        ("99", "98"),
    ]


def test_an_older_value_that_comes_late_does_not_undo_a_correction(clinic, patient, nurse):
    imported(clinic, a_row(source_id="L1", value="98", status="C"), by=nurse)

    assert fates(clinic, a_row(source_id="L1", value="92", status="F")) == {"conflict": 1}


def test_without_a_column_of_standings_another_value_under_a_number_is_a_correction(clinic, patient, nurse):
    imported(clinic, a_row(source_id="L1"), by=nurse)

    assert fates(clinic, a_row(source_id="L1", value="98")) == {"changed": 1}


def test_a_number_of_another_patient_or_test_waits_for_somebody(clinic, patient, nurse):
    a_patient(clinic, record_number="R-2")
    imported(clinic, a_row(source_id="L1"), by=nurse)

    assert fates(clinic, a_row(source_id="L1", identifier="R-2", status="C")) == {"conflict": 1}
    assert fates(clinic, a_row(source_id="L1", code="mcv", unit="fL", range="", status="C")) == {
        "conflict": 1
    }


def test_a_correction_of_what_was_typed_by_hand_waits_for_somebody(clinic, patient):
    a_result(patient, "haemoglobin", "91", "g/L", taken_on=date(2026, 1, 5))

    assert fates(clinic, a_row(source_id="L1", status="C")) == {"conflict": 1}
    assert fates(clinic, a_row(source_id="L1", status="F")) == {"new": 1}


def test_results_answer_rechecks_and_a_corrected_one_answers_again(clinic, patient, nurse):
    recheck = a_recheck(patient, "haemoglobin", due_on=date(2026, 1, 5))
    imported(clinic, a_row(source_id="L1"), by=nurse)
    recheck.refresh_from_db()
    assert (recheck.state, recheck.ended_on) == (RecheckState.DONE, TODAY)
    assert AuditEvent.objects.filter(action="recheck.done", patient_id=patient.pk).count() == 1

    imported(clinic, a_row(source_id="L1", value="98", status="C"), by=nurse)
    recheck.refresh_from_db()
    assert recheck.state == RecheckState.DONE
    assert recheck.answers.get().result.reported_value == "98"
    assert AuditEvent.objects.filter(action="recheck.reopened").count() == 1


@pytest.mark.parametrize(
    ("cells", "abnormal"),
    [
        ({}, True),
        ({"value": "130"}, False),
        ({"value": "115"}, False),
        ({"value": "<130"}, True),
        ({"value": "92", "range": ""}, True),
        ({"value": "130", "range": ""}, False),
        ({"value": "130", "range": "", "flag": "L"}, True),
        ({"value": "130", "flag": "H"}, False),
        ({"code": "31444-3", "value": "positive", "unit": "", "range": ""}, True),
        ({"code": "31444-3", "value": "negative", "unit": "", "range": ""}, False),
    ],
)
def test_what_is_abnormal_in_the_inbox(clinic, patient, cells, abnormal):
    row = a_row(**cells)
    content = a_csv(row, headings=[*row, "flag"] if "flag" not in row else list(row))
    import_lab_file(file=received(clinic, content), accept_partial=False, by=None, at=AT, today=TODAY)

    assert InboxItem.objects.get().abnormal is abnormal


def test_a_refused_file_is_kept_with_its_sentence_and_imports_nothing(clinic, patient):
    file = received(clinic, b"%PDF-1.7 ...")

    assert (file.state, file.refusal) == (
        "refused",
        "This is a PDF: ask the laboratory for CSV, HL7 or FHIR.",
    )
    with pytest.raises(NotImported, match="This is a PDF"):
        import_lab_file(file=file, accept_partial=True, by=None, at=AT, today=TODAY)


def test_a_refused_file_is_read_again_by_the_profile_chosen_then(clinic, patient):
    content = (
        "identifier;born_on;code;value;unit;taken_on\nR-1;1948-03-02;Hémoglobine;92;g/L;2026-01-05\n".encode(
            "latin-1"
        )
    )
    profile = LabProfile.objects.create(
        clinic=clinic, name="Hill Lab", encoding="latin-1", codes={"Hémoglobine": "haemoglobin"}
    )

    assert received(clinic, content).refusal == (
        "The file is not written in UTF-8: say in the laboratory's profile which encoding it uses."
    )
    assert received(clinic, content, profile=profile).counts == {"new": 1}
    assert LabFile.objects.count() == 1


def test_a_long_number_of_the_laboratory_is_kept_short_and_known_again(clinic, patient, nurse):
    imported(clinic, a_row(source_id="L" * 200), by=nurse)

    assert len(Result.objects.get().source_id) <= 96
    assert fates(clinic, a_row(source_id="L" * 200), a_row(source_id="L" * 201, taken_on="2026-01-06")) == {
        "same": 1,
        "new": 1,
    }
