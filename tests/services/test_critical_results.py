"""Critical values alert in the transaction that writes them, typed or imported, with a plan or without one."""

from datetime import UTC, date, datetime

import pytest

from monitoring.models import Alert, InboxItem, Result
from monitoring.services.correct_result import correct_result, result_entered_in_error
from monitoring.services.import_lab_file import import_lab_file
from monitoring.services.record_results import record_results
from regimens.tasks import results_recorded
from tests.factories.lab_files import a_csv, a_row, received
from tests.factories.labs import a_result, an_alert, an_entry
from tests.factories.people import a_clinic, a_patient, a_user
from tests.factories.regimens import a_regimen, give

pytestmark = [pytest.mark.django_db, pytest.mark.data]

AT = datetime(2026, 1, 14, 16, 0, tzinfo=UTC)
TODAY = date(2026, 1, 14)
EDGES = [
    ("potassium", "3.4", "mmol/L", True),
    ("potassium", "3.5", "mmol/L", False),
    ("platelets", "24", "10*9/L", True),
    ("platelets", "25", "10*9/L", False),
    ("haemoglobin", "79", "g/L", True),
    ("haemoglobin", "80", "g/L", False),
]


@pytest.fixture
def clinic():
    return a_clinic()


@pytest.fixture
def nurse(clinic):
    return a_user(clinic, "nurse")


@pytest.fixture
def patient(clinic):
    return a_patient(clinic, name="Ada Example", record_number="R-1")


def typed(patient, by, *entries, taken_on=TODAY):
    return record_results(patient=patient, taken_on=taken_on, entries=entries, by=by, at=AT, today=TODAY)


def imported(clinic, *rows, name="results.csv"):
    file = received(clinic, a_csv(*rows), name=name)
    import_lab_file(file=file, accept_partial=False, by=None, at=AT, today=TODAY)


def urgent():
    return list(Alert.objects.filter(ended_at=None, severity="urgent").values_list("rule", flat=True))


@pytest.mark.parametrize(("analyte", "value", "unit", "critical"), EDGES)
def test_a_typed_value_alerts_at_once_below_its_limit(patient, nurse, analyte, value, unit, critical):
    typed(patient, nurse, an_entry(analyte, value, unit))

    assert len(urgent()) == critical
    assert InboxItem.objects.get().critical is critical


@pytest.mark.parametrize(("analyte", "value", "unit", "critical"), EDGES)
def test_an_imported_value_alerts_at_once_below_its_limit(clinic, patient, analyte, value, unit, critical):
    imported(clinic, a_row(code=analyte, value=value, unit=unit, range=""))

    item = InboxItem.objects.get()
    assert len(urgent()) == critical
    assert item.critical is critical


def test_the_alert_says_what_was_measured_when_and_what_to_do(clinic, patient):
    imported(clinic, a_row(code="potassium", value="2.9", unit="mmol/L", range="3.5-5.3"))

    alert = Alert.objects.get()
    assert (alert.patient, alert.clinic, alert.rule, alert.raised_at) == (patient, clinic, "K_LOW", AT)
    assert alert.sentence == (
        "Potassium 2.9 mmol/L on 5 Jan 2026: correct it the same day and recheck; with any ECG change the first dose is "
        "given in hospital. Do not withhold B12."
    )
    assert alert.source == "local policy"


def test_the_rules_of_a_running_plan_do_not_say_the_same_again(patient, nurse):
    a_regimen(patient, a_user(patient.clinic))
    typed(patient, nurse, an_entry("potassium", "2.9", "mmol/L"), an_entry("platelets", "20", "10*9/L"))

    for _ in range(2):
        results_recorded(patient.pk, AT)

    told = Alert.objects.filter(rule__in=["K_LOW", "PLT_LOW_BLOCK_IM"]).values_list("rule", flat=True)
    assert sorted(told) == ["K_LOW", "PLT_LOW_BLOCK_IM"]


def test_a_worse_value_is_an_alert_of_its_own(patient, nurse):
    typed(patient, nurse, an_entry("potassium", "2.9", "mmol/L"), taken_on=date(2026, 1, 12))
    typed(patient, nurse, an_entry("potassium", "2.4", "mmol/L"))

    assert urgent() == ["K_LOW", "K_LOW"]


def test_an_old_value_with_a_newer_one_beside_it_alerts_nobody(clinic, patient):
    potassium = {"code": "potassium", "unit": "mmol/L", "range": "3.5-5.3"}
    imported(
        clinic,
        a_row(**potassium, value="2.9", taken_on="2019-03-04"),
        a_row(**potassium, value="4.1", taken_on="2026-01-05"),
    )

    assert urgent() == []
    assert sorted(InboxItem.objects.values_list("critical", "abnormal")) == [(False, False), (False, True)]


def test_the_same_file_twice_alerts_once(clinic, patient):
    for _ in range(2):
        imported(clinic, a_row(code="potassium", value="2.9", unit="mmol/L", range=""))

    assert urgent() == ["K_LOW"]


