"""The rest of the picture: signs, causes, bars, what is missing."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from regimens.protocols.policy import Policy
from regimens.protocols.reading import family_of
from tests.core.patients import TODAY, allergy, given, lab, labs, medicine, reading

NEURO = [
    "paraesthesia_feet", "paraesthesia_hands_feet", "numbness", "weakness", "reduced_ankle_jerks",
    "impaired_vibration_sense", "impaired_proprioception", "ataxic_gait", "romberg_positive", "lhermitte", "spasticity",
    "sphincter_disturbance",
]  # fmt: skip
CORD = ["ataxic_gait", "romberg_positive", "lhermitte", "weakness", "spasticity", "sphincter_disturbance"]
OPTIC = ["blurred_vision", "visual_loss", "scotoma", "optic_atrophy"]
UNSURE = ["brain_fog", "cognitive_change", "psychosis", "depression", "falls"]
NEITHER = [
    "fatigue",
    "glossitis",
    "dyspnoea",
    "palpitations",
    "bruising",
    "weight_loss",
    "a_code_of_tomorrow",
]


@pytest.mark.parametrize("sign", NEURO + OPTIC + UNSURE + NEITHER)
def test_each_finding_belongs_where_the_rules_put_it(sign):
    read = reading(findings=[sign])
    assert read.neuro_urgent is (sign in NEURO)
    assert read.scd is (sign in CORD)
    assert read.optic is (sign in OPTIC)
    assert read.signs.neuro_unanswered is (sign in UNSURE)
    assert read.neurological is (sign in NEURO + OPTIC)


def test_the_clinicians_yes_is_neurological_and_a_no_takes_back_no_sign():
    assert reading(findings=["brain_fog"], neuro_answer=True).neurological
    assert not reading(findings=["brain_fog"], neuro_answer=False).signs.neuro_unanswered
    assert reading(findings=["numbness"], neuro_answer=False).neurological


def test_a_neurological_sign_answers_the_question_about_the_others():
    assert not reading(findings=["brain_fog", "numbness"]).signs.neuro_unanswered


def test_nitrous_oxide_as_the_cause_is_always_neurological_and_as_a_medicine_is_use():
    assert reading(cause="nitrous_oxide").neurological
    used = reading(medications=(medicine("nitrous_oxide"),))
    assert used.signs.nitrous_oxide
    assert not used.neurological


@pytest.mark.parametrize(
    ("conditions", "findings", "scheme", "risk"),
    [
        (["leber_hereditary_optic_neuropathy"], [], True, True),
        (["leber_family_history"], [], False, True),
        (["leber_family_history"], ["visual_loss"], True, True),
        ([], ["visual_loss"], False, False),
    ],
)
def test_leber_in_the_family_is_a_risk_and_with_visual_signs_early_disease(
    conditions, findings, scheme, risk
):
    read = reading(conditions=conditions, findings=findings)
    assert (read.leber, read.leber_risk) == (scheme, risk)


@pytest.mark.parametrize(
    ("cause", "detail", "certainty", "lifelong"),
    [
        ("autoimmune_gastritis", None, "confirmed", True),
        ("autoimmune_gastritis", None, "suspected", False),
        ("total_gastrectomy", None, "confirmed", True),
        ("ileal_resection", "terminal ileum 45 cm resected", "confirmed", True),
        ("congenital", None, "confirmed", True),
        ("bariatric_surgery", "sleeve", "confirmed", True),
        ("bariatric_surgery", None, "confirmed", True),
        ("bariatric_surgery", "gastric_band", "confirmed", False),
        ("bariatric_surgery", "Gastric band 2011", "confirmed", False),
        ("partial_gastrectomy", None, "confirmed", False),
        ("coeliac_disease", None, "confirmed", False),
        ("diet", "vegan", "confirmed", False),
    ],
)
def test_a_confirmed_cause_that_does_not_pass_is_irreversible(cause, detail, certainty, lifelong):
    assert reading(cause=cause, cause_detail=detail, certainty=certainty).irreversible_cause is lifelong


@pytest.mark.parametrize(
    ("guideline", "noted", "cobalamin", "cobalt", "blocks"),
    [
        ("uk", (), False, False, False),
        ("uk", (allergy("benzyl_alcohol", "anaphylaxis"),), False, False, False),
        ("uk", (allergy("cobalt", "contact_dermatitis"),), False, True, False),
        ("uk", (allergy("cobalt"),), False, True, False),
        ("uk", (allergy("cobalt", "rash"),), False, True, False),
        ("uk", (allergy("cobalt", "wheeze"),), False, True, True),
        ("nl", (allergy("cobalt", "urticaria"),), False, True, True),
        ("us-label", (allergy("cobalt", "contact_dermatitis"),), False, True, True),
        ("us-practice", (allergy("cobalt"),), False, True, True),
        ("uk", (allergy("mecobalamin", "rash"),), True, True, False),
        ("uk", (allergy("cyanocobalamin", "angioedema"),), True, True, True),
        ("uk", (allergy("hydroxocobalamin", "anaphylaxis"),), True, True, True),
    ],
)
def test_an_allergy_blocks_by_substance_reaction_and_guideline(guideline, noted, cobalamin, cobalt, blocks):
    read = reading(guideline=guideline, allergies=noted)
    assert (read.cobalamin_allergy, read.cobalt_allergy, read.cobalt_block) == (cobalamin, cobalt, blocks)
    assert read.allergy_block is (cobalamin or blocks)


def test_allergies_withhold_the_plan_by_name():
    both = (allergy("hydroxocobalamin", "wheeze"), allergy("cobalt", "contact_dermatitis"))
    assert reading(labs=labs(total_b12=90), allergies=both).plan_withheld_by == (
        "ALLERGY_COBALAMIN",
        "ALLERGY_COBALT",
    )


@pytest.mark.parametrize(
    ("inr", "target", "high"),
    [
        ("3.0", None, False),
        ("3.1", None, True),
        ("3.5", (Decimal("2.5"), Decimal("3.5")), False),
        ("3.6", (Decimal("2.5"), Decimal("3.5")), True),
        ("2.6", (Decimal("1.5"), Decimal("2.5")), True),
    ],
)
def test_the_inr_is_high_above_its_range_or_above_3_where_none_is_known(inr, target, high):
    read = reading(labs=labs(inr=inr), medications=(medicine("warfarin", inr_target=target),))
    assert read.inr_high is high
    assert read.im_barred is high


@pytest.mark.parametrize(("count", "barred"), [(24, True), (25, False)])
def test_platelets_below_25_bar_an_injection_into_muscle(count, barred):
    assert reading(labs=labs(platelets=count)).im_barred is barred


@pytest.mark.parametrize(
    ("values", "conditions", "held"),
    [
        ({"egfr": 29}, [], True),
        ({"egfr": 30}, [], False),
        ({}, ["ckd_4"], True),
        ({}, ["ckd_5"], True),
        ({}, ["ckd_3"], False),
        ({"egfr": 30}, ["ckd_4"], False),
    ],
)
def test_kidneys_hold_aluminium_below_30(values, conditions, held):
    assert reading(labs=labs(**values), conditions=conditions).renal_aluminium is held


@pytest.mark.parametrize(
    ("age", "least", "excluded"),
    [(17, 18, True), (18, 18, False), (16, 16, False), (15, 16, True), (None, 18, False)],
)
def test_the_youngest_age_is_the_clinics_own(age, least, excluded):
    assert reading(policy=Policy(minimum_age_years=least), age=age).age_excluded is excluded


@pytest.mark.parametrize(
    ("sex", "pregnancy", "limit"),
    [
        ("female", "none", 120),
        ("male", "none", 130),
        ("unknown", "none", 120),
        ("female", "pregnant", 110),
        ("female", "breastfeeding", 120),
    ],
)
def test_anaemia_is_below_the_limit_for_sex_and_pregnancy(sex, pregnancy, limit):
    assert reading(sex=sex, pregnancy=pregnancy, labs=labs(haemoglobin=limit - 1)).anaemic
    assert not reading(sex=sex, pregnancy=pregnancy, labs=labs(haemoglobin=limit)).anaemic


@pytest.mark.parametrize(
    ("values", "low"),
    [
        ({"white_cells": "3.9"}, True),
        ({"white_cells": "4.0"}, False),
        ({"neutrophils": "1.4"}, True),
        ({"neutrophils": "1.5"}, False),
    ],
)
def test_white_cells_are_low_below_4_or_neutrophils_below_1_5(values, low):
    assert reading(labs=labs(**values)).low_white_cells is low


@pytest.mark.parametrize(("gap", "invalid"), [(0, False), (1, True), (14, True), (15, False)])
def test_an_antibody_is_spoilt_for_14_days_after_an_injection_not_on_its_day(gap, invalid):
    drawn = lab("intrinsic_factor_antibody", "negative")
    assert reading(labs=(drawn,), doses_given=given(TODAY - timedelta(days=gap))).ifa_invalid is invalid


def test_a_tablet_does_not_spoil_the_antibody():
    drawn = lab("intrinsic_factor_antibody", "negative")
    doses = given(TODAY - timedelta(days=3), phase="oral")
    assert not reading(labs=(drawn,), doses_given=doses).ifa_invalid


def test_the_course_is_dated_by_its_first_and_last_dose():
    read = reading(doses_given=given(date(2024, 12, 26), date(2024, 12, 24)))
    assert (read.first_dose_on, read.last_dose_on) == (date(2024, 12, 24), date(2024, 12, 26))
    assert read.course_begun
    assert reading().first_dose_on is None


def test_what_is_missing_at_baseline_is_named_and_blocks_nothing():
    read = reading(labs=labs(total_b12=90, haemoglobin=92, mcv=118))
    assert read.missing == (
        "methylmalonic_acid", "homocysteine", "reticulocytes", "ferritin", "folate", "potassium", "creatinine",
        "intrinsic_factor_antibody", "ttg_iga",
    )  # fmt: skip
    assert read.plan_withheld_by == ()


def test_active_b12_stands_for_serum_b12_and_half_a_blood_count_does_not_count():
    assert "total_b12" not in reading(labs=labs(active_b12=20)).missing
    assert "fbc" in reading(labs=labs(haemoglobin=92)).missing
    assert reading(age=None).missing[-1] == "age"


@pytest.mark.parametrize(
    ("guideline", "family"), [("uk", "uk"), ("us-label", "us"), ("us-practice", "us"), ("nl", "nl")]
)
def test_the_family_of_a_guideline(guideline, family):
    assert family_of(guideline) == family


def test_the_picture_answers_short_questions():
    read = reading(
        labs=labs(haemoglobin=92, total_b12=300, methylmalonic_acid=900),
        conditions=["asthma"],
        medications=(medicine("metformin"),),
    )
    assert read.hb_g_per_l == 92
    assert read.b12_indeterminate
    assert not read.b12_low
    assert read.mma_raised
    assert read.below("haemoglobin", Decimal(93))
    assert not read.above("haemoglobin", Decimal(92))
    assert read.has(frozenset({"asthma"}))
    assert read.takes(frozenset({"metformin"}))
    assert not read.inadequate_response
