"""Is there a deficiency, and how is it known?"""

from datetime import date, timedelta

import pytest

from tests.core.patients import TODAY, given, lab, labs, medicine, reading

NERVE = ["numbness"]
AMBIGUOUS = lab("total_b12", 150, "pg/mL", low=145, high=569)


@pytest.mark.parametrize(
    ("expected", "changes"),
    [
        ("confirmed_deficiency", {"labs": labs(total_b12=179)}),
        ("confirmed_deficiency", {"labs": labs(active_b12=24, total_b12=400)}),
        ("indeterminate", {"labs": labs(total_b12=180)}),
        ("indeterminate", {"labs": labs(total_b12=350)}),
        ("indeterminate", {"labs": labs(total_b12=400, active_b12=50)}),
        ("unlikely", {"labs": labs(total_b12=351)}),
        ("not_classified", {"labs": ()}),
        ("not_classified", {"labs": labs(methylmalonic_acid=900)}),
        ("indeterminate_mma_raised", {"labs": labs(total_b12=300, methylmalonic_acid=281)}),
        ("indeterminate", {"labs": labs(total_b12=300, methylmalonic_acid=280)}),
        ("indeterminate_mma_raised", {"labs": labs(total_b12=300, methylmalonic_acid=281, egfr=60)}),
        ("indeterminate", {"labs": labs(total_b12=300, methylmalonic_acid=900, egfr=59)}),
        ("indeterminate", {"labs": labs(total_b12=300, methylmalonic_acid=900), "conditions": ["ckd_3"]}),
        (
            "indeterminate_mma_raised",
            {"labs": labs(total_b12=300, methylmalonic_acid=900, egfr=61), "conditions": ["ckd_3"]},
        ),
        ("functional_deficiency", {"labs": labs(total_b12=400, methylmalonic_acid=900)}),
        ("functional_deficiency", {"labs": labs(total_b12=300, homocysteine=16), "cause": "nitrous_oxide"}),
        ("indeterminate", {"labs": labs(total_b12=300, homocysteine=15), "cause": "nitrous_oxide"}),
        ("indeterminate", {"labs": labs(total_b12=300, homocysteine=90)}),
        ("confirmed_deficiency", {"labs": labs(total_b12=100, homocysteine=90), "cause": "nitrous_oxide"}),
        ("prophylaxis", {"labs": labs(total_b12=300), "cause": "ileal_resection"}),
        ("prophylaxis", {"labs": (), "cause": "total_gastrectomy"}),
        ("uninterpretable", {"labs": (AMBIGUOUS,)}),
        ("uninterpretable", {"labs": labs(total_b12=900), "medications": (medicine("oral_cyanocobalamin"),)}),
        (
            "confirmed_deficiency",
            {"labs": labs(total_b12=150), "medications": (medicine("oral_cyanocobalamin"),)},
        ),
        ("confirmed_deficiency", {"labs": (AMBIGUOUS, lab("active_b12", 20))}),
        ("uninterpretable", {"labs": (AMBIGUOUS, lab("active_b12", 90))}),
    ],
)
def test_the_class_follows_from_the_results(expected, changes):
    assert reading(**changes).classification.value == expected


def test_before_treatment_counts_and_a_later_value_after_a_dose_does_not():
    first = date(2024, 12, 1)
    values = (lab("total_b12", 90, on=first), lab("total_b12", 900, on=date(2024, 12, 20)))
    read = reading(labs=values, doses_given=given(first))
    assert read.classification.value == "confirmed_deficiency"
    assert read.recent_b12


def test_of_two_clean_values_the_later_decides():
    values = (lab("total_b12", 90, on=date(2024, 1, 1)), lab("total_b12", 400))
    assert reading(labs=values).classification.value == "unlikely"


def test_a_doubtful_value_on_treatment_does_not_undo_a_course_that_has_begun():
    after = lab("total_b12", 150, "pg/mL", low=145, high=569)
    read = reading(labs=(after,), doses_given=given(date(2024, 12, 1)))
    assert not read.unit_unresolved
    assert read.plan_withheld_by == ()


