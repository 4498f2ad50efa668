from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from b12clinic.accounts.models import AuditEvent
from b12clinic.jobs.models import Pending
from monitoring.models import Recheck, RecheckState, Result
from monitoring.services.record_results import ResultsRefused, record_results
from tests.factories.labs import a_recheck, a_result, an_entry
from tests.factories.people import a_clinic, a_patient, a_user

pytestmark = [pytest.mark.django_db, pytest.mark.data]

AT = datetime(2026, 11, 22, 10, tzinfo=UTC)
TODAY = date(2026, 11, 22)
BASELINE = [
    an_entry("total_b12", "85", "ng/L", low="180", high="914"),
    an_entry("haemoglobin", "92", "g/L"),
    an_entry("intrinsic_factor_antibody", "positive", ""),
]


@pytest.fixture
def patient():
    return a_patient(a_clinic())


def record(patient, *entries, taken_on=TODAY, by=None):
    by = by or a_user(patient.clinic)
    return record_results(patient=patient, taken_on=taken_on, entries=entries, by=by, at=AT, today=TODAY)


def refused(patient, *entries, taken_on=TODAY):
    with pytest.raises(ResultsRefused) as refusal:
        record(patient, *entries, taken_on=taken_on)
    return [(one.entry, one.stop.field, one.stop.code) for one in refusal.value.refusals]


def test_values_are_kept_as_reported_with_the_canonical_one_beside(patient):
    nurse = a_user(patient.clinic, "nurse")

    b12, haemoglobin, antibody = record(patient, *BASELINE, by=nurse)

    b12.refresh_from_db()
    assert (b12.reported_value, b12.unit, b12.number, b12.canonical) == (
        "85",
        "ng/L",
        Decimal("85"),
        Decimal("62.713"),
    )
    assert (b12.reference_low, b12.reference_high, b12.comparator) == (Decimal("180"), Decimal("914"), "")
    assert (b12.recorded_by, b12.taken_on, b12.supersedes) == (nurse, TODAY, None)
    assert haemoglobin.analyte == "haemoglobin"
    assert (antibody.coded, antibody.number, antibody.canonical, antibody.unit) == (
        "positive",
        None,
        None,
        "",
    )


def test_an_entry_may_have_a_day_of_its_own(patient):
    first, second = record(
        patient,
        an_entry(taken_on=date(2026, 11, 20)),
        an_entry("mcv", "118", "fL"),
        taken_on=date(2026, 11, 21),
    )

    assert (first.taken_on, second.taken_on) == (date(2026, 11, 20), date(2026, 11, 21))


def test_recording_asks_once_for_the_rules_to_be_run_again(patient):
    record(patient, *BASELINE)
    record(patient, an_entry("potassium", "4.1", "mmol/L"))

    assert Pending.objects.filter(kind="monitoring.results_recorded", subject_id=patient.pk).count() == 1


def test_recording_leaves_one_audit_event_that_names_the_rows(patient):
    results = record(patient, *BASELINE)

    event = AuditEvent.objects.get(action="results.recorded")
    assert (event.patient_id, event.clinic) == (patient.pk, patient.clinic)
    assert event.after == {"results": [str(result.public_id) for result in results]}


def test_one_bad_entry_and_nothing_is_recorded(patient):
    assert refused(patient, BASELINE[0], an_entry("potassium", "4,1", "mmol/L"), BASELINE[1]) == [
        (1, "value", "unreadable")
    ]
    assert not Result.objects.exists()
    assert not Pending.objects.exists()
    assert not AuditEvent.objects.exists()


def test_every_bad_entry_is_named_at_once(patient):
    assert refused(patient, an_entry(unit=""), an_entry("b12"), an_entry("mcv", "118", "g/L")) == [
        (0, "unit", "no_unit"),
        (1, "analyte", "unknown_analyte"),
        (2, "unit", "unknown_unit"),
    ]


def test_no_entry_at_all_is_refused(patient):
    assert refused(patient) == [(0, "value", "nothing")]