def test_a_value_corrected_into_danger_alerts_and_one_taken_back_is_no_longer_there(patient, nurse):
    [result] = typed(patient, nurse, an_entry("potassium", "4.9", "mmol/L"))
    now = {"by": nurse, "at": AT, "today": TODAY}
    corrected = correct_result(
        result=result, entry=an_entry("potassium", "2.9", "mmol/L"), why="Misread", **now
    )
    assert urgent() == ["K_LOW"]
    assert [item.result for item in InboxItem.objects.waiting()] == [corrected]

    result_entered_in_error(result=corrected, why="Another patient's", **now)
    assert not InboxItem.objects.waiting().exists()
    assert urgent() == ["K_LOW"]  # an alert ends by a person


class TestWhatIsTyped:
    def test_what_a_nurse_types_waits_for_a_prescriber(self, patient, nurse):
        typed(patient, nurse, an_entry("haemoglobin", "92", "g/L", low="115", high="165"))

        item = InboxItem.objects.get()
        assert (item.abnormal, item.owner, item.acknowledged_by, item.arrived_at) == (True, None, None, AT)

    def test_what_a_prescriber_types_they_have_seen(self, patient):
        doctor = a_user(patient.clinic, "prescriber")
        typed(patient, doctor, an_entry("potassium", "2.9", "mmol/L"))

        item = InboxItem.objects.get()
        assert (item.acknowledged_by, item.acknowledged_at, item.note) == (doctor, AT, "Entered by hand.")
        assert urgent() == ["K_LOW"]


def test_who_was_to_see_to_a_result_sees_to_the_corrected_one(clinic, patient, nurse):
    doctor = a_user(clinic)
    imported(clinic, a_row(source_id="L1"))
    InboxItem.objects.update(owner=doctor)
    imported(clinic, a_row(source_id="L1", value="98", status="C"), name="corrections.csv")

    [item] = InboxItem.objects.waiting()
    assert (item.result.reported_value, item.owner) == ("98", doctor)


def test_a_result_from_before_the_inbox_breaks_nothing(patient, nurse):
    old = a_result(patient, "potassium", "4.1", "mmol/L")
    correct_result(
        result=old,
        entry=an_entry("potassium", "3.4", "mmol/L"),
        why="Misread",
        by=nurse,
        at=datetime(2026, 11, 22, 10, tzinfo=UTC),
        today=date(2026, 11, 22),
    )

    assert urgent() == ["K_LOW"]


BEFORE = "; with any ECG change the first dose is given in hospital"


@pytest.mark.parametrize(
    ("given_on", "first_dose"),
    [
        (None, True),
        (date(2025, 9, 13), True),
        (date(2025, 9, 14), False),
        (date(2026, 1, 14), False),
    ],
)
def test_a_first_dose_is_spoken_of_only_before_it(patient, nurse, given_on, first_dose):
    if given_on is not None:
        regimen = a_regimen(patient, a_user(patient.clinic), starts_on=given_on)
        give(regimen, nurse, given_on, drug="hydroxocobalamin")
        Alert.objects.all().delete()
    typed(patient, nurse, an_entry("potassium", "2.9", "mmol/L"))

    [alert] = Alert.objects.filter(rule="K_LOW")
    said = f"correct it the same day and recheck{BEFORE if first_dose else ''}. Do not withhold B12."
    assert alert.sentence == f"Potassium 2.9 mmol/L on 14 Jan 2026: {said}"


class TestAValueThatNothingFollowsAnyMore:
    @pytest.fixture
    def later(self, clinic, patient):
        """3.9 of 12 January, which came with a 2.6 of 5 January that therefore alerted nobody."""
        potassium = {"code": "potassium", "unit": "mmol/L", "range": "3.5-5.3"}
        rows = a_row(**potassium, value="2.6"), a_row(**potassium, value="3.9", taken_on="2026-01-12")
        imported(clinic, *rows)
        assert urgent() == []
        return Result.objects.get(reported_value="3.9")

    def test_alerts_when_the_later_one_was_entered_in_error(self, later, nurse):
        result_entered_in_error(result=later, why="Another patient's", by=nurse, at=AT, today=TODAY)

        assert [alert.sentence.split(":")[0] for alert in Alert.objects.all()] == [
            "Potassium 2.6 mmol/L on 5 Jan 2026"
        ]
        assert InboxItem.objects.get(critical=True).result.reported_value == "2.6"

    def test_alerts_nobody_again_where_somebody_has_ended_its_alert(self, later, nurse, patient):
        first = Result.objects.get(reported_value="2.6")
        an_alert(patient, subject=f"result:{first.public_id}", ended_at=AT, ended_by=nurse, how="Replaced.")
        result_entered_in_error(result=later, why="Another patient's", by=nurse, at=AT, today=TODAY)

        assert urgent() == []

    def test_alerts_nobody_while_the_later_one_is_only_corrected(self, later, nurse):
        entry = an_entry("potassium", "3.6", "mmol/L")
        correct_result(result=later, entry=entry, why="Misread", by=nurse, at=AT, today=TODAY)

        assert urgent() == []
