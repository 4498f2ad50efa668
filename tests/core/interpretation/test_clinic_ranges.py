"""The clinic's ranges by sex, age and pregnancy, on both sides of each edge, and one with what the rules read by."""

from decimal import Decimal

import pytest

from monitoring.interpretation.analytes import ANALYTES
from monitoring.interpretation.clinic_ranges import CLINIC_RANGES, clinic_range
from monitoring.interpretation.reference import against_range
from regimens.packs import load_packs
from regimens.protocols.policy import DEFAULT as POLICY


def side(analyte, value, unit, sex="female", age=40, pregnant=False):
    found = clinic_range(analyte, unit, sex=sex, age=age, pregnant=pregnant)
    return against_range(Decimal(value), "", found.low, found.high)


@pytest.mark.parametrize(
    ("analyte", "value", "unit", "expected"),
    [
        ("total_b12", "60", "pmol/L", "low"),
        ("total_b12", "132", "pmol/L", "low"),
        ("total_b12", "133", "pmol/L", "normal"),
        ("total_b12", "179", "ng/L", "low"),
        ("total_b12", "180", "pg/mL", "normal"),
        ("total_b12", "2000", "ng/L", "normal"),
        ("active_b12", "24", "pmol/L", "low"),
        ("active_b12", "25", "pmol/L", "normal"),
        ("homocysteine", "15", "umol/L", "normal"),
        ("homocysteine", "15.1", "umol/L", "high"),
        ("mcv", "79", "fL", "low"),
        ("mcv", "80", "fL", "normal"),
        ("mcv", "100", "fL", "normal"),
        ("mcv", "101", "fL", "high"),
        ("white_cells", "3.9", "10*9/L", "low"),
        ("white_cells", "4.0", "10*3/uL", "normal"),
        ("neutrophils", "1.4", "10*9/L", "low"),
        ("neutrophils", "1.5", "10*9/L", "normal"),
        ("platelets", "149", "10*9/L", "low"),
        ("platelets", "150", "10*9/L", "normal"),
        ("platelets", "450", "10*9/L", "normal"),
        ("platelets", "451", "10*9/L", "high"),
        ("folate", "6.9", "nmol/L", "low"),
        ("folate", "7", "nmol/L", "normal"),
        ("folate", "2.9", "ug/L", "low"),
        ("folate", "3", "ng/mL", "normal"),
        ("ferritin", "6", "ug/L", "low"),
        ("ferritin", "29", "ug/L", "low"),
        ("ferritin", "30", "ug/L", "normal"),
        ("egfr", "41", "mL/min/{1.73_m2}", "low"),
        ("egfr", "59", "mL/min/{1.73_m2}", "low"),
        ("egfr", "60", "mL/min/{1.73_m2}", "normal"),
        ("potassium", "3.4", "mmol/L", "low"),
        ("potassium", "3.5", "mmol/L", "normal"),
        ("potassium", "6.9", "mmol/L", "normal"),
        ("inr", "3.0", "1", "normal"),
        ("inr", "3.1", "1", "high"),
    ],
)
def test_a_value_beside_the_clinics_range(analyte, value, unit, expected):
    assert side(analyte, value, unit) == expected


@pytest.mark.parametrize(
    ("sex", "pregnant", "first_normal"),
    [("female", False, 120), ("unknown", False, 120), ("male", False, 130), ("female", True, 110)],
)
def test_haemoglobin_goes_by_sex_and_pregnancy(sex, pregnant, first_normal):
    whose = {"sex": sex, "pregnant": pregnant}

    assert side("haemoglobin", first_normal - 1, "g/L", **whose) == "low"
    assert side("haemoglobin", first_normal, "g/L", **whose) == "normal"


@pytest.mark.parametrize(("sex", "last_normal"), [("female", 48), ("unknown", 52), ("male", 52)])
def test_haematocrit_goes_by_sex(sex, last_normal):
    assert side("haematocrit", last_normal, "%", sex=sex) == "normal"
    assert side("haematocrit", last_normal + 1, "%", sex=sex) == "high"


@pytest.mark.parametrize(("age", "last_normal"), [(64, 280), (65, 360)])
def test_methylmalonic_acid_goes_by_age(age, last_normal):
    assert side("methylmalonic_acid", last_normal, "nmol/L", age=age) == "normal"
    assert side("methylmalonic_acid", last_normal + 1, "nmol/L", age=age) == "high"


def test_in_another_unit_a_limit_is_converted_to_two_places():
    def low(unit):
        return clinic_range("haemoglobin", unit, sex="female", age=40, pregnant=False).low

    assert (low("g/dL"), low("mmol/L")) == (Decimal("12.00"), Decimal("7.45"))
    assert side("methylmalonic_acid", "0.29", "umol/L") == "high"
    assert side("haematocrit", "0.48", "L/L") == "normal"


@pytest.mark.parametrize("analyte", ["creatinine", "tsh", "ldh", "bilirubin", "reticulocytes", "gastrin"])
def test_an_analyte_without_a_range_in_the_evidence_has_none(analyte):
    assert clinic_range(analyte, "", sex="female", age=40, pregnant=False) is None


def test_the_first_range_is_in_the_canonical_unit_and_every_one_has_an_end_and_a_source():
    for analyte, ranges in CLINIC_RANGES.items():
        assert ranges[0].unit == ANALYTES[analyte].canonical_unit
        assert all(one.source and (one.low is not None or one.high is not None) for one in ranges)
        assert all(one.unit in ANALYTES[analyte].units for one in ranges)


def ends(analyte):
    return [(one.low, one.high) for one in CLINIC_RANGES[analyte]]


def test_the_figures_are_those_of_the_rules():
    assert ends("haemoglobin") == [
        (POLICY.anaemia_pregnant, None),
        (POLICY.anaemia_men, None),
        (POLICY.anaemia_women, None),
    ]
    assert ends("haematocrit") == [(None, POLICY.haematocrit_high_women), (None, POLICY.haematocrit_high_men)]
    assert ends("mcv") == [(POLICY.mcv_low, POLICY.mcv_high)]
    assert ends("platelets") == [(POLICY.platelets_low, POLICY.platelets_high)]
    assert ends("white_cells") == [(POLICY.white_cells_low, None)]
    assert ends("neutrophils") == [(POLICY.neutrophils_low, None)]
    assert ends("homocysteine") == [(None, POLICY.homocysteine_high)]
    assert ends("folate") == [
        (POLICY.folate_low_molar, None),
        (POLICY.folate_low_mass, None),
        (POLICY.folate_low_mass, None),
    ]
    assert ends("ferritin") == [(POLICY.ferritin_low, None)]
    assert ends("egfr") == [(POLICY.egfr_mma_reliable, None)]
    assert ends("potassium") == [(POLICY.potassium_low, None)]
    assert ends("inr") == [(None, POLICY.inr_limit)]


def test_the_cut_offs_of_b12_and_methylmalonic_acid_are_those_of_the_uk_pack():
    uk = load_packs()["uk"]

    assert {one.unit: one.low for one in CLINIC_RANGES["total_b12"]} == {
        unit: low for unit, (low, _) in uk.bands.total_b12.items()
    }
    assert ends("active_b12") == [(uk.bands.active_b12["pmol/L"][0], None)]
    assert ends("methylmalonic_acid") == [(None, uk.mma_upper.below_65), (None, uk.mma_upper.from_65)]
    assert CLINIC_RANGES["methylmalonic_acid"][0].source == uk.mma_upper.source