def test_a_doubtful_unit_is_kept_only_with_a_reason(patient):
    assert refused(patient, an_entry("total_b12", "205", "pg/mL")) == [
        (0, "confirmed_because", "FITS_TWO_UNITS")
    ]
    assert refused(patient, an_entry("total_b12", "205", "pg/mL", confirmed_because="  ")) == [
        (0, "confirmed_because", "FITS_TWO_UNITS")
    ]

    [result] = record(
        patient, an_entry("total_b12", "205", "pg/mL", confirmed_because="Unit printed on the report")
    )

    assert result.unit_confirmed_because == "Unit printed on the report"


def test_a_reason_for_a_value_nobody_doubts_is_not_kept(patient):
    [result] = record(patient, an_entry("mcv", "118", "fL", confirmed_because="Looks right"))

    assert result.unit_confirmed_because == ""


def test_a_sample_of_today_is_taken_and_one_of_tomorrow_refused(patient):
    assert refused(patient, an_entry(), taken_on=date(2026, 11, 23)) == [(0, "taken_on", "future")]
    assert len(record(patient, an_entry(), taken_on=TODAY)) == 1


def test_a_sample_from_before_birth_is_refused(patient):
    assert refused(patient, an_entry(), taken_on=date(1948, 3, 1)) == [(0, "taken_on", "before_birth")]
    assert len(record(patient, an_entry(), taken_on=date(1948, 3, 2))) == 1


def test_the_same_value_of_the_same_day_is_pointed_out(patient):
    a_result(patient, "potassium", "4.1", "mmol/L", taken_on=TODAY)

    assert refused(patient, an_entry("potassium", "4.10", "meq/L")) == [(0, "second_sample", "duplicate")]
    assert len(record(patient, an_entry("potassium", "4.2", "mmol/L"))) == 1
    assert len(record(patient, an_entry("potassium", "4.1", "mmol/L", taken_on=date(2026, 11, 21)))) == 1
    assert len(record(patient, an_entry("potassium", "4.1", "mmol/L", comparator="<"))) == 1


def test_the_same_value_twice_in_one_form_is_pointed_out_at_the_second(patient):
    twice = an_entry("potassium", "4.1", "mmol/L")

    assert refused(patient, twice, twice) == [(1, "second_sample", "duplicate")]


def test_a_second_sample_with_the_same_value_is_recorded_when_said_to_be_one(patient):
    a_result(patient, "potassium", "4.1", "mmol/L", taken_on=TODAY)

    assert len(record(patient, an_entry("potassium", "4.1", "mmol/L", second_sample=True))) == 1


def test_another_patients_value_is_no_duplicate(patient):
    a_result(a_patient(patient.clinic), "potassium", "4.1", "mmol/L", taken_on=TODAY)

    assert len(record(patient, an_entry("potassium", "4.1", "mmol/L"))) == 1


def test_a_value_that_was_entered_in_error_is_no_duplicate(patient):
    wrong = a_result(patient, "potassium", "4.1", "mmol/L", taken_on=TODAY)
    a_result(
        patient,
        "potassium",
        "4.1",
        "mmol/L",
        taken_on=TODAY,
        supersedes=wrong,
        entered_in_error=True,
        why="Other patient",
    )

    assert len(record(patient, an_entry("potassium", "4.1", "mmol/L"))) == 1


def test_a_whole_blood_count_completes_the_recheck_it_answers(patient):
    recheck = a_recheck(patient, "fbc", due_on=TODAY)
    count = [
        an_entry("haemoglobin", "118", "g/L"),
        an_entry("mcv", "95", "fL"),
        an_entry("red_cells", "4.10", "10*12/L"),
        an_entry("white_cells", "5.2", "10*9/L"),
        an_entry("platelets", "210", "10*9/L"),
    ]

    record(patient, *count[:4])
    recheck.refresh_from_db()
    assert (recheck.state, recheck.ended_on) == (RecheckState.WANTED, None)

    record(patient, count[4])
    recheck.refresh_from_db()
    assert (recheck.state, recheck.ended_on) == (RecheckState.DONE, TODAY)


def test_a_result_answers_no_recheck_of_another_patient(patient):
    other = a_recheck(a_patient(patient.clinic), "potassium", due_on=TODAY)

    record(patient, an_entry("potassium", "4.1", "mmol/L"))

    assert Recheck.objects.get(pk=other.pk).answers.count() == 0
