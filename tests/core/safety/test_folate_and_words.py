"""Folic acid before B12, and what the sentences say."""

from datetime import date

import pytest

from tests.core.patients import codes, given, lab, labs, medicine, said

FOLATE = [
    ("5 mg/day", None, {"total_b12": 100}, "block"),
    ("0.1 mg/day", None, {"total_b12": 100}, None),
    ("0.11 mg/day", None, {"total_b12": 100}, "block"),
    ("100 mcg/day", None, {"total_b12": 100}, None),
    ("100 MCG/day", None, {"total_b12": 100}, None),
    ("100.1 mcg/day", None, {"total_b12": 100}, "block"),
    ("400 MCG / day", None, {"total_b12": 100}, "block"),
    ("5 mg weekly", None, {"total_b12": 100}, "block"),
    (None, None, {"total_b12": 100}, "block"),
    ("5 mg/day", None, {}, "block"),
    ("5 mg/day", None, {"total_b12": 180}, None),
    ("5 mg/day", None, {"total_b12": 180, "methylmalonic_acid": 400}, "block"),
    ("5 mg/day", None, {"total_b12": 351}, None),
]


@pytest.mark.parametrize(("dose", "since", "values", "severity"), FOLATE)
def test_folic_acid_waits_for_b12_while_b12_is_low_or_unknown(dose, since, values, severity):
    fired = codes(medications=(medicine("folic_acid", dose, since),), labs=labs(**values))
    assert fired.get("FOLATE_BEFORE_B12") == severity


@pytest.mark.parametrize(
    ("since", "doses", "severity"),
    [
        (date(2024, 12, 24), given(date(2024, 12, 24)), None),
        (date(2024, 12, 23), given(date(2024, 12, 24)), "block"),
        (date(2024, 12, 25), given(date(2024, 12, 24)), None),
        (None, given(date(2024, 12, 24)), None),
    ],
)
def test_folic_acid_may_start_on_the_day_of_b12_or_later(since, doses, severity):
    b12 = (lab("total_b12", 100, on=date(2024, 12, 1)),)
    fired = codes(medications=(medicine("folic_acid", "5 mg/day", since),), labs=b12, doses_given=doses)
    assert fired.get("FOLATE_BEFORE_B12") == severity


@pytest.mark.parametrize(
    ("tablets_since", "severity"), [(date(2024, 12, 20), None), (date(2024, 12, 21), "block"), (None, None)]
)
def test_b12_tablets_count_as_b12_before_folic_acid(tablets_since, severity):
    taken = (
        medicine("folic_acid", "5 mg/day", date(2024, 12, 20)),
        medicine("oral_cyanocobalamin", None, tablets_since),
    )
    assert codes(medications=taken, labs=labs(total_b12=100)).get("FOLATE_BEFORE_B12") == severity


@pytest.mark.parametrize(
    ("value", "unit", "severity"),
    [
        ("2.9", "ug/L", "warn"),
        ("3", "ug/L", None),
        ("2.9", "ng/mL", "warn"),
        ("6.9", "nmol/L", "warn"),
        ("7", "nmol/L", None),
        ("low", None, None),
    ],
)
def test_folate_is_low_below_3_micrograms_or_7_nanomoles(value, unit, severity):
    assert codes(labs=(lab("folate", value, unit),)).get("FOLATE_LOW") == severity


@pytest.mark.parametrize(
    ("value", "comparator", "severity"),
    [("3", "<", "warn"), ("3.1", "<", None), ("2.9", ">", None), ("2.9", "<", "warn")],
)
def test_folate_beyond_the_range_is_low_only_where_it_surely_is(value, comparator, severity):
    values = (lab("folate", value, "ug/L", comparator=comparator),)
    assert codes(labs=values).get("FOLATE_LOW") == severity


def test_without_a_folate_nothing_is_said_of_it():
    assert "FOLATE_LOW" not in codes()


@pytest.mark.parametrize(
    ("potassium", "words"),
    [
        ("3.4", "correct it and recheck"),
        ("2.9", "correct it the same day"),
        ("2.4", "first dose in hospital"),
    ],
)
def test_low_potassium_says_how_soon(potassium, words):
    assert words in said("K_LOW", labs=labs(potassium=potassium))


@pytest.mark.parametrize(("potassium", "words"), [("3.0", "correct it and recheck"), ("2.5", "the same day")])
def test_the_edges_of_low_potassium_belong_to_the_milder_step(potassium, words):
    assert words in said("K_LOW", labs=labs(potassium=potassium))


def test_a_potassium_low_before_treatment_is_still_a_risk_once_corrected():
    values = (lab("potassium", "3.2", on=date(2025, 1, 1)), lab("potassium", "4.0"))
    fired = codes(labs=values, doses_given=given(date(2025, 1, 2)))
    assert "HYPOK_RISK" in fired
    assert "K_LOW" not in fired


def test_the_sentences_hold_the_patients_own_values():
    assert "59 g/L" in said("SEVERE_ANAEMIA", labs=labs(haemoglobin=59))
    assert "18 10*9/L" in said("PLT_LOW_BLOCK_IM", labs=labs(platelets=18))
    assert "numbness" in said("NEURO_URGENT", findings=["numbness"])
    assert "answered yes" in said("NEURO_URGENT", neuro_answer=True)
    assert "8.5 mmol/L is 137 g/L" in said("UNIT_MMOL_HB", labs=(lab("haemoglobin", "8.5", "mmol/L"),))
    assert "apixaban, aspirin, clopidogrel" in said(
        "ANTICOAG_IM", medications=(medicine("aspirin"), medicine("clopidogrel"), medicine("apixaban"))
    )
    assert "warfarin" in said("ANTICOAG_IM", medications=(medicine("warfarin"), medicine("aspirin")))
    assert "aspirin" not in said("ANTICOAG_IM", medications=(medicine("warfarin"), medicine("aspirin")))


def test_two_doubtful_results_are_told_in_one_finding():
    values = (lab("total_b12", 150, None), lab("potassium", 4, None))
    sentence = said("UNIT_AMBIGUOUS", labs=values)
    assert "Vitamin B12" in sentence
    assert "Potassium" in sentence
