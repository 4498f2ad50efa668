from datetime import UTC, date, datetime

import pytest

from monitoring.models import RecheckState
from monitoring.queries import (
    alerts_for,
    latest_results,
    live_results,
    open_alerts,
    overdue_rechecks,
    recent_lab_files,
    recent_results,
    recheck_counts,
    recheck_rows,
    rechecks_for,
    results_for,
    rows_that_wait,
)
from tests.factories.lab_files import a_waiting_row
from tests.factories.labs import a_recheck, a_result, an_alert
from tests.factories.people import a_clinic, a_patient, a_user

pytestmark = [pytest.mark.django_db, pytest.mark.data]

TODAY = date(2026, 11, 22)


@pytest.fixture
def patient():
    return a_patient(a_clinic())


def test_a_user_sees_the_rows_of_their_clinics_and_no_others(patient):
    here = [a_result(patient), a_recheck(patient), an_alert(patient)]
    elsewhere = a_patient(a_clinic())
    for make in (a_result, a_recheck, an_alert):
        make(elsewhere)
    user = a_user(patient.clinic, "prescriber", "nurse")

    seen = [list(rows(user)) for rows in (results_for, rechecks_for, alerts_for)]

    assert seen == [[row] for row in here]


def test_a_user_of_no_clinic_sees_nothing(patient):
    a_result(patient)

    assert not results_for(a_user(None)).exists()


def test_the_latest_is_one_row_for_each_analyte_the_newest_that_stands(patient):
    a_result(patient, "haemoglobin", "92", "g/L", taken_on=date(2026, 11, 2))
    newest = a_result(patient, "haemoglobin", "118", "g/L", taken_on=date(2026, 11, 20))
    a_result(patient, "haemoglobin", "99", "g/L", taken_on=date(2026, 11, 9))
    mcv = a_result(patient, "mcv", "118", "fL", taken_on=date(2026, 11, 2))
    a_result(a_patient(patient.clinic), "mcv", "99", "fL")

    assert set(latest_results(patient)) == {newest, mcv}


def test_of_one_day_the_value_entered_last_is_the_latest(patient):
    a_result(patient, value="92")
    last = a_result(patient, value="93")

    assert list(latest_results(patient)) == [last]


def test_a_correction_stands_for_what_it_corrects_even_when_it_is_older(patient):
    old = a_result(patient, value="19", taken_on=date(2026, 11, 20))
    corrected = a_result(
        patient, value="91", taken_on=date(2026, 11, 19), supersedes=old, why="Typed wrongly"
    )

    assert list(latest_results(patient)) == [corrected]
    assert list(live_results(patient)) == [corrected]


def test_what_was_entered_in_error_does_not_stand_and_the_one_before_it_does(patient):
    before = a_result(patient, value="92", taken_on=date(2026, 11, 2))
    wrong = a_result(patient, value="190", taken_on=date(2026, 11, 20))
    a_result(
        patient,
        value="190",
        taken_on=date(2026, 11, 20),
        supersedes=wrong,
        entered_in_error=True,
        why="Of another patient",
    )

    assert list(latest_results(patient)) == [before]
    assert list(live_results(patient)) == [before]


def test_the_recent_results_are_the_clinics_own_the_last_recorded_first(patient):
    first, second = a_result(patient, value="92"), a_result(patient, value="93", taken_on=date(2026, 1, 1))
    a_result(a_patient(a_clinic()))

    assert list(recent_results(patient.clinic)) == [second, first]
    assert list(recent_results(patient.clinic, limit=1)) == [second]


def test_overdue_starts_the_day_after_the_due_day(patient):
    late = a_recheck(patient, due_on=date(2026, 11, 21))
    a_recheck(patient, due_on=TODAY)
    a_recheck(patient, due_on=date(2026, 11, 1), state=RecheckState.DONE, ended_on=TODAY)
    a_recheck(a_patient(patient.clinic, died_on=date(2026, 11, 2)), due_on=date(2026, 11, 1))
    a_recheck(a_patient(a_clinic()), due_on=date(2026, 11, 1))

    assert list(overdue_rechecks(patient.clinic, TODAY)) == [late]


def test_the_bands_count_what_they_show(patient):
    for due_on in (date(2026, 11, 21), TODAY, date(2026, 11, 23), date(2026, 12, 22), date(2026, 12, 23)):
        a_recheck(patient, due_on=due_on)

    counts = recheck_counts(patient.clinic, TODAY)

    assert counts == {"all": 4, "overdue": 1, "due": 1, "soon": 2}
    assert counts == {band: len(recheck_rows(patient.clinic, TODAY, band).rows) for band in counts}


def test_the_parts_of_a_list_hold_every_row_once(patient):
    for day in (20, 20, 20, 21, 22):
        a_recheck(patient, due_on=date(2026, 11, day))

    seen, after = [], None
    while True:
        part = recheck_rows(patient.clinic, TODAY, "all", after=after, limit=2)
        seen += [recheck.pk for recheck in part.rows]
        if (after := part.after) is None:
            break

    assert len(seen) == len(set(seen)) == 5


def test_open_alerts_stand_newest_first(patient):
    first = an_alert(patient)
    second = an_alert(patient, subject="platelets", raised_at=datetime(2026, 11, 3, tzinfo=UTC))
    an_alert(
        patient,
        subject="ended",
        ended_at=datetime(2026, 11, 4, tzinfo=UTC),
        ended_by=a_user(patient.clinic),
        how="Replaced",
    )

    assert list(open_alerts(patient.clinic)) == [second, first]


def test_the_rows_that_wait_are_the_clinics_own_that_nobody_settled_with_the_day_the_oldest_came(patient):
    clinic = patient.clinic
    assert (rows_that_wait(clinic).count, rows_that_wait(clinic).oldest_at) == (0, None)
    oldest, newer, settled = (datetime(2026, 11, day, 9, tzinfo=UTC) for day in (17, 20, 3))
    a_waiting_row(clinic, came_at=newer)
    a_waiting_row(clinic, came_at=oldest)
    a_waiting_row(
        clinic, came_at=settled, settled_at=newer, settled_by=a_user(clinic), why="Of another practice"
    )
    a_waiting_row(a_clinic(), came_at=settled)

    assert (rows_that_wait(clinic).count, rows_that_wait(clinic).oldest_at) == (2, oldest)


def test_of_fifty_one_files_the_fifty_that_came_last_are_listed_the_newest_first(patient):
    clinic = patient.clinic
    files = [a_waiting_row(clinic).file for _ in range(51)]

    listed = recent_lab_files(clinic)

    assert [file.pk for file, _ in listed] == [file.pk for file in reversed(files[1:])]
    assert {waiting for _, waiting in listed} == {1}
