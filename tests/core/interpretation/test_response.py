"""Is the treatment working? Both sides of every day and figure."""

from datetime import timedelta

import pytest

from tests.core.patients import TODAY, given, lab, reading


def markers(*values, day, baseline=(), **changes):
    """The markers that have not answered on `day` of a course, its results taken that day unless they say otherwise."""
    first = TODAY - timedelta(days=day)
    before = tuple(lab(analyte, value, on=first) for analyte, value in baseline)
    read = reading(labs=(*before, *values), doses_given=given(first), **changes)
    return [flag.marker for flag in read.response]


def on_day(analyte, value, unit="", *, day, of, **more):
    return lab(analyte, value, unit, TODAY - timedelta(days=of - day), **more)


ANAEMIC = (("haemoglobin", 90), ("reticulocytes", 40))


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (6, 40, []),
        (7, 40, ["reticulocytes"]),
        (7, 41, []),
        (10, 40, ["reticulocytes"]),
        (11, 40, []),
    ],
)
def test_reticulocytes_must_have_risen_from_day_7_to_day_10(day, count, expected):
    assert markers(lab("reticulocytes", count), day=day, baseline=ANAEMIC) == expected


def test_a_rise_seen_earlier_answers_the_question():
    early = on_day("reticulocytes", 150, day=5, of=9)
    assert markers(early, lab("reticulocytes", 40), day=9, baseline=ANAEMIC) == []


def test_reticulocytes_are_not_asked_of_a_patient_who_was_not_anaemic():
    well = (("haemoglobin", 120), ("reticulocytes", 40))
    assert markers(lab("reticulocytes", 40), day=8, baseline=well) == []


def test_a_low_haematocrit_alone_makes_the_question_fair():
    assert markers(
        lab("reticulocytes", 40), day=8, baseline=(("haematocrit", "34.9"), ("reticulocytes", 40))
    ) == ["reticulocytes"]
    assert (
        markers(lab("reticulocytes", 40), day=8, baseline=(("haematocrit", 35), ("reticulocytes", 40))) == []
    )


def test_reticulocytes_are_forgiven_where_the_haemoglobin_is_normal():
    assert markers(lab("reticulocytes", 40), lab("haemoglobin", 120), day=9, baseline=ANAEMIC) == []
    assert markers(lab("reticulocytes", 40), lab("haemoglobin", 99), day=9, baseline=ANAEMIC) == [
        "reticulocytes"
    ]


@pytest.mark.parametrize(("value", "expected"), [(100, ["reticulocytes"]), (101, [])])
def test_without_a_value_before_the_laboratorys_limit_stands_in(value, expected):
    low_hb = (("haemoglobin", 90),)
    assert markers(lab("reticulocytes", value, high=100), day=8, baseline=low_hb) == expected
    assert markers(lab("reticulocytes", value), day=8, baseline=low_hb) == []


def test_percent_and_counts_are_compared_through_the_red_cells():
    # 2 % of 2.0 is 40; 1.5 % of 3.0 is 45: a rise, though the percentage fell.
    before = (("haemoglobin", 90), ("reticulocytes", 40))
    now = (lab("reticulocytes", "1.5", "%"), lab("red_cells", "3.0"))
    assert markers(*now, day=8, baseline=before) == []
    assert markers(lab("reticulocytes", "1.3", "%"), lab("red_cells", "3.0"), day=8, baseline=before) == [
        "reticulocytes"
    ]
    assert markers(lab("reticulocytes", "1.3", "%"), day=8, baseline=before) == []


@pytest.mark.parametrize(
    ("day", "count", "hct", "expected"),
    [
        (12, 199, 34, ["reticulocytes"]),
        (12, 200, 34, []),
        (12, 199, 35, []),
        (6, 199, 34, []),
    ],
)
def test_the_label_wants_twice_normal_while_the_haematocrit_is_below_35(day, count, hct, expected):
    now = (lab("reticulocytes", count, high=100), lab("haematocrit", hct))
    assert markers(*now, day=day, baseline=(("haemoglobin", 90), ("reticulocytes", 40))) == expected


def test_the_label_rule_needs_a_haematocrit_of_the_same_day():
    apart = on_day("haematocrit", 30, day=10, of=12)
    baseline = (("haemoglobin", 90), ("reticulocytes", 40))
    assert markers(lab("reticulocytes", 150, high=100), apart, day=12, baseline=baseline) == []
    assert markers(lab("reticulocytes", 150, high=100), day=12, baseline=baseline) == []


@pytest.mark.parametrize(
    ("day", "hb", "expected"),
    [
        (13, 91, []),
        (14, 99, ["haemoglobin"]),
        (14, 100, []),
        (21, 99, ["haemoglobin"]),
        (55, 119, []),
        (56, 119, ["haemoglobin"]),
        (56, 120, []),
    ],
)
def test_haemoglobin_rises_by_10_from_day_14_and_is_normal_from_day_56(day, hb, expected):
    assert markers(lab("haemoglobin", hb), day=day, baseline=(("haemoglobin", 90),)) == expected


def test_a_small_rise_into_the_normal_range_is_an_answer():
    assert markers(lab("haemoglobin", 120), day=14, baseline=(("haemoglobin", 115),)) == []


def test_a_low_haematocrit_before_treatment_asks_for_a_normal_haemoglobin_too():
    assert markers(lab("haemoglobin", 110), day=20, baseline=(("haematocrit", 30),)) == []
    assert markers(lab("haemoglobin", 110), day=56, baseline=(("haematocrit", 30),)) == ["haemoglobin"]


def test_haemoglobin_is_not_judged_where_it_was_normal_or_unknown_before():
    assert markers(lab("haemoglobin", 100), day=60, baseline=(("haemoglobin", 120),)) == []
    assert markers(lab("haemoglobin", 100), day=60) == []


@pytest.mark.parametrize(
    ("day", "before", "now", "expected"),
    [
        (89, 118, 101, []),
        (90, 118, 101, ["mcv"]),
        (90, 118, 100, []),
        (90, 101, 101, ["mcv"]),
        (90, 100, 101, []),
    ],
)
def test_mcv_is_at_most_100_after_three_months_where_it_was_high(day, before, now, expected):
    assert markers(lab("mcv", now), day=day, baseline=(("mcv", before),)) == expected


@pytest.mark.parametrize(
    ("day", "value", "egfr", "expected"),
    [
        (55, 400, 90, []),
        (56, 400, 90, ["methylmalonic_acid"]),
        (56, 280, 90, []),
        (56, 400, 60, ["methylmalonic_acid"]),
        (56, 400, 59, []),
    ],
)
def test_methylmalonic_acid_is_normal_from_week_8_where_the_kidneys_allow_it(day, value, egfr, expected):
    now = (lab("methylmalonic_acid", value), lab("egfr", egfr))
    assert markers(*now, day=day, baseline=(("methylmalonic_acid", 900),)) == expected


@pytest.mark.parametrize(
    ("day", "unchanged", "expected"),
    [(89, True, []), (90, True, ["symptoms"]), (90, False, []), (90, None, [])],
)
def test_unchanged_symptoms_count_from_three_months(day, unchanged, expected):
    assert markers(day=day, symptoms_unchanged=unchanged) == expected


def test_nothing_is_asked_before_the_first_dose():
    assert reading(labs=(lab("haemoglobin", 80),)).response == ()


def test_a_value_in_doubt_is_not_judged():
    baseline = (("haemoglobin", 90), ("reticulocytes", 40))
    assert markers(lab("reticulocytes", 30, None), day=8, baseline=baseline) == []
