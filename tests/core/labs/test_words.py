from datetime import date
from decimal import Decimal

import pytest

from monitoring.interpretation.analytes import ANALYTES
from monitoring.presenters import words


@pytest.mark.parametrize(
    ("unit", "shown"),
    [
        ("10*9/L", "×10⁹/L"),
        ("mL/min/{1.73_m2}", "mL/min/1.73 m²"),
        ("m[IU]/L", "mIU/L"),
        ("g/L", "g/L"),
        ("1", ""),
    ],
)
def test_a_unit_is_shown_as_people_write_it(unit, shown):
    assert words.unit_on_screen(unit) == shown


@pytest.mark.parametrize("analyte", ANALYTES)
def test_no_accepted_unit_is_shown_in_the_code_of_machines(analyte):
    for unit in ANALYTES[analyte].accepted_units:
        assert not set(words.unit_on_screen(unit)) & set("*[]{}")


def test_units_within_a_sentence_are_shown_as_people_write_them():
    assert words.units_on_screen("Platelets 1600 10*9/L: report it in 10*9/L or 10*3/uL.") == (
        "Platelets 1600 ×10⁹/L: report it in ×10⁹/L or ×10³/µL."
    )
    assert words.units_on_screen("nmol/L and umol/L and ug/mL") == "nmol/L and µmol/L and µg/mL"


@pytest.mark.parametrize(
    ("analyte", "number", "unit", "comparator", "shown"),
    [
        ("total_b12", "205", "pg/mL", "", "151 pmol/L"),
        ("total_b12", "151", "pmol/L", "", "205 ng/L"),
        ("methylmalonic_acid", "0.40", "umol/L", ">", ">400 nmol/L = >47.2 µg/L"),
        ("haemoglobin", "92", "g/L", "", "9.2 g/dL = 5.7 mmol/L"),
        ("platelets", "190", "10*9/L", "", ""),
        ("mcv", "118", "fL", "", ""),
        ("reticulocytes", "2.1", "%", "", ""),
        ("gastrin", "250", "pg/mL", "", ""),
        ("unknown_test", "1", "g/L", "", ""),
    ],
)
def test_a_value_is_converted_into_the_units_that_say_something_new(analyte, number, unit, comparator, shown):
    assert words.conversions(analyte, Decimal(number), unit, comparator) == shown


def test_tests_run_on_in_a_sentence():
    assert words.tests_in_words(["fbc", "folate", "egfr", "total_b12"]) == (
        "Full blood count, serum folate, eGFR, total vitamin B12"
    )
    assert words.tests_in_words(["egfr", "inr"]) == "eGFR, INR"
    assert words.tests_in_words(["haematocrit", "film"]) == "Haematocrit, film"
    assert words.tests_in_words([]) == ""


def test_a_range_is_said_with_the_ends_it_has():
    assert words.range_in_words(Decimal("180.000000"), Decimal("914.000000")) == "180 to 914"
    assert words.range_in_words(None, Decimal("0.400000")) == "up to 0.4"
    assert words.range_in_words(Decimal("100"), None) == "from 100"
    assert words.range_in_words(None, None) == ""


def test_a_day_shows_its_year_when_it_is_another():
    assert words.day(date(2026, 11, 2), date(2026, 11, 22)) == "Mon 2 Nov"
    assert words.day(date(2025, 11, 2), date(2026, 11, 22)) == "Sun 2 Nov 2025"


def test_a_value_is_said_as_it_was_reported():
    assert words.value_in_words("4.10", "<", "mmol/L") == "<4.10 mmol/L"
    assert words.value_in_words("2.1", "", "%") == "2.1%"
    assert words.value_in_words("2.5", "", "1") == "2.5"
    assert words.value_in_words("POSITIVE", "", "", "positive") == "Positive"
