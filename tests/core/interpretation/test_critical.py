"""Values that alert at once, on both sides of each edge, and one with the rules of a running plan."""

from datetime import date
from decimal import Decimal

import pytest

from monitoring.interpretation.critical import CRITICAL, DEFAULT, critical_sentence, is_critical
from regimens.protocols.policy import DEFAULT as POLICY
from regimens.protocols.safety.rule import REGISTER
from tests.core.patients import given, labs, said


@pytest.mark.parametrize(
    ("analyte", "value", "comparator", "critical"),
    [
        ("potassium", "3.4", "", True),
        ("potassium", "3.49", "", True),
        ("potassium", "3.5", "", False),
        ("potassium", "3.5", "<", True),
        ("potassium", "3.5", "<=", False),
        ("potassium", "2.9", ">", False),
        ("haemoglobin", "79", "", True),
        ("haemoglobin", "79.9", "", True),
        ("haemoglobin", "80", "", False),
        ("haemoglobin", "80", "<", True),
        ("platelets", "24", "", True),
        ("platelets", "25", "", False),
        ("platelets", "25", "<", True),
        ("platelets", "26", "<", False),
        ("ferritin", "1", "", False),
    ],
)
def test_a_value_is_critical_only_where_it_is_surely_below_its_limit(analyte, value, comparator, critical):
    assert is_critical(analyte, Decimal(value), comparator) is critical


def test_a_word_is_never_critical():
    assert not is_critical("platelets", None, "")


def test_limits_and_sources_are_those_of_the_safety_rules():
    assert CRITICAL["potassium"].limit == POLICY.potassium_low
    assert CRITICAL["haemoglobin"].limit == POLICY.severe_anaemia_hb
    assert CRITICAL["platelets"].limit == POLICY.platelets_bar_im
    assert DEFAULT.potassium_same_day == POLICY.potassium_same_day
    assert DEFAULT.potassium_hospital == POLICY.potassium_hospital
    for one in CRITICAL.values():
        assert one.source == REGISTER[one.rule].source


@pytest.mark.parametrize(
    ("potassium", "words"),
    [
        ("3.0", ": correct it and recheck"),
        ("2.9", ": correct it the same day"),
        ("2.4", ": give the first dose in hospital"),
    ],
)
def test_a_low_potassium_says_what_the_rule_says(potassium, words):
    sentence = critical_sentence("potassium", Decimal(potassium), "", f"{potassium} mmol/L", begun=False)

    assert words in sentence
    assert sentence == said("K_LOW", labs=labs(potassium=potassium))


@pytest.mark.parametrize(
    ("potassium", "act"),
    [
        ("3.4", "correct it and recheck"),
        ("3.0", "correct it and recheck"),
        ("2.9", "correct it the same day and recheck"),
        ("2.4", "correct it the same day and recheck"),
    ],
)
def test_once_treatment_has_begun_a_low_potassium_says_nothing_of_a_first_dose(potassium, act):
    sentence = critical_sentence("potassium", Decimal(potassium), "", f"{potassium} mmol/L", begun=True)

    assert sentence == f"Potassium {potassium} mmol/L: {act}. Do not withhold B12."
    assert sentence == said("K_LOW", labs=labs(potassium=potassium), doses_given=given(date(2025, 1, 5)))


def test_severe_anaemia_says_what_the_rule_says_and_platelets_name_their_limit():
    assert critical_sentence("haemoglobin", Decimal(59), "", "59 g/L", begun=False) == said(
        "SEVERE_ANAEMIA", labs=labs(haemoglobin=59)
    )
    assert critical_sentence("platelets", Decimal(18), "", "18 10*9/L", begun=True) == (
        "Platelets 18 10*9/L, below 25: no intramuscular injection until they recover."
    )
