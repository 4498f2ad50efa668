"""The bands of serum B12 and the limit of methylmalonic acid."""

from decimal import Decimal

import pytest

from monitoring.interpretation.bands import Bands, band_of, mma_raised
from monitoring.interpretation.measured import measure
from tests.core.patients import UK_BANDS, UK_MMA, US_BANDS, US_MMA, lab

D = Decimal
NL = Bands({"pmol/L": (D(148), D(260))}, {}, "NHG")


def band(bands, analyte, value, unit, comparator=None):
    found = band_of(measure(lab(analyte, value, unit, comparator=comparator)), bands)
    return None if found is None else found.value


@pytest.mark.parametrize(
    ("bands", "unit", "low", "high"),
    [
        (UK_BANDS, "ng/L", "180", "350"),
        (UK_BANDS, "pg/mL", "180", "350"),
        (UK_BANDS, "pmol/L", "133", "258"),
        (US_BANDS, "pg/mL", "200", "400"),
        (US_BANDS, "ng/L", "200", "400"),
        (NL, "pmol/L", "148", "260"),
    ],
)
def test_both_cut_offs_are_indeterminate_and_the_next_value_is_not(bands, unit, low, high):
    assert band(bands, "total_b12", D(low) - D("0.1"), unit) == "deficient"
    assert band(bands, "total_b12", low, unit) == "indeterminate"
    assert band(bands, "total_b12", high, unit) == "indeterminate"
    assert band(bands, "total_b12", D(high) + D("0.1"), unit) == "unlikely"


@pytest.mark.parametrize(
    ("value", "expected"),
    [("24.9", "deficient"), ("25", "indeterminate"), ("70", "indeterminate"), ("70.1", "unlikely")],
)
def test_active_b12_has_its_own_cut_offs(value, expected):
    assert band(UK_BANDS, "active_b12", value, "pmol/L") == expected


def test_a_value_is_compared_in_its_own_unit_not_converted_first():
    # 133 pmol/L is 180.3 ng/L and 258 pmol/L is 349.7 ng/L; each unit has its own published cut-off.
    assert band(UK_BANDS, "total_b12", "132.9", "pmol/L") == "deficient"
    assert band(UK_BANDS, "total_b12", "180", "ng/L") == "indeterminate"


def test_cut_offs_are_converted_only_where_none_are_published_in_the_unit():
    # 200 pg/mL is 147.56 pmol/L.
    assert band(US_BANDS, "total_b12", "147.5", "pmol/L") == "deficient"
    assert band(US_BANDS, "total_b12", "147.6", "pmol/L") == "indeterminate"


def test_a_guideline_without_cut_offs_for_the_test_says_nothing():
    assert band(NL, "active_b12", "20", "pmol/L") is None


@pytest.mark.parametrize(
    ("comparator", "value", "expected"),
    [
        ("<", "180", "deficient"),
        ("<", "181", "indeterminate"),
        ("<", "351", None),
        ("<=", "351", None),
        (">", "350", "unlikely"),
        (">", "349", "indeterminate"),
        (">", "150", None),
        (">=", "150", None),
    ],
)
def test_a_comparator_is_banded_only_as_far_as_it_goes(comparator, value, expected):
    assert band(UK_BANDS, "total_b12", value, "ng/L", comparator) == expected


@pytest.mark.parametrize(("value", "unit"), [("low", "ng/L"), ("150", None), ("10", "ng/L")])
def test_a_word_a_missing_unit_and_an_implausible_value_have_no_band(value, unit):
    assert band(UK_BANDS, "total_b12", value, unit) is None


@pytest.mark.parametrize(
    ("upper", "age", "value", "raised"),
    [
        (UK_MMA, 64, 280, False),
        (UK_MMA, 64, 281, True),
        (UK_MMA, 65, 360, False),
        (UK_MMA, 65, 361, True),
        (UK_MMA, None, 300, False),
        (UK_MMA, None, 361, True),
        (US_MMA, 40, 400, False),
        (US_MMA, 40, 401, True),
    ],
)
def test_methylmalonic_acid_is_raised_above_the_limit_for_the_age(upper, age, value, raised):
    assert mma_raised(measure(lab("methylmalonic_acid", value)), upper, age) is raised


def test_the_laboratorys_own_limit_comes_first_and_in_its_own_unit():
    assert mma_raised(measure(lab("methylmalonic_acid", "0.36", "umol/L", high="0.35")), US_MMA, 40)
    assert not mma_raised(measure(lab("methylmalonic_acid", "0.45", "umol/L", high="0.45")), UK_MMA, 40)


def test_methylmalonic_acid_that_cannot_be_read_is_not_raised():
    assert not mma_raised(measure(lab("methylmalonic_acid", 900, None)), UK_MMA, 40)
