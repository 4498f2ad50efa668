from decimal import Decimal

import pytest

from regimens.protocols.giving import needle_for, next_place, volume_of, volume_warning


@pytest.mark.parametrize(
    ("dose", "strength", "ml", "arithmetic"),
    [
        (1000, 1000, "1", "1,000 mcg ÷ 1,000 mcg/mL = 1 mL"),
        (100, 1000, "0.10", "100 mcg ÷ 1,000 mcg/mL = 0.1 mL"),
        (1000, 5000, "0.20", "1,000 mcg ÷ 5,000 mcg/mL = 0.2 mL"),
        (1000, 100, "10", "1,000 mcg ÷ 100 mcg/mL = 10 mL"),
        (1000, 3000, "0.33", "1,000 mcg ÷ 3,000 mcg/mL ≈ 0.33 mL"),
        (5, 1000, "0.01", "5 mcg ÷ 1,000 mcg/mL ≈ 0.01 mL"),
        (1, 100_000, "0.01", "1 mcg ÷ 100,000 mcg/mL ≈ 0.01 mL"),
    ],
)
def test_volume_is_dose_divided_by_strength(dose, strength, ml, arithmetic):
    volume = volume_of(dose, strength)

    assert (volume.ml, volume.arithmetic) == (Decimal(ml), arithmetic)
    assert volume.exact is ("=" in arithmetic)


@pytest.mark.parametrize(
    ("ml", "site", "begins"),
    [
        ("1", "deltoid", ""),
        ("1.01", "deltoid", "1.01 mL is more than 1 mL"),
        ("3", "ventrogluteal", ""),
        ("3.01", "ventrogluteal", "3.01 mL is more than 3 mL"),
        ("3.01", "vastus_lateralis", "3.01 mL is more than 3 mL"),
        ("5", "abdomen_sc", ""),
        ("5", "", ""),
        ("0.1", "deltoid", "Only 0.1 mL"),
        ("0.11", "deltoid", ""),
    ],
)
def test_a_volume_unusual_for_its_site_is_said(ml, site, begins):
    said = volume_warning(Decimal(ml), site)

    assert said.startswith(begins) if begins else said == ""


@pytest.mark.parametrize(
    ("last", "wanted"),
    [
        ([], ("deltoid", "left")),
        ([("deltoid", "left")], ("deltoid", "right")),
        ([("deltoid", "right"), ("deltoid", "left")], ("ventrogluteal", "left")),
        ([("dorsogluteal", "left")], ("deltoid", "right")),
        ([("", "")], ("deltoid", "left")),
        (
            [("ventrogluteal", "left"), ("deltoid", "right"), ("deltoid", "left")],
            ("ventrogluteal", "right"),
        ),
    ],
)
def test_the_next_place_changes_side_and_rests_the_site(last, wanted):
    assert next_place(last, "im") == wanted


def test_with_an_anticoagulant_the_deltoids_take_turns():
    last = [("deltoid", "right"), ("deltoid", "left")]

    assert next_place(last, "im", bleeds=True) == ("deltoid", "left")


@pytest.mark.parametrize("bleeds", [False, True])
def test_under_the_skin_the_sides_of_the_abdomen_take_turns(bleeds):
    assert next_place([("abdomen_sc", "left")], "sc", bleeds=bleeds) == ("abdomen_sc", "right")


@pytest.mark.parametrize(
    ("weight", "sex", "length"),
    [
        (Decimal("59.9"), "female", "16 to 25 mm"),
        (60, "female", "25 mm"),
        (70, "male", "25 mm"),
        (Decimal("70.1"), "male", "25 to 38 mm"),
        (90, "female", "25 to 38 mm"),
        (Decimal("90.1"), "female", "38 mm"),
        (118, "male", "25 to 38 mm"),
        (Decimal("118.1"), "male", "38 mm"),
    ],
)
def test_the_needle_grows_with_the_weight(weight, sex, length):
    needle = needle_for(weight, sex, "im")

    assert needle.advice == f"22 to 25 G, {length}, at 90 degrees."
    assert needle.source == "ACIP, needle length by weight"


def test_without_a_weight_the_green_book_speaks():
    needle = needle_for(None, "female", "im")

    assert needle.advice.startswith("22 to 25 G, 25 mm, 38 mm in a larger person")
    assert needle.source == "UK Green Book"


def test_an_anticoagulated_patient_gets_a_fine_needle_and_pressure():
    needle = needle_for(80, "female", "im", bleeds=True)

    assert (
        needle.advice
        == "23 to 25 G, 25 to 38 mm, at 90 degrees. Firm pressure for 2 minutes or more, no rubbing."
    )
    assert "Specialist Pharmacy Service" in needle.source


def test_under_the_skin_a_short_needle():
    assert needle_for(120, "female", "sc").advice == "25 to 27 G, 16 mm, at 45 degrees."
