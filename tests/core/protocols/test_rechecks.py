"""What is checked when, pack by pack."""

from datetime import date, timedelta
from typing import Any

import pytest

from b12clinic.vocabulary import RecheckTest
from monitoring.interpretation.analytes import ANALYTES
from regimens.packs import load_packs
from regimens.protocols.pack import RecheckWhen
from regimens.protocols.rechecks import CONDITIONS, EVERY_PACK
from regimens.protocols.selection import recommend
from tests.core.patients import TODAY, given, lab, labs, medicine, patient

PACKS = load_packs()
LOW = labs(total_b12=100)
PA = {"cause": "autoimmune_gastritis", "labs": LOW}


def ago(*days: int) -> tuple[date, ...]:
    return tuple(TODAY - timedelta(days=day) for day in days)


def planned(**changes: Any) -> dict[int, set[str]]:
    answer = recommend(patient(**{**PA, **changes}), PACKS)
    return {(one.due_on - TODAY).days: set(one.tests) for one in answer.rechecks}


def test_every_condition_can_be_told() -> None:
    assert set(CONDITIONS) == set(RecheckWhen)


def test_every_test_of_every_rule_is_known() -> None:
    rules = [*EVERY_PACK, *(rule for pack in PACKS.values() for rule in pack.rechecks)]
    assert {test for rule in rules for test in rule.tests} <= set(ANALYTES) | RecheckTest.codes()


def test_uk_loading() -> None:
    assert planned() == {
        8: {"fbc", "reticulocytes"},
        56: {"fbc", "reticulocytes", "ferritin", "folate"},
        90: {"symptom_review"},
    }


def test_uk_neurological_loading_looks_at_blood_early_only_in_anaemia() -> None:
    assert planned(findings={"numbness"}) == {
        21: {"neuro_exam"},
        56: {"fbc", "reticulocytes", "ferritin", "folate"},
        90: {"symptom_review"},
    }
    anaemic = planned(findings={"numbness"}, labs=labs(total_b12=100, haemoglobin=119))
    assert anaemic[8] == {"fbc", "reticulocytes"}


def test_uk_tablets() -> None:
    assert planned(cause="diet") == {90: {"symptom_review", "fbc"}}
    assert planned(cause="diet", labs=labs(total_b12=100, haemoglobin=119))[56] == {"fbc"}


def test_us_label() -> None:
    assert planned(guideline="us-label") == {
        1: {"potassium"},
        2: {"potassium"},
        7: {"haematocrit", "reticulocytes"},
        14: {"fbc"},
        56: {"fbc", "ferritin", "folate"},
        90: {"symptom_review"},
    }


def test_us_practice_follows_metabolites_that_were_raised_and_can_be_read() -> None:
    assert planned(guideline="us-practice")[56] == {"fbc"}
    raised = labs(total_b12=100, methylmalonic_acid=600, homocysteine=30)
    assert planned(guideline="us-practice", labs=raised)[56] == {"fbc", "methylmalonic_acid", "homocysteine"}
    assert planned(guideline="us-practice", labs=(*raised, lab("egfr", 60)))[56] >= {"methylmalonic_acid"}
    assert planned(guideline="us-practice", labs=(*raised, lab("egfr", 59)))[56] == {"fbc"}


def test_nl_loading() -> None:
    assert planned(guideline="nl", conditions={"dementia"}) == {56: {"fbc"}, 90: {"symptom_review"}}


def test_plan_without_rules_of_its_own_still_has_a_review_date() -> None:
    assert planned(guideline="au") == {90: {"symptom_review"}}


def test_pregnancy_adds_a_review_after_a_month() -> None:
    assert planned(pregnancy="breastfeeding")[30] == {"symptom_review", "fbc"}


def test_potassium_is_watched_where_it_may_fall() -> None:
    assert planned(labs=labs(total_b12=100, potassium=3.4))[2] == {"potassium"}
    assert 1 not in planned(labs=labs(total_b12=100, potassium=3.4))
    severe = planned(labs=labs(total_b12=100, haemoglobin=79))
    assert (severe[1], severe[2], severe[7]) == ({"potassium"}, {"potassium"}, {"potassium"})


def test_potassium_with_tablets_counts_from_today() -> None:
    assert planned(cause="diet", labs=labs(total_b12=100, potassium=3.4))[2] == {"potassium"}


