from decimal import Decimal

import pytest

from monitoring.interpretation.analytes import ANALYTES
from monitoring.interpretation.doubts import Range, doubts_about
from monitoring.interpretation.entry import hangs_on_treatment

D = Decimal
NO_RANGE = Range(None, None)


def codes(analyte, value, unit, low=None, high=None):
    limits = Range(D(low) if low else None, D(high) if high else None)
    return [doubt.code for doubt in doubts_about(analyte, D(value), unit, limits)]


@pytest.mark.parametrize("unit", ["pg/mL", "ng/L", "pmol/L"])
def test_a_b12_of_150_to_400_fits_two_units_and_is_doubted(unit):
    assert codes("total_b12", "149", unit) == []
    assert codes("total_b12", "150", unit) == ["FITS_TWO_UNITS"]
    assert codes("total_b12", "400", unit) == ["FITS_TWO_UNITS"]
    assert codes("total_b12", "401", unit) == []


def test_the_laboratorys_own_range_settles_which_unit_a_b12_is_in():
    assert codes("total_b12", "205", "pg/mL", "200", "900") == []
    assert codes("total_b12", "205", "pmol/L", "145", "569") == []


def test_a_range_that_fits_both_units_settles_nothing():
    assert codes("total_b12", "205", "pg/mL", "170", "650") == ["FITS_TWO_UNITS"]


def test_half_a_range_settles_nothing():
    assert codes("total_b12", "205", "pg/mL", "200") == ["FITS_TWO_UNITS"]


def test_a_b12_with_the_other_units_range_is_ambiguous_whatever_its_value():
    assert codes("total_b12", "120", "pmol/L", "200", "900") == ["UNIT_AMBIGUOUS"]
    assert codes("total_b12", "120", "pg/mL", "145", "569") == ["UNIT_AMBIGUOUS"]


def test_an_implausible_value_is_doubted():
    assert codes("methylmalonic_acid", "0.28", "nmol/L") == ["UNIT_IMPLAUSIBLE"]
    assert codes("methylmalonic_acid", "280", "umol/L") == ["UNIT_IMPLAUSIBLE"]
    assert codes("methylmalonic_acid", "0.28", "umol/L") == []
    assert codes("haemoglobin", "12.5", "g/L") == ["UNIT_IMPLAUSIBLE"]
    assert codes("creatinine", "1.1", "umol/L") == ["UNIT_IMPLAUSIBLE"]
    assert codes("potassium", "8.0", "mmol/L") == []
    assert codes("potassium", "8.1", "mmol/L") == ["UNIT_IMPLAUSIBLE"]


def test_a_haemoglobin_of_7_to_11_fits_grams_and_millimoles():
    assert codes("haemoglobin", "6.9", "g/dL") == []
    assert codes("haemoglobin", "7", "g/dL") == ["FITS_TWO_UNITS"]
    assert codes("haemoglobin", "11", "mmol/L") == ["FITS_TWO_UNITS"]
    assert codes("haemoglobin", "11.1", "g/dL") == []
    assert codes("haemoglobin", "85", "g/L") == []


def test_a_haemoglobin_range_tells_grams_from_millimoles():
    assert codes("haemoglobin", "8.5", "g/dL", "11.5", "16.5") == []
    assert codes("haemoglobin", "8.5", "mmol/L", "7.4", "9.9") == []
    assert codes("haemoglobin", "8.5", "g/dL", "7.4", "9.9") == ["UNIT_AMBIGUOUS"]
    assert codes("haemoglobin", "8.5", "mmol/L", "11.5", "16.5") == ["UNIT_AMBIGUOUS"]


def test_a_range_whose_upper_end_is_no_value_in_the_unit_is_in_another_unit():
    assert codes("haemoglobin", "92", "g/L", "115", "165") == []
    assert codes("haemoglobin", "92", "g/L", "11.5", "16.5") == ["UNIT_AMBIGUOUS"]
    assert codes("methylmalonic_acid", "280", "nmol/L", "0", "0.4") == ["UNIT_AMBIGUOUS"]
    assert codes("creatinine", "80", "umol/L", "0.6", "1.2") == ["UNIT_AMBIGUOUS"]


def test_an_open_ended_range_is_said_as_it_is():
    [doubt] = doubts_about("methylmalonic_acid", D("280"), "nmol/L", Range(None, D("0.4")))

    assert doubt.sentence == (
        "Methylmalonic acid 280 is given in nmol/L, but its reference range up to 0.4 is not in nmol/L: "
        "settle the unit with the laboratory before the result is used."
    )


def test_reticulocytes_in_percent_and_tests_of_any_unit_raise_no_doubt():
    assert codes("reticulocytes", "2.1", "%", "0.5", "2.5") == []
    assert codes("gastrin", "250", "pg/mL", "13", "115") == []


@pytest.mark.parametrize(
    ("analyte", "value", "unit", "off", "on"),
    [
        ("total_b12", "1475", "pmol/L", [], []),
        ("total_b12", "1476", "pmol/L", ["UNIT_IMPLAUSIBLE"], []),
        ("total_b12", "2001", "pg/mL", ["UNIT_IMPLAUSIBLE"], []),
        ("total_b12", "14", "pmol/L", ["UNIT_IMPLAUSIBLE"], ["UNIT_IMPLAUSIBLE"]),
        ("active_b12", "301", "pmol/L", ["UNIT_IMPLAUSIBLE"], []),
        ("potassium", "8.1", "mmol/L", ["UNIT_IMPLAUSIBLE"], ["UNIT_IMPLAUSIBLE"]),
    ],
)
def test_on_treatment_no_serum_b12_is_too_high(analyte, value, unit, off, on):
    found = [
        doubts_about(analyte, D(value), unit, Range(None, None), on_treatment=treated)
        for treated in (False, True)
    ]

    assert [[doubt.code for doubt in one] for one in found] == [off, on]


def test_only_a_serum_b12_hangs_on_treatment():
    assert [analyte for analyte in ANALYTES if hangs_on_treatment(analyte)] == ["total_b12", "active_b12"]
