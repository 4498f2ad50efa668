"""What holds of every analyte in every unit it is accepted in: exact, monotone, there and back, however it is spelt."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitoring.interpretation.analytes import ANALYTES
from monitoring.interpretation.units import canonical_unit_for, convert, normalise_unit, rounded, to_canonical

ACCEPTED = [(code, unit) for code, one in ANALYTES.items() for unit in one.accepted_units]
WITH_FACTOR = [(code, unit) for code, one in ANALYTES.items() for unit in one.units]
DIVIDED = {("ferritin", "pmol/L")}
"""A factor that no decimal writes out, since the published figure divides: kept to 28 digits."""

VALUES = st.decimals("0.001", "99999.999", places=3)
FEW = settings(max_examples=10, deadline=None)


def test_every_analyte_that_is_converted_is_looked_at() -> None:
    any_unit = {code for code, one in ANALYTES.items() if one.keeps_any_unit}
    assert {code for code, _ in ACCEPTED} | any_unit == set(ANALYTES)
    assert {code for code, one in ANALYTES.items() if one.own_units} == {"reticulocytes"}


@pytest.mark.parametrize(("analyte", "unit"), WITH_FACTOR)
def test_a_value_reaches_its_canonical_unit_without_rounding(analyte: str, unit: str) -> None:
    factor = ANALYTES[analyte].units[unit]

    @given(VALUES)
    @FEW
    def check(value: Decimal) -> None:
        exact = Fraction(value) * Fraction(factor)
        found = Fraction(to_canonical(analyte, value, unit))
        if (analyte, unit) in DIVIDED:
            assert abs(found - exact) <= exact / 10**27
        else:
            assert found == exact

    check()


@pytest.mark.parametrize(("analyte", "unit"), WITH_FACTOR)
def test_a_value_comes_back_from_every_other_unit(analyte: str, unit: str) -> None:
    @given(VALUES)
    @FEW
    def check(value: Decimal) -> None:
        for other in ANALYTES[analyte].units:
            back = convert(analyte, convert(analyte, value, unit, other), other, unit)
            assert back == value or abs(back - value) <= value * Decimal("1e-26")
            assert back.quantize(Decimal("0.001")) == value

    check()


@pytest.mark.parametrize(("analyte", "unit"), ACCEPTED)
def test_more_stays_more_in_every_unit(analyte: str, unit: str) -> None:
    own = unit in ANALYTES[analyte].own_units

    @given(VALUES, VALUES)
    @FEW
    def check(one: Decimal, two: Decimal) -> None:
        less, more = sorted((one, two))
        for other in [unit] if own else ANALYTES[analyte].units:
            low, high = convert(analyte, less, unit, other), convert(analyte, more, unit, other)
            assert (low < high) is (less < more)
            assert rounded(analyte, low, other) <= rounded(analyte, high, other)
        assert (to_canonical(analyte, less, unit) < to_canonical(analyte, more, unit)) is (less < more)

    check()


@pytest.mark.parametrize(("analyte", "unit"), ACCEPTED)
def test_a_value_shown_is_the_nearest_with_its_decimals(analyte: str, unit: str) -> None:
    places = ANALYTES[analyte].unit_decimals.get(unit, ANALYTES[analyte].decimals)
    step = Decimal(1).scaleb(-places)

    @given(VALUES)
    @FEW
    def check(value: Decimal) -> None:
        shown = rounded(analyte, value, unit)
        assert abs(shown - value) <= step / 2
        assert shown.as_tuple().exponent == -places
        assert rounded(analyte, shown, unit) == shown

    check()


@pytest.mark.parametrize(("analyte", "unit"), ACCEPTED)
def test_a_unit_is_known_however_it_is_written(analyte: str, unit: str) -> None:
    spellings = {
        unit,
        unit.upper(),
        unit.lower(),
        f" {unit} ",
        unit.replace("10*", "10^"),
        unit.replace("10*", "x10^"),
    }
    spellings |= {
        unit.replace("u", micro, 1)
        for micro in ("\u00b5", "\u03bc")
        if unit.startswith(("umol", "ug", "ukat"))
    }
    assert {normalise_unit(analyte, spelling) for spelling in spellings} == {unit}
    kept = canonical_unit_for(analyte, unit)
    assert kept == (unit if unit in ANALYTES[analyte].own_units else ANALYTES[analyte].canonical_unit)


@pytest.mark.parametrize("analyte", sorted(ANALYTES))
def test_factors_are_written_decimals_above_nothing(analyte: str) -> None:
    for unit, factor in ANALYTES[analyte].units.items():
        assert factor > 0
        assert (len(factor.as_tuple().digits) > 16) is ((analyte, unit) in DIVIDED)
