from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction

from b12clinic.accounts.models import AuditEvent
from b12clinic.jobs.models import Pending
from monitoring.models import RecheckState, Result
from monitoring.services.correct_result import ResultOver, correct_result, result_entered_in_error
from monitoring.services.record_results import ResultsRefused, record_results
from tests.factories.labs import a_recheck, a_result, an_entry
from tests.factories.people import a_clinic, a_patient, a_user

pytestmark = [pytest.mark.django_db, pytest.mark.data]

AT = datetime(2026, 11, 22, 10, tzinfo=UTC)
TODAY = date(2026, 11, 22)
WHY = "The report says 91"


@pytest.fixture
def patient():
    return a_patient(a_clinic())


@pytest.fixture
def doctor(patient):
    return a_user(patient.clinic, first_name="Mina", last_name="Example")


def correct(result, entry, by, why=WHY):
    return correct_result(result=result, entry=entry, why=why, by=by, at=AT, today=TODAY)


def in_error(result, by, why="Of another patient"):
    return result_entered_in_error(result=result, why=why, by=by, at=AT, today=TODAY)


def test_a_correction_is_a_new_row_and_the_old_one_stays_as_it_was(patient, doctor):
    old = a_result(patient, "haemoglobin", "19", "g/L")

    new = correct(old, an_entry("haemoglobin", "91", "g/L"), doctor)

    old.refresh_from_db()
    assert (old.reported_value, old.entered_in_error) == ("19", False)
    assert (new.reported_value, new.supersedes, new.why, new.taken_on) == ("91", old, WHY, old.taken_on)
    assert list(Result.objects.live()) == [new]


def test_a_correction_may_move_the_day(patient, doctor):
    old = a_result(patient, taken_on=date(2026, 11, 12))

    new = correct(old, an_entry(taken_on=date(2026, 11, 21)), doctor)

    assert new.taken_on == date(2026, 11, 21)


def test_a_correction_is_not_a_duplicate_of_what_it_corrects(patient, doctor):
    old = a_result(patient, "ferritin", "40", "ug/L")

    new = correct(old, an_entry("ferritin", "40", "ng/mL"), doctor, why="The unit was wrong")

    assert new.unit == "ng/mL"


def test_a_correction_is_doubted_like_any_other_value(patient, doctor):
    old = a_result(patient, "total_b12", "120", "pmol/L")

    with pytest.raises(ResultsRefused) as refused:
        correct(old, an_entry("total_b12", "205", "pmol/L"), doctor)

    assert refused.value.refusals[0].stop.code == "FITS_TWO_UNITS"
    assert Result.objects.count() == 1


def test_a_correction_wants_a_reason_and_the_same_test(patient, doctor):
    old = a_result(patient)

    with pytest.raises(ResultsRefused, match="Say why the recorded value is wrong"):
        correct(old, an_entry(value="91"), doctor, why=" ")
    with pytest.raises(ResultsRefused, match="A correction stays with its test"):
        correct(old, an_entry("mcv", "91", "fL"), doctor)

    assert Result.objects.count() == 1


def test_the_second_of_two_corrections_learns_who_was_first(patient, doctor):
    old = a_result(patient, "haemoglobin", "19", "g/L")
    first = correct(old, an_entry(value="91"), doctor)

    with pytest.raises(
        ResultOver, match="was corrected by Mina Example meanwhile: “The report says 91”"
    ) as over:
        correct(old, an_entry(value="92"), a_user(patient.clinic))

    assert over.value.result == first


def test_a_result_is_superseded_once_whatever_the_code_does(patient):
    old = a_result(patient)
    a_result(patient, supersedes=old, why="First")

    with pytest.raises(IntegrityError), transaction.atomic():
        a_result(patient, supersedes=old, why="Second")


