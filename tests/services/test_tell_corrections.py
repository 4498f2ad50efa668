"""An alert on a value that is corrected says so, in front, and stays open until a person ends it."""

from datetime import UTC, date, datetime

import pytest

from b12clinic.accounts.models import AuditEvent
from monitoring.models import Alert
from monitoring.services.correct_result import correct_result, result_entered_in_error
from monitoring.services.import_lab_file import import_lab_file
from monitoring.services.record_results import record_results
from tests.factories.lab_files import a_csv, a_row, received
from tests.factories.labs import an_alert, an_entry
from tests.factories.people import a_clinic, a_patient, a_user

pytestmark = [pytest.mark.django_db, pytest.mark.data]

AT = datetime(2026, 1, 14, 16, 0, tzinfo=UTC)
TODAY = date(2026, 1, 14)
LOW = (
    "Potassium 2.6 mmol/L on 5 Jan 2026: correct it the same day and recheck; with any ECG change the first dose is given "
    "in hospital. Do not withhold B12."
)


@pytest.fixture
def clinic():
    return a_clinic(time_zone="Europe/London")


@pytest.fixture
def nurse(clinic):
    return a_user(clinic, "nurse")


@pytest.fixture
def patient(clinic):
    return a_patient(clinic, name="Ada Example", born_on=date(1948, 3, 2), record_number="R-1")


def potassium(value, **cells):
    given = {"code": "potassium", "unit": "mmol/L", "range": "3.5-5.3", "source_id": "L1", "status": "F"}
    return a_row(value=value, **given | cells)


def imported(clinic, *rows, at=AT):
    file = received(clinic, a_csv(*rows), name=f"{Alert.objects.count()}-{rows[-1]['value']}.csv")
    import_lab_file(file=file, accept_partial=False, by=None, at=at, today=TODAY)


def sentences():
    return list(Alert.objects.filter(ended_at=None).order_by("pk").values_list("sentence", flat=True))


def test_a_laboratorys_correction_stands_in_front_of_what_the_alert_said(clinic, patient):
    imported(clinic, potassium("2.6"))
    imported(clinic, potassium("4.6", status="C"))

    said = f"Corrected to 4.6 mmol/L by the laboratory, 14 Jan 2026 at 16:00. Before that: {LOW}"
    assert sentences() == [said]
    event = AuditEvent.objects.get(action="alert.value_corrected")
    assert (event.before, event.after) == ({"sentence": LOW}, {"sentence": said})


def test_the_moment_of_the_correction_is_told_by_the_clinics_clock(clinic, patient):
    imported(clinic, potassium("2.6"))
    imported(clinic, potassium("4.6", status="C"), at=datetime(2026, 7, 1, 9, 5, tzinfo=UTC))

    assert sentences()[0].startswith("Corrected to 4.6 mmol/L by the laboratory, 1 Jul 2026 at 10:05. ")


def test_a_laboratorys_correction_into_the_critical_range_alerts(clinic, patient):
    imported(clinic, potassium("4.6"))
    assert sentences() == []

    imported(clinic, potassium("2.6", status="C"))
    assert sentences() == [LOW]


def test_a_second_correction_reaches_the_first_alert_too(clinic, patient):
    imported(clinic, potassium("2.6"))
    imported(clinic, potassium("4.6", status="C"))
    imported(clinic, potassium("2.4", status="C"))

    first, second = sentences()
    assert first.startswith(
        "Corrected to 2.4 mmol/L by the laboratory, 14 Jan 2026 at 16:00. Before that: Corrected to 4.6"
    )
    assert second.startswith("Potassium 2.4 mmol/L on 5 Jan 2026: ")


def test_a_value_corrected_twice_in_one_file_is_told_once_with_what_stands(clinic, patient):
    imported(clinic, potassium("2.6"))
    imported(clinic, potassium("2.8", status="C"), potassium("4.6", status="C"))

    assert sentences() == [
        f"Corrected to 4.6 mmol/L by the laboratory, 14 Jan 2026 at 16:00. Before that: {LOW}"
    ]


def test_what_a_person_corrects_or_takes_back_is_told_under_their_name(patient, nurse):
    now = {"by": nurse, "at": AT, "today": TODAY}
    low = an_entry("potassium", "2.6", "mmol/L")
    [result] = record_results(patient=patient, taken_on=date(2026, 1, 5), entries=[low], **now)
    right = correct_result(result=result, entry=an_entry("potassium", "3.6", "mmol/L"), why="Misread", **now)
    corrected = f"Corrected to 3.6 mmol/L by {nurse.display_name}, 14 Jan 2026 at 16:00. Before that: {LOW}"
    assert sentences() == [corrected]

    result_entered_in_error(result=right, why="Another patient's", **now)
    assert sentences() == [
        f"Marked as entered in error by {nurse.display_name}, 14 Jan 2026 at 16:00. Before that: {corrected}"
    ]


def test_other_alerts_and_ended_ones_stay_as_they_were(clinic, patient, nurse):
    imported(clinic, potassium("2.6"), potassium("2.5", source_id="L2", taken_on="2026-01-06"))
    other = an_alert(patient, subject="potassium", sentence="Of a plan.")
    Alert.objects.exclude(pk=other.pk).update(ended_at=AT, ended_by=nurse, how="Corrected on the ward.")
    imported(clinic, potassium("4.6", status="C"))
    imported(clinic, potassium("4.7", status="C", source_id="L2", taken_on="2026-01-06"))

    assert not Alert.objects.filter(sentence__startswith="Corrected").exists()


def test_an_alert_on_another_value_of_the_patient_is_left_alone(clinic, patient):
    imported(clinic, potassium("2.6"))
    imported(clinic, potassium("130", code="haemoglobin", unit="g/L", range="", source_id="L2"))
    imported(clinic, potassium("131", code="haemoglobin", unit="g/L", range="", source_id="L2", status="C"))

    assert sentences() == [LOW]