@pytest.mark.parametrize(
    ("supported", "changes"),
    [
        (False, {"labs": ()}),
        (True, {"labs": labs(total_b12=179)}),
        (False, {"labs": labs(total_b12=180)}),
        (True, {"labs": labs(active_b12=24)}),
        (True, {"labs": labs(total_b12=400, methylmalonic_acid=281)}),
        (True, {"labs": labs(total_b12=400, methylmalonic_acid=281, egfr=60)}),
        (False, {"labs": labs(total_b12=400, methylmalonic_acid=281, egfr=59)}),
        (False, {"labs": labs(total_b12=400, homocysteine=16)}),
        (True, {"labs": labs(total_b12=400, homocysteine=16), "cause": "nitrous_oxide"}),
        (True, {"labs": labs(total_b12=400, homocysteine=16), "medications": (medicine("nitrous_oxide"),)}),
        (False, {"labs": labs(total_b12=400, homocysteine=15), "cause": "nitrous_oxide"}),
        (True, {"labs": labs(total_b12=300), "findings": NERVE}),
        (True, {"labs": labs(total_b12=300), "findings": ["scotoma"]}),
        (False, {"labs": labs(total_b12=351), "findings": NERVE}),
        (False, {"labs": (), "findings": NERVE}),
        (False, {"labs": labs(total_b12=300), "findings": ["brain_fog", "fatigue"]}),
        (True, {"labs": labs(total_b12=300), "findings": ["brain_fog"], "neuro_answer": True}),
        (
            True,
            {
                "labs": labs(total_b12=900),
                "findings": NERVE,
                "medications": (medicine("oral_cyanocobalamin"),),
            },
        ),
        (False, {"labs": labs(total_b12=900), "medications": (medicine("oral_cyanocobalamin"),)}),
        (True, {"labs": labs(total_b12=400, intrinsic_factor_antibody="positive")}),
        (False, {"labs": labs(total_b12=400, intrinsic_factor_antibody="negative")}),
        (False, {"labs": labs(total_b12=300, haemoglobin=100, mcv=90)}),
        (True, {"labs": (AMBIGUOUS,), "findings": NERVE}),
        (False, {"labs": (AMBIGUOUS,)}),
        (True, {"labs": labs(total_b12=300), "cause": "ileal_resection"}),
        (True, {"labs": labs(total_b12=400), "doses_given": given(date(2024, 1, 1))}),
    ],
)
def test_a_plan_needs_something_that_supports_the_diagnosis(supported, changes):
    assert reading(**changes).dx_not_confirmed is not supported


def test_a_positive_antibody_outweighs_a_later_negative_one():
    values = (
        lab("intrinsic_factor_antibody", "positive", on=date(2024, 1, 1)),
        lab("intrinsic_factor_antibody", "negative"),
    )
    assert reading(labs=values).diagnosis.antibody_positive


@pytest.mark.parametrize(
    ("expected", "changes"),
    [
        ((), {"labs": labs(total_b12=100)}),
        (("DX_NOT_CONFIRMED",), {"labs": ()}),
        (("AGE_EXCLUDED",), {"labs": labs(total_b12=100), "age": 17}),
        (("UNIT_AMBIGUOUS", "DX_NOT_CONFIRMED"), {"labs": (AMBIGUOUS,)}),
        (("UNIT_IMPLAUSIBLE", "DX_NOT_CONFIRMED"), {"labs": labs(total_b12=2001)}),
        ((), {"labs": (AMBIGUOUS,), "findings": NERVE}),
        ((), {"labs": (AMBIGUOUS,), "findings": ["visual_loss"]}),
        (("UNIT_AMBIGUOUS",), {"labs": (AMBIGUOUS,), "cause": "ileal_resection"}),
    ],
)
def test_only_named_findings_withhold_the_plan(expected, changes):
    assert reading(**changes).plan_withheld_by == expected


