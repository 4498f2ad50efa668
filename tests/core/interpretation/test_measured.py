"""Reported values made comparable."""

from datetime import date
from decimal import Decimal

import pytest

from monitoring.interpretation.measured import Results, measure, surely_above, surely_below
from tests.core.patients import TODAY, lab

D = Decimal
BEFORE, FIRST, AFTER = date(2024, 12, 1), date(2024, 12, 10), date(2024, 12, 20)


@pytest.mark.parametrize(
    ("comparator", "number", "below", "above"),
    [
        (None, "99.9", True, False),
        (None, "100", False, False),
        (None, "100.1", False, True),
        ("<", "100", True, False),
        ("<", "100.1", False, False),
        ("<=", "99.9", True, False),
        ("<=", "100", False, False),
        (">", "100", False, True),
        (">", "99.9", False, False),
        (">=", "100.1", False, True),
        (">=", "100", False, False),
    ],
)
def test_a_comparator_counts_only_as_far_as_it_goes(comparator, number, below, above):
    assert surely_below(D(number), comparator, D(100)) is below
    assert surely_above(D(number), comparator, D(100)) is above


def test_a_value_without_a_number_is_neither_below_nor_above():
    word = measure(lab("haemoglobin", "clotted"))
    assert not word.below(D(1000))
    assert not word.above(D(0))


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Positive", "positive"),
        ("neg", "negative"),
        ("not detected", "negative"),
        ("indeterminate", "indeterminate"),
    ],
)
def test_a_word_is_read_by_its_meaning(text, word):
    assert measure(lab("intrinsic_factor_antibody", text)).word == word


@pytest.mark.parametrize(
    ("value", "high", "comparator", "word"),
    [
        ("12", "6", None, "positive"),
        ("6", "6", None, "negative"),
        ("6", "6", ">", "positive"),
        ("5", "6", ">", None),
        ("12", None, None, None),
    ],
)
def test_an_antibody_in_numbers_is_positive_above_the_laboratorys_limit(value, high, comparator, word):
    given = lab("intrinsic_factor_antibody", value, "U/mL", high=high, comparator=comparator)
    assert measure(given).word == word


def test_a_number_that_is_no_antibody_has_no_word():
    assert measure(lab("haemoglobin", 130, high=150)).word is None


def test_a_value_is_shown_in_the_laboratorys_own_words():
    assert measure(lab("total_b12", "150", "ng/L", comparator="<")).shown() == "<150 ng/L"
    assert measure(lab("intrinsic_factor_antibody", "positive")).shown() == "positive"


def test_a_value_without_a_unit_has_no_number():
    read = measure(lab("total_b12", "150", None))
    assert read.number is None
    assert read.blocked


def results(*values, first=FIRST, **more):
    return Results(values, as_of=TODAY, first_dose_on=first, **more)


def test_baseline_runs_up_to_and_on_the_day_of_the_first_dose():
    read = results(lab("mcv", 118, on=BEFORE), lab("mcv", 117, on=FIRST), lab("mcv", 110, on=AFTER))
    assert read.baseline("mcv").number == 117
    assert read.on_treatment("mcv").number == 110
    assert read.latest("mcv").number == 110
    assert read.number("mcv") == 110


def test_without_a_dose_the_last_value_is_the_baseline_and_nothing_is_on_treatment():
    read = results(lab("mcv", 118, on=BEFORE), lab("mcv", 110, on=AFTER), first=None)
    assert read.baseline("mcv").number == 110
    assert read.on_treatment("mcv") is None


def test_a_value_dated_after_the_day_of_the_question_is_not_known_yet():
    read = results(lab("mcv", 118, on=TODAY), lab("mcv", 90, on=date(2025, 1, 7)))
    assert read.number("mcv") == 118


def test_of_two_values_of_one_day_the_later_reported_counts():
    assert results(lab("mcv", 118), lab("mcv", 117)).number("mcv") == 117


def test_a_value_in_doubt_is_kept_but_never_the_latest():
    read = results(lab("total_b12", 150, "ng/L", BEFORE), lab("total_b12", 150, None, AFTER))
    assert read.latest("total_b12").taken_on == BEFORE
    assert len(read.all("total_b12")) == 2
    assert len(list(read.everything())) == 2


def test_an_unknown_analyte_is_left_alone_and_an_absent_one_is_nothing():
    read = results(lab("copper", 12, "umol/L"))
    assert read.all("copper") == []
    assert read.latest("mcv") is None
    assert read.number("mcv") is None
    assert not read.below("mcv", D(1000))
    assert not read.above("mcv", D(0))


def test_a_high_b12_is_plausible_where_the_caller_says_a_dose_came_before():
    high = lab("total_b12", 9000, "pg/mL", AFTER)
    assert results(high).latest("total_b12") is None
    assert results(high, on_treatment=lambda value: True).latest("total_b12") is not None
