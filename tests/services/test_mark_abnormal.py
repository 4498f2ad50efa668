"""Where the laboratory gives no range, what lies beyond the clinic's is abnormal in the inbox, typed or imported."""

from datetime import UTC, date, datetime

import pytest

from monitoring.models import InboxItem
from monitoring.services.import_lab_file import import_lab_file
from monitoring.services.record_results import record_results
from tests.factories.lab_files import a_csv, a_row, received
from tests.factories.labs import an_entry
from tests.factories.people import a_clinic, a_patient, a_user
from tests.factories.regimens import an_assessment

pytestmark = [pytest.mark.django_db, pytest.mark.data]

AT = datetime(2026, 1, 14, 16, 0, tzinfo=UTC)
TODAY = date(2026, 1, 14)
VALUES = [
    ("total_b12", "60", "pmol/L", True),
    ("total_b12", "133", "pmol/L", False),
    ("total_b12", "<150", "pg/mL", True),
    ("total_b12", ">150", "pg/mL", True),
    ("haemoglobin", "92", "g/L", True),
    ("haemoglobin", "125", "g/L", False),
    ("ferritin", "6", "ug/L", True),
    ("egfr", "41", "mL/min/{1.73_m2}", True),
    ("egfr", ">90", "mL/min/{1.73_m2}", False),
    ("potassium", "6.9", "mmol/L", False),
    ("tsh", "40", "m[IU]/L", False),
]


@pytest.fixture
def clinic():
    return a_clinic()


def ada(clinic, **fields):
    given = {"sex": "female", "born_on": date(1990, 3, 2), "record_number": "R-1"} | fields
    return a_patient(clinic, **given)


def typed(patient, *entries):
    by = a_user(patient.clinic, "nurse")
    record_results(patient=patient, taken_on=date(2026, 1, 5), entries=entries, by=by, at=AT, today=TODAY)


def marked():
    return list(InboxItem.objects.order_by("result_id").values_list("abnormal", flat=True))


@pytest.mark.parametrize(("analyte", "value", "unit", "abnormal"), VALUES)
def test_a_typed_value_without_a_range(clinic, analyte, value, unit, abnormal):
    typed(ada(clinic), an_entry(analyte, value, unit, confirmed_because="As the report says."))

    assert marked() == [abnormal]


@pytest.mark.parametrize(("analyte", "value", "unit", "abnormal"), VALUES)
def test_an_imported_value_without_a_range(clinic, analyte, value, unit, abnormal):
    ada(clinic)
    codes = {"total_b12": "14685-2" if unit == "pmol/L" else "2132-9"}
    row = a_row(code=codes.get(analyte, analyte), value=value, unit=unit, range="", born_on="1990-03-02")
    import_lab_file(file=received(clinic, a_csv(row)), accept_partial=False, by=None, at=AT, today=TODAY)

    assert marked() == [abnormal]


@pytest.mark.parametrize(("low", "high"), [("90", ""), ("", "165"), ("90", "165")])
def test_the_laboratorys_range_goes_before_the_clinics(clinic, low, high):
    typed(ada(clinic), an_entry("haemoglobin", "92", "g/L", low=low, high=high))

    assert marked() == [False]


def test_it_goes_by_the_patients_sex_and_the_age_on_the_day_of_the_sample(clinic):
    entries = an_entry("haemoglobin", "125", "g/L"), an_entry("methylmalonic_acid", "300", "nmol/L")
    typed(ada(clinic, born_on=date(1961, 1, 6)), *entries)
    typed(ada(clinic, sex="male", born_on=date(1961, 1, 5), record_number="R-2"), *entries)

    assert marked() == [False, True, True, False]


class TestInPregnancy:
    @pytest.mark.parametrize(
        ("said", "abnormal"),
        [
            ({"pregnancy": "pregnant", "as_of": date(2026, 1, 5)}, False),
            ({"pregnancy": "pregnant", "as_of": date(2026, 1, 6)}, True),
            ({"pregnancy": "pregnant", "as_of": date(2026, 1, 6), "gestation_weeks": 12}, False),
            ({"pregnancy": "pregnant", "as_of": date(2025, 3, 31)}, False),
            ({"pregnancy": "pregnant", "as_of": date(2025, 3, 30)}, True),
            ({"pregnancy": "pregnant", "as_of": date(2025, 7, 14), "gestation_weeks": 15}, False),
            ({"pregnancy": "pregnant", "as_of": date(2025, 7, 13), "gestation_weeks": 15}, True),
            ({"pregnancy": "breastfeeding", "as_of": date(2026, 1, 5)}, True),
            ({"pregnancy": "none", "as_of": date(2026, 1, 5)}, True),
        ],
    )
    def test_the_last_assessment_says_until_when(self, clinic, said, abnormal):
        patient = ada(clinic)
        an_assessment(patient, a_user(clinic), **said)
        typed(patient, an_entry("haemoglobin", "112", "g/L"))

        assert marked() == [abnormal]

    def test_a_later_assessment_ends_it(self, clinic):
        patient, doctor = ada(clinic), a_user(clinic)
        an_assessment(patient, doctor, pregnancy="pregnant", as_of=date(2026, 1, 2))
        an_assessment(patient, doctor, pregnancy="none", as_of=date(2026, 1, 3))
        typed(patient, an_entry("haemoglobin", "112", "g/L"))

        assert marked() == [True]