def test_prophylaxis_is_for_lost_absorption_with_nothing_that_shows_a_deficiency():
    assert reading(cause="bariatric_surgery", labs=labs(total_b12=180)).prophylaxis
    assert not reading(cause="bariatric_surgery", labs=labs(total_b12=179)).prophylaxis
    assert not reading(cause="partial_gastrectomy", labs=labs(total_b12=300)).prophylaxis
    assert reading(cause="total_gastrectomy", labs=labs(methylmalonic_acid=280)).prophylaxis
    assert not reading(cause="total_gastrectomy", labs=labs(methylmalonic_acid=281)).prophylaxis
    assert not reading(cause="total_gastrectomy", labs=labs(total_b12=300), findings=NERVE).prophylaxis
    assert not reading(cause="total_gastrectomy", labs=labs(total_b12=300), findings=["scotoma"]).prophylaxis


def test_a_loading_that_has_begun_is_not_prophylaxis_and_earlier_maintenance_is():
    assert not reading(cause="ileal_resection", doses_given=given(TODAY - timedelta(days=2))).prophylaxis
    assert reading(
        cause="ileal_resection", doses_given=given(date(2024, 10, 1), phase="maintenance")
    ).prophylaxis


@pytest.mark.parametrize(
    ("taken_on", "doses", "spoilt"),
    [
        (date(2024, 9, 6), given(date(2024, 9, 6)), False),
        (date(2024, 9, 7), given(date(2024, 9, 6)), True),
        (date(2025, 1, 6), given(date(2024, 9, 6)), True),
        (date(2025, 1, 6), given(date(2024, 9, 5)), False),
        (date(2025, 1, 6), given(date(2024, 12, 9), route="oral"), True),
        (date(2025, 1, 6), given(date(2024, 12, 8), route="oral"), False),
        (date(2025, 1, 6), given(date(2024, 12, 8), phase="oral"), False),
    ],
)
def test_b12_is_spoilt_4_months_after_an_injection_and_4_weeks_after_a_tablet(taken_on, doses, spoilt):
    assert reading(labs=(lab("total_b12", 300, on=taken_on),), doses_given=doses).recent_b12 is spoilt


@pytest.mark.parametrize(
    ("since", "spoilt"),
    [(None, True), (date(2025, 1, 5), True), (date(2025, 1, 6), False), (date(2020, 1, 1), True)],
)
def test_b12_is_spoilt_while_tablets_are_taken(since, spoilt):
    taken = (medicine("oral_cyanocobalamin", since=since),)
    assert reading(labs=labs(total_b12=300), medications=taken).recent_b12 is spoilt


def test_other_results_are_not_spoilt_by_a_dose():
    read = reading(labs=labs(methylmalonic_acid=900), doses_given=given(date(2024, 12, 20)))
    assert not read.recent_b12


def test_the_sentences_tell_values_source_doubt_and_class():
    own_range = lab("total_b12", 300, low=145, high=569, unit="pmol/L")
    read = reading(labs=(own_range, *labs(methylmalonic_acid=900, egfr=24)))
    assert read.sentences == (
        "Vitamin B12, total 300 pmol/L is above the band, deficiency unlikely (NG239); the laboratory's own range is 145 to 569.",
        "Methylmalonic acid 900 nmol/L is above its upper limit (local policy); it is unreliable with these kidneys.",
        "Class: deficiency unlikely by serum B12.",
    )


def test_the_sentences_tell_a_hidden_a_doubtful_and_a_supported_value():
    hidden = reading(labs=labs(total_b12=900), medications=(medicine("oral_cyanocobalamin"),))
    assert hidden.sentences[0].endswith("; a dose of B12 came before the sample.")
    doubtful = reading(labs=(AMBIGUOUS,))
    assert doubtful.sentences[0] == "Vitamin B12, total 150 pg/mL cannot be placed among the cut-offs."
    shown = reading(labs=(lab("methylmalonic_acid", 200, high=270), *labs(total_b12=100)))
    assert shown.sentences[1:3] == (
        "Methylmalonic acid 200 nmol/L is not above its upper limit (the laboratory's range).",
        "Supported by: B12 below the cut-off.",
    )


@pytest.mark.parametrize(("began", "spoilt"), [(TODAY, False), (TODAY - timedelta(days=1), True)])
def test_a_b12_after_the_first_day_of_planned_tablets_is_spoilt(began, spoilt):
    assert reading(labs=labs(total_b12=300), tablets_since=began).recent_b12 is spoilt
