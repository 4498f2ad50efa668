"""Two values of one day: the moments of sampling say which is newer; where they are not all known, a critical one alerts."""

from datetime import UTC, date, datetime

import pytest

from monitoring.models import Alert, InboxItem, Result, WaitingRow
from monitoring.queries import latest_results
from monitoring.queries.inbox import Asked, inbox_page
from monitoring.queries.results import reported_values
from monitoring.services.correct_result import correct_result, result_entered_in_error
from monitoring.services.import_lab_file import import_lab_file
from monitoring.services.record_results import record_results
from monitoring.services.settle_waiting_row import Supplied, settle_waiting_row
from tests.factories.lab_files import a_csv, a_row, received
from tests.factories.labs import a_result, an_entry
from tests.factories.people import a_clinic, a_patient, a_user

pytestmark = [pytest.mark.django_db, pytest.mark.data]

AT = datetime(2026, 1, 14, 16, 0, tzinfo=UTC)
TODAY = date(2026, 1, 14)
DAY = date(2026, 1, 5)
FOUR, EIGHT = datetime(2026, 1, 5, 16, 0, tzinfo=UTC), datetime(2026, 1, 5, 8, 0, tzinfo=UTC)


@pytest.fixture
def clinic():
    return a_clinic(time_zone="Europe/London")


@pytest.fixture
def nurse(clinic):
    return a_user(clinic, "nurse")


@pytest.fixture
def patient(clinic):
    return a_patient(clinic, name="Ada Example", born_on=date(1948, 3, 2), record_number="R-1")


def typed(patient, by, *values):
    entries = [an_entry("potassium", value, "mmol/L") for value in values]
    return record_results(patient=patient, taken_on=DAY, entries=entries, by=by, at=AT, today=TODAY)


def imported(clinic, content, name="results.hl7", partial=False):
    file = received(clinic, content, name=name)
    import_lab_file(file=file, accept_partial=partial, by=None, at=AT, today=TODAY)


def potassiums(*given, ordered="20260105"):
    """One message with a potassium for each of (value, OBX-14)."""
    lines = [
        "MSH|^~\\&|LAB|HOSP|B12|CLINIC|20260105||ORU^R01|1|P|2.4",
        "PID|1||R-1^^^^MR||Example^Ada||19480302|F",
        f"OBR|1||N1|KALI|||{ordered}",
    ]
    lines += [
        f"OBX|{place}|NM|2823-3^Potassium^LN|{place}|{value}|mmol/L|||||F|||{taken}"
        for place, (value, taken) in enumerate(given, start=1)
    ]
    return "\r".join(lines).encode() + b"\r"


def alerted():
    return [alert.sentence.split(": ")[0] for alert in Alert.objects.order_by("pk")]


@pytest.mark.parametrize("values", [("2.4", "3.8"), ("3.8", "2.4")])
def test_of_two_typed_values_of_a_day_the_critical_one_alerts_whichever_is_typed_first(
    patient, nurse, values
):
    typed(patient, nurse, *values)

    assert alerted() == ["Potassium 2.4 mmol/L on 5 Jan 2026"]
    assert InboxItem.objects.get(critical=True).result.reported_value == "2.4"


def test_a_normal_value_typed_later_for_that_day_leaves_the_alert(patient, nurse):
    typed(patient, nurse, "2.4")
    typed(patient, nurse, "3.8")

    assert Alert.objects.filter(ended_at=None).count() == 1


def test_the_later_of_two_moments_alerts_though_it_stands_first_in_the_file(clinic, patient):
    imported(clinic, potassiums(("2.3", "202601051600"), ("3.9", "202601050800")))

    assert alerted() == ["Potassium 2.3 mmol/L on 5 Jan 2026 at 16:00"]
    assert Result.objects.get(reported_value="2.3").taken_at == FOUR


def test_a_critical_value_that_a_later_moment_of_the_day_followed_alerts_nobody(clinic, patient):
    imported(clinic, potassiums(("3.9", "202601051600"), ("2.3", "202601050800")))

    assert alerted() == []


def test_two_values_of_one_moment_tell_no_order_so_the_critical_one_alerts(clinic, patient):
    imported(clinic, potassiums(("2.3", "202601050800"), ("3.9", "202601050800")))

    assert alerted() == ["Potassium 2.3 mmol/L on 5 Jan 2026 at 08:00"]


def test_one_moment_that_is_not_known_makes_the_order_of_the_day_unknown(clinic, patient):
    imported(clinic, potassiums(("2.3", "202601050800"), ("3.9", "202601051600"), ("3.8", "20260105")))

    assert alerted() == ["Potassium 2.3 mmol/L on 5 Jan 2026 at 08:00"]