def test_high_inr_is_looked_at_after_three_days() -> None:
    warfarin = (medicine("warfarin"),)
    assert planned(labs=(*LOW, lab("inr", 3.1)), medications=warfarin)[3] == {"inr"}
    assert 3 not in planned(labs=(*LOW, lab("inr", 3.0)), medications=warfarin)


def test_eyes_are_examined_again() -> None:
    seen = planned(conditions={"leber_hereditary_optic_neuropathy"})
    assert seen[21] == {"neuro_exam", "visual_acuity"}
    assert {"fbc"} <= seen[56]


def test_loading_rows_count_from_its_first_dose_and_past_days_fall_away() -> None:
    assert planned(doses_given=given(*ago(12, 10, 8, 5, 3, 1))) == {
        44: {"fbc", "reticulocytes", "ferritin", "folate"},
        78: {"symptom_review"},
    }


def test_recheck_of_today_is_still_due() -> None:
    assert planned(doses_given=given(*ago(8, 6, 4, 1)))[0] == {"fbc", "reticulocytes"}


def test_loading_that_resumes_late_counts_from_today() -> None:
    assert planned(doses_given=given(*ago(13, 11, 9))).keys() == {8, 56, 90}


def test_maintenance_years_later_has_a_review_and_a_year() -> None:
    upkeep = given(*ago(60), phase="maintenance")
    assert planned(doses_given=upkeep) == {90: {"symptom_review", "fbc"}, 365: {"symptom_review", "fbc"}}
    loaded = (*given(*ago(160, 158, 156, 153, 151, 149)), *upkeep)
    assert planned(doses_given=loaded).keys() == {90, 365}


@pytest.mark.parametrize(
    ("guideline", "drug"), [("us-practice", "cyanocobalamin"), ("nl", "hydroxocobalamin")]
)
def test_maintenance_years_later_has_a_review_where_the_packs_own_have_passed(
    guideline: str, drug: str
) -> None:
    loaded = given(*ago(400, 396, 393, 389, 386, 382, 379, 375, 372, 368, 365), drug=drug)
    upkeep = given(*ago(20), phase="maintenance", drug=drug)
    seen = planned(guideline=guideline, conditions={"dementia"}, doses_given=(*loaded, *upkeep))
    assert seen == {90: {"symptom_review"}}


def test_maintenance_soon_after_loading_keeps_the_loadings_rows() -> None:
    assert planned(doses_given=given(*ago(90, 88, 86, 83, 81, 79))) == {0: {"symptom_review"}}


def antibody_on(**changes: Any) -> list[int]:
    return [day for day, tests in planned(**changes).items() if "intrinsic_factor_antibody" in tests]


def test_antibody_drawn_too_soon_is_drawn_again_after_the_last_loading_dose() -> None:
    early = (*LOW, lab("intrinsic_factor_antibody", "negative"))
    assert antibody_on(labs=early, doses_given=given(*ago(4, 2))) == [28]
    assert antibody_on(labs=early, doses_given=given(*ago(13, 11, 9, 6, 4, 2))) == [19]
    assert antibody_on(labs=early) == []
    assert antibody_on(labs=early, doses_given=given(*ago(4, 2)), findings={"numbness"}) == []


@pytest.mark.parametrize(
    ("detail", "is_early"),
    [
        ("roux_en_y", True),
        (None, True),
        ("Roux-en-Y bypass 2019", False),
        ("sleeve 2024", True),
        ("sleeve 3 years ago", False),
        ("sleeve 1 year ago", True),
        ("bypass 12 y", False),
    ],
)
def test_bloods_at_six_months_unless_surgery_is_known_to_lie_further_back(
    detail: str | None, is_early: bool
) -> None:
    days = planned(cause="bariatric_surgery", cause_detail=detail)
    assert (180 in days) is is_early
    assert {"fbc", "ferritin", "folate", "symptom_review"} <= days[365]


def test_one_day_has_one_entry_with_every_reason() -> None:
    answer = recommend(patient(**{**PA, "cause": "bariatric_surgery"}), PACKS)
    (ninety,) = [one for one in answer.rechecks if one.due_on == TODAY + timedelta(days=90)]
    assert ninety.tests == ("symptom_review", "fbc", "folate", "ferritin")
    assert "(NG239)" in ninety.why
    assert "(BOMSS 2020)" in ninety.why
