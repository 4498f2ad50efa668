"""Units: exact factors, round trips, and the doubts of a reported unit."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.interpretation.analytes import ANALYTES
from monitoring.interpretation.units import (
    UnknownUnit,
    canonical_unit_for,
    check_reported,
    conversions_shown,
    convert,
    fits_two_units,
    normalise_unit,
    reticulocytes_absolute,
    rounded,
    to_canonical,
)

D = Decimal

FACTORS = [
    ("total_b12", "205", "pg/mL", "151.2490"),
    ("total_b12", "180", "ng/L", "132.8040"),
    ("total_b12", "350", "pg/mL", "258.2300"),
    ("total_b12", "150", "pmol/L", "150"),
    ("active_b12", "25", "pmol/L", "25"),
    ("methylmalonic_acid", "0.28", "umol/L", "280.00"),
    ("methylmalonic_acid", "0.40", "nmol/mL", "400.00"),
    ("methylmalonic_acid", "10", "ng/mL", "84.680"),
    ("methylmalonic_acid", "10", "ug/L", "84.680"),
    ("homocysteine", "2", "mg/L", "14.794"),
    ("homocysteine", "2", "ug/mL", "14.794"),
    ("homocysteine", "14", "nmol/mL", "14"),
    ("haemoglobin", "5.9", "g/dL", "59.0"),
    ("haemoglobin", "8.5", "mmol/L", "136.9690"),
    ("red_cells", "4.2", "10*6/uL", "4.2"),
    ("white_cells", "2.6", "10*3/uL", "2.6"),
    ("reticulocytes", "0.05", "10*6/uL", "50.00"),
    ("reticulocytes", "1.1", "%", "1.1"),
    ("folate", "3", "ug/L", "6.798"),
    ("creatinine", "1", "mg/dL", "88.4"),
    ("potassium", "3.4", "meq/L", "3.4"),
    ("bilirubin", "2", "mg/dL", "34.2"),
    ("ldh", "5", "ukat/L", "300"),
    ("haematocrit", "0.175", "L/L", "17.500"),
    ("tsh", "4.2", "u[IU]/mL", "4.2"),
    ("inr", "2.5", "1", "2.5"),
    ("ttg_iga", "12", "U/mL", "12"),
]


@pytest.mark.parametrize(("analyte", "value", "unit", "canonical"), FACTORS)
def test_a_value_reaches_its_canonical_unit_by_the_published_factor(analyte, value, unit, canonical):
    assert to_canonical(analyte, D(value), unit) == D(canonical)


def test_ferritin_in_pmol_is_divided_by_2_247():
    assert rounded("ferritin", to_canonical("ferritin", D("2247"), "pmol/L"), "ug/L") == D(1000)


CONVERTIBLE = sorted(
    (code, a, b) for code, one in ANALYTES.items() for a in one.units for b in one.units if a != b
)


@given(st.sampled_from(CONVERTIBLE), st.decimals("0.001", "99999", places=3))
def test_there_and_back_again_changes_nothing(way, value):
    analyte, one, other = way
    there = convert(analyte, value, one, other)
    assert abs(convert(analyte, there, other, one) - value) < D("1e-18")


@given(st.sampled_from(CONVERTIBLE), st.decimals("0.001", "99999", places=3))
def test_every_way_to_the_canonical_unit_gives_the_same_value(way, value):
    analyte, one, other = way
    direct = to_canonical(analyte, value, one)
    assert abs(to_canonical(analyte, convert(analyte, value, one, other), other) - direct) < D("1e-15")


def test_a_unit_converts_to_itself_untouched():
    assert convert("reticulocytes", D("1.10"), "%", "%") == D("1.10")


def test_reticulocytes_in_percent_convert_only_with_the_red_cells():
    with pytest.raises(UnknownUnit):
        convert("reticulocytes", D("1.1"), "%", "10*9/L")
    assert reticulocytes_absolute(D("1.5"), D("4.0")) == D("60.0")


def test_active_b12_rejects_a_mass_unit_and_says_what_it_wants():
    with pytest.raises(UnknownUnit, match=r"active.*'pg/mL' is not accepted; report it in pmol/L"):
        to_canonical("active_b12", D(60), "pg/mL")
    with pytest.raises(UnknownUnit, match="no unit is not accepted"):
        to_canonical("total_b12", D(60), "")


@pytest.mark.parametrize(
    ("analyte", "typed", "unit"),
    [
        ("platelets", "x10^9/L", "10*9/L"),
        ("platelets", "10^9/l", "10*9/L"),
        ("ferritin", "µg/L", "ug/L"),
        ("ferritin", "mcg/L", "ug/L"),
        ("haemoglobin", "mmol/L(Fe)", "mmol/L"),
        ("egfr", "mL/min/1.73m2", "mL/min/{1.73_m2}"),
        ("tsh", "mU/L", "m[IU]/L"),
        ("ldh", "IU/L", "U/L"),
        ("inr", None, "1"),
        ("inr", "ratio", "1"),
        ("total_b12", None, None),
        ("total_b12", "mmol/L", None),
        ("ttg_iga", "U/mL", "U/mL"),
        ("ttg_iga", None, ""),
    ],
)
def test_a_unit_is_known_by_its_other_spellings(analyte, typed, unit):
    assert normalise_unit(analyte, typed) == unit


@pytest.mark.parametrize(
    ("analyte", "unit", "kept_in"),
    [("total_b12", "pg/mL", "pmol/L"), ("reticulocytes", "%", "%"), ("gastrin", "pg/mL", "pg/mL")],
)
def test_a_value_is_kept_in_the_canonical_unit_or_its_own(analyte, unit, kept_in):
    assert canonical_unit_for(analyte, unit) == kept_in


@pytest.mark.parametrize(
    ("analyte", "value", "unit", "line"),
    [
        ("total_b12", "205", "pg/mL", "205 pg/mL = 151 pmol/L = 205 ng/L"),
        ("haemoglobin", "8.5", "mmol/L", "8.5 mmol/L = 137 g/L = 13.7 g/dL"),
        ("reticulocytes", "1.1", "%", "1.1 %"),
        ("inr", "2.5", "1", "2.5"),
        ("gastrin", "60", "pg/mL", "60 pg/mL"),
        ("gastrin", "60", "", "60"),
    ],
)
def test_the_live_conversion_names_every_other_unit(analyte, value, unit, line):
    assert conversions_shown(analyte, D(value), unit) == line


def doubts(analyte, value, unit, low=None, high=None, **more):
    limits = None if low is None and high is None else (low and D(low), high and D(high))
    return [(one.code, one.severity.value) for one in check_reported(analyte, D(value), unit, limits, **more)]


AMBIGUOUS = [("UNIT_AMBIGUOUS", "block")]


@pytest.mark.parametrize(
    ("unit", "low", "high", "expected"),
    [
        ("pg/mL", "145", "569", AMBIGUOUS),
        ("ng/L", "159", "699", AMBIGUOUS),
        ("ng/L", "160", "699", []),
        ("ng/L", "159", "700", []),
        ("pmol/L", "200", "900", AMBIGUOUS),
        ("pmol/L", "180", "700", AMBIGUOUS),
        ("pmol/L", "179", "700", []),
        ("pmol/L", "180", "699", []),
        ("pmol/L", "145", "569", []),
        ("pg/mL", "200", "900", []),
        ("pg/mL", None, None, []),
        ("pg/mL", "145", None, []),
        (None, "145", "569", AMBIGUOUS),
        ("mmol/L", None, None, AMBIGUOUS),
    ],
)
def test_the_reference_range_tells_a_b12_in_the_wrong_unit(unit, low, high, expected):
    assert doubts("total_b12", "150", unit, low, high) == expected


def test_only_total_b12_is_judged_by_its_range_and_any_number_needs_a_unit():
    assert doubts("active_b12", "60", "pmol/L", "200", "900") == []
    assert doubts("haemoglobin", "130", None) == AMBIGUOUS
    assert doubts("inr", "2.5", None) == []
    assert doubts("ttg_iga", "12", None) == []


PLAUSIBLE_EDGES = [
    ("total_b12", "pg/mL", "20", "19.9", "block"),
    ("total_b12", "pg/mL", "2000", "2000.1", "block"),
    ("active_b12", "pmol/L", "5", "4.9", "block"),
    ("active_b12", "pmol/L", "300", "300.1", "block"),
    ("methylmalonic_acid", "nmol/L", "50", "49", "block"),
    ("methylmalonic_acid", "umol/L", "100", "100.1", "block"),
    ("homocysteine", "umol/L", "3", "2.9", "warn"),
    ("homocysteine", "umol/L", "400", "401", "warn"),
    ("haemoglobin", "g/L", "20", "19.9", "warn"),
    ("haemoglobin", "g/dL", "22", "22.1", "warn"),
    ("mcv", "fL", "50", "49", "warn"),
    ("mcv", "fL", "150", "151", "warn"),
    ("platelets", "10*9/L", "1", "0.9", "warn"),
    ("platelets", "10*9/L", "1500", "1501", "warn"),
    ("potassium", "mmol/L", "1.5", "1.4", "warn"),
    ("potassium", "mmol/L", "8.0", "8.1", "warn"),
    ("creatinine", "umol/L", "20", "19", "warn"),
]


@pytest.mark.parametrize(("analyte", "unit", "inside", "outside", "severity"), PLAUSIBLE_EDGES)
def test_the_ends_of_the_plausible_range_are_plausible(analyte, unit, inside, outside, severity):
    assert doubts(analyte, inside, unit) == []
    assert doubts(analyte, outside, unit) == [("UNIT_IMPLAUSIBLE", severity)]


def test_a_high_b12_is_plausible_after_a_dose_and_a_low_one_still_is_not():
    assert doubts("total_b12", "9000", "pg/mL", on_treatment=True) == []
    assert doubts("total_b12", "19", "pg/mL", on_treatment=True) == [("UNIT_IMPLAUSIBLE", "block")]


def test_reticulocytes_in_percent_have_no_plausible_range():
    assert doubts("reticulocytes", "90", "%") == []


def test_an_implausible_haemoglobin_names_the_units_that_would_fit_and_may_not_be_used():
    finding = check_reported("haemoglobin", D("13.2"), "g/L")[0]
    assert "it would fit g/dL or mmol/L" in finding.sentence
    assert finding.unusable


def test_an_implausible_potassium_fits_no_other_unit_and_is_read_as_it_stands():
    assert not check_reported("potassium", D("1.4"), "mmol/L")[0].unusable


@pytest.mark.parametrize(
    ("value", "unit", "fits"),
    [("149.9", "pg/mL", False), ("150", "pg/mL", True), ("400", "pmol/L", True), ("400.1", "pmol/L", False)],
)
def test_a_typed_b12_from_150_to_400_fits_two_units(value, unit, fits):
    assert (fits_two_units("total_b12", D(value), unit) is not None) is fits


def test_only_a_typed_b12_with_a_unit_is_asked_about():
    assert fits_two_units("active_b12", D(200), "pmol/L") is None
    assert fits_two_units("total_b12", D(200), None) is None
    assert "in ng/L and in pmol/L" in fits_two_units("total_b12", D(200), "ng/L").sentence
    assert "in pmol/L and in pg/mL" in fits_two_units("total_b12", D(200), "pmol/L").sentence


def test_every_analyte_of_the_contract_is_in_the_table():
    assert set(ANALYTES) == {
        "total_b12", "active_b12", "methylmalonic_acid", "homocysteine", "haemoglobin", "haematocrit", "mcv", "red_cells",
        "white_cells", "neutrophils", "platelets", "reticulocytes", "folate", "ferritin", "transferrin_saturation",
        "creatinine", "egfr", "potassium", "ldh", "bilirubin", "tsh", "inr", "intrinsic_factor_antibody",
        "parietal_cell_antibody", "gastrin", "ttg_iga", "total_iga",
    }  # fmt: skip


def test_only_codes_that_were_seen_are_marked_so():
    seen = {loinc.code for one in ANALYTES.values() for loinc in one.loinc if loinc.seen}
    assert seen == {
        "2132-9", "14685-2", "72160-5", "13964-2", "13965-9", "31444-3", "31443-5", "8087-9", "40960-7", "718-7", "787-2",
        "2502-3",
    }  # fmt: skip


def test_every_canonical_unit_has_the_factor_one():
    for one in ANALYTES.values():
        assert one.keeps_any_unit or one.units[one.canonical_unit] == 1


def test_serum_b12_is_not_a_response_marker():
    assert not ANALYTES["total_b12"].response_marker
    assert not ANALYTES["active_b12"].response_marker
    assert ANALYTES["methylmalonic_acid"].response_marker