def test_what_was_entered_in_error_counts_no_more_and_is_still_there(patient, doctor):
    wrong = a_result(patient, "potassium", "2.9", "mmol/L")

    fallen = in_error(wrong, doctor)

    assert (fallen.reported_value, fallen.unit, fallen.entered_in_error) == ("2.9", "mmol/L", True)
    assert not Result.objects.live().exists()
    assert Result.objects.count() == 2


def test_a_word_can_be_entered_in_error_too(patient, doctor):
    wrong = a_result(patient, "intrinsic_factor_antibody", "positive", "")

    assert in_error(wrong, doctor).coded == "positive"


def test_an_error_wants_a_reason_and_happens_once(patient, doctor):
    wrong = a_result(patient)

    with pytest.raises(ResultsRefused, match="Say why"):
        in_error(wrong, doctor, why="")
    fallen = in_error(wrong, doctor)
    with pytest.raises(ResultOver, match="marked as entered in error by Mina Example"):
        in_error(wrong, doctor)
    with pytest.raises(ResultOver, match="entered in error; enter the right one anew"):
        correct(fallen, an_entry(), doctor)


def test_both_acts_leave_their_trace_and_ask_for_the_rules(patient, doctor):
    corrected = correct(a_result(patient, value="19"), an_entry(value="91"), doctor)
    in_error(corrected, doctor)

    assert list(AuditEvent.objects.order_by("id").values_list("action", "reason")) == [
        ("result.corrected", "The report says 91"),
        ("result.entered_in_error", "Of another patient"),
    ]
    assert Pending.objects.filter(kind="monitoring.results_recorded", subject_id=patient.pk).count() == 1


def test_a_recheck_completed_by_a_result_entered_in_error_is_wanted_again(patient, doctor):
    recheck = a_recheck(patient, "potassium", due_on=TODAY)
    [result] = record_results(
        patient=patient,
        taken_on=TODAY,
        entries=[an_entry("potassium", "4.1", "mmol/L")],
        by=doctor,
        at=AT,
        today=TODAY,
    )

    in_error(result, doctor)

    recheck.refresh_from_db()
    assert (recheck.state, recheck.ended_on, recheck.answers.count()) == (RecheckState.WANTED, None, 0)
    assert AuditEvent.objects.filter(action="recheck.reopened", reason="Of another patient").count() == 1


def test_a_corrected_result_goes_on_answering_its_recheck(patient, doctor):
    recheck = a_recheck(patient, "potassium", due_on=TODAY)
    [result] = record_results(
        patient=patient,
        taken_on=TODAY,
        entries=[an_entry("potassium", "4.1", "mmol/L")],
        by=doctor,
        at=AT,
        today=TODAY,
    )

    new = correct(result, an_entry("potassium", "4.7", "mmol/L"), doctor)

    recheck.refresh_from_db()
    assert recheck.state == RecheckState.DONE
    assert recheck.answers.get().result == new


def test_a_correction_that_moves_the_day_out_of_the_window_no_longer_answers(patient, doctor):
    recheck = a_recheck(patient, "potassium", due_on=TODAY)
    [result] = record_results(
        patient=patient,
        taken_on=TODAY,
        entries=[an_entry("potassium", "4.1", "mmol/L")],
        by=doctor,
        at=AT,
        today=TODAY,
    )

    correct(result, an_entry("potassium", "4.1", "mmol/L", taken_on=date(2026, 11, 14)), doctor)

    recheck.refresh_from_db()
    assert recheck.state == RecheckState.WANTED


def test_a_second_sample_steps_in_for_one_that_falls(patient, doctor):
    recheck = a_recheck(patient, "potassium", due_on=TODAY)
    first, second = record_results(
        patient=patient,
        taken_on=TODAY,
        entries=[an_entry("potassium", "4.1", "mmol/L"), an_entry("potassium", "4.3", "mmol/L")],
        by=doctor,
        at=AT,
        today=TODAY,
    )
    assert recheck.answers.get().result == first

    in_error(first, doctor)

    recheck.refresh_from_db()
    assert recheck.state == RecheckState.DONE
    assert recheck.answers.get().result == second
