"""Every factor has its source, and the page of reference marks what is unsure."""

from decimal import Decimal

import pytest

from monitoring.interpretation.analytes import ANALYTES
from tests.reference import page


def is_a_shift_of_the_point(factor):
    return factor.normalize().as_tuple().digits == (1,)


def test_a_factor_that_is_more_than_a_shift_of_the_point_has_a_source_and_no_other_has():
    for one in ANALYTES.values():
        wanted = {unit for unit, factor in one.units.items() if not is_a_shift_of_the_point(factor)}
        assert set(one.factor_sources) == wanted


@pytest.mark.parametrize(
    ("analyte", "unit", "mass"),
    [
        ("total_b12", "ng/L", "1355.4"),
        ("methylmalonic_acid", "ug/L", "118.09"),
        ("homocysteine", "mg/L", "135.18"),
        ("folate", "ug/L", "441.4"),
    ],
)
def test_a_factor_by_molar_mass_is_what_the_mass_gives(analyte, unit, mass):
    one = ANALYTES[analyte]

    assert one.factor_sources[unit] == f"molar mass {mass} g/mol"
    assert abs(one.units[unit] - 1000 / Decimal(mass)) < Decimal("0.0006")


def test_the_page_shows_factor_source_and_plausible_range_by_unit():
    said = page("analytes.md")

    assert "| Vitamin B12, total | ng/L | 0.7378 | molar mass 1355.4 g/mol | 20 to 2000 |" in said
    assert "| Vitamin B12, total | pmol/L | 1 | the same unit | 14.756 to 1475.6 |" in said
    assert "| Haemoglobin | g/dL | 10 | decimal point alone | 2 to 22 |" in said
    assert "| Reticulocytes | % | kept apart | no factor leads there |  |" in said


def test_the_page_marks_every_code_that_was_not_seen_and_no_other():
    said = page("analytes.md")

    assert said.count("*from memory*") == 1 + sum(
        not one.seen for each in ANALYTES.values() for one in each.loinc
    )
    assert "| 2132-9 (pg/mL), 14685-2 (pmol/L) |" in said
    assert "| 718-7 (g/dL), 59260-0 (mmol/L) *from memory* |" in said


def test_the_page_shows_the_clinics_ranges_with_their_sources():
    said = page("analytes.md")

    assert "| Haemoglobin | pregnant | from 110 g/L | WHO 2011, 2024 |" in said
    assert "| Methylmalonic acid | under 65 years | up to 280 nmol/L |" in said
    assert "| Haemoglobin | everybody else | from 120 g/L |" in said
    assert "| Potassium | everybody | from 3.5 mmol/L | local policy |" in said