def test_a_later_day_follows_whatever_the_moments(clinic, patient):
    imported(clinic, potassiums(("2.3", "20260105"), ("3.9", "20260106")))

    assert alerted() == []


def test_without_a_moment_of_its_own_a_result_has_that_of_its_order(clinic, patient):
    imported(clinic, potassiums(("3.9", ""), ordered="202601050800"))

    assert Result.objects.get().taken_at == EIGHT


def test_a_csv_with_times_keeps_them_in_the_clinics_zone(clinic, patient):
    clinic.time_zone = "Europe/Amsterdam"
    clinic.save()
    rows = [a_row(taken_on="2026-01-05 09:00", value="91"), a_row(taken_on="2026-01-05", value="92")]
    imported(clinic, a_csv(*rows), name="results.csv")

    assert list(Result.objects.order_by("reported_value").values_list("taken_on", "taken_at")) == [
        (DAY, EIGHT),
        (DAY, None),
    ]


def test_rules_grid_and_panels_take_the_value_of_the_latest_moment_for_the_newest(clinic, patient):
    late = a_result(patient, "potassium", "2.3", "mmol/L", taken_on=DAY, taken_at=FOUR)
    early = a_result(patient, "potassium", "3.9", "mmol/L", taken_on=DAY, taken_at=EIGHT)

    assert [value.text for value in reported_values(patient)] == ["2.3", "3.9"]
    assert list(latest_results(patient)) == [late]
    assert list(Result.objects.newest_first()) == [late, early]


def test_a_value_without_a_moment_counts_from_when_it_was_entered(patient):
    noon = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
    a_result(patient, value="90", taken_on=DAY, recorded_at=noon)
    a_result(patient, value="91", taken_on=DAY, taken_at=FOUR)
    a_result(patient, value="92", taken_on=DAY, taken_at=EIGHT)

    assert [value.text for value in reported_values(patient)] == ["91", "90", "92"]


def test_the_inbox_puts_beside_a_value_the_one_sampled_before_it(clinic, patient):
    imported(clinic, potassiums(("2.3", "202601051600"), ("3.9", "202601050800"), ("3.7", "202601051200")))

    page = inbox_page(clinic, a_user(clinic), Asked())
    before = {
        item.result.reported_value: page.previous.get(item.result_id) for item in page.patients[0].items
    }
    assert {value: row and row.reported_value for value, row in before.items()} == {
        "2.3": "3.7",
        "3.7": "3.9",
        "3.9": None,
    }


class TestAMomentIsKept:
    def test_by_a_correction_of_the_value_and_not_by_one_of_the_day(self, patient, nurse):
        now = {"by": nurse, "at": AT, "today": TODAY}
        result = a_result(patient, "potassium", "3.9", "mmol/L", taken_on=DAY, taken_at=EIGHT)
        same = correct_result(
            result=result, entry=an_entry("potassium", "3.8", "mmol/L"), why="Misread", **now
        )
        other = an_entry("potassium", "3.8", "mmol/L", taken_on=TODAY)
        moved = correct_result(result=same, entry=other, why="Of today", **now)

        assert (same.taken_at, moved.taken_at) == (EIGHT, None)

    def test_by_a_row_that_says_it_was_entered_in_error(self, patient, nurse):
        result = a_result(patient, taken_on=DAY, taken_at=EIGHT)
        fallen = result_entered_in_error(result=result, why="Not hers", by=nurse, at=AT, today=TODAY)

        assert fallen.taken_at == EIGHT

    @pytest.mark.parametrize(("day", "moment"), [(None, EIGHT), (DAY, None)])
    def test_by_a_row_that_waited_unless_somebody_names_the_day(self, clinic, patient, nurse, day, moment):
        row = a_row(taken_on="2026-01-05 08:00", unit="")
        imported(clinic, a_csv(row), name="results.csv", partial=True)
        supplied = Supplied(patient=patient, unit="g/L", taken_on=day)
        settled = settle_waiting_row(
            row=WaitingRow.objects.get(), supplied=supplied, by=nurse, at=AT, today=TODAY
        )

        assert settled.result.taken_at == moment

    def test_by_a_row_whose_test_was_not_known(self, clinic, patient, nurse):
        row = a_row(taken_on="2026-01-05 08:00", code="HBX")
        imported(clinic, a_csv(row), name="results.csv", partial=True)
        settled = settle_waiting_row(
            row=WaitingRow.objects.get(),
            supplied=Supplied(patient=patient, analyte="haemoglobin"),
            by=nurse,
            at=AT,
            today=TODAY,
        )

        assert settled.result.taken_at == EIGHT
