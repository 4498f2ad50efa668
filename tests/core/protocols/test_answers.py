"""What an answer carries beside its scheme: whose it is, what it warns of, what it says of itself."""

from datetime import date
from typing import Any

import pytest

from regimens.packs import load_packs
from regimens.protocols.policy import DEFAULT, Policy
from regimens.protocols.recommendation import Recommendation
from regimens.protocols.selection import candidates, recommend, recommend_protocol
from regimens.protocols.windows import LateAction
from tests.core.patients import TODAY, given, labs, patient

PACKS = load_packs()
GASTRITIS = {"cause": "autoimmune_gastritis"}
NERVES = {"findings": {"numbness"}}
FAMILY = {"conditions": {"leber_family_history"}}
LATE = {**GASTRITIS, "doses_given": given(date(2024, 12, 16), date(2024, 12, 18))}


def facts(**changes: Any):
    return patient(**{"labs": labs(total_b12=100), **changes})


def answer(policy: Policy = DEFAULT, **changes: Any) -> Recommendation:
    return recommend(facts(**changes), PACKS, policy)


def codes(found: Recommendation) -> list[str]:
    return [alert.code for alert in found.alerts]


@pytest.mark.parametrize(
    ("changes", "allowed", "lifelong"),
    [
        ({"labs": ()}, False, False),
        ({"labs": (), **GASTRITIS}, False, False),
        ({"guideline": "no", **NERVES}, True, False),
        ({"guideline": "no", **NERVES, **GASTRITIS}, True, True),
        (GASTRITIS, True, True),
        ({}, True, False),
    ],
)
def test_answer_says_whose_it_is_and_how_long(changes: dict, allowed: bool, lifelong: bool) -> None:
    found = answer(**changes)
    assert (found.as_of, found.pack.code) == (TODAY, changes.get("guideline", "uk"))
    assert (found.plan_allowed, found.lifelong) == (allowed, lifelong)


def test_withheld_plan_warns_of_what_would_have_been_drafted() -> None:
    withheld = answer(guideline="us-practice", labs=(), **FAMILY)
    assert codes(withheld) == ["LHON_CYANO", "DX_NOT_CONFIRMED", "SWITCH_TO_HYDROXO"]
    allowed_only = {"LIFELONG", "ANAPHYLAXIS_OBS", "DO_NOT_RECHECK_B12"}
    assert not allowed_only & set(codes(answer(labs=(), **GASTRITIS)))


def test_swapped_first_choice_warns_of_the_tablets_it_replaced() -> None:
    first = answer(**FAMILY)
    assert first.protocol and first.protocol.code == "uk/diet-injection"
    assert codes(first) == ["LHON_CYANO", "SWITCH_TO_HYDROXO"]
    assert first.is_first


def test_protocol_asked_for_replaces_nothing() -> None:
    asked = recommend_protocol(facts(**FAMILY), PACKS, "uk/product-text")
    assert codes(asked) == ["ANAPHYLAXIS_OBS", "DO_NOT_RECHECK_B12"]
    assert not asked.is_first


def test_late_course_carries_the_advice_it_speaks_of() -> None:
    late = answer(**LATE).late
    assert late is not None
    assert (late.action, late.days_late) == (LateAction.CLINICIAN_REVIEW, 17)
    assert answer(**GASTRITIS).late is None


def test_tablets_are_told_as_one_dose_without_days() -> None:
    told = [one for one in answer().because if one.startswith(("Dose:", "Oral", "Tablets"))]
    assert told == [
        "Dose: cyanocobalamin 1000 mcg by mouth every day. The review at 3 months finds the deficiency corrected and the"
        " cause gone; lifelong where the diet lasts."
    ]


def test_candidates_are_each_read_by_their_own_guideline() -> None:
    found = candidates(facts(), PACKS)
    assert {one.first_choice for one in found} == {True, False}
    for one in found:
        reading = one.recommendation
        assert reading.situation and reading.situation.facts.guideline == reading.pack.code
    firsts = [one.recommendation.protocol for one in found if one.first_choice]
    assert [protocol and protocol.code for protocol in firsts] == [f"{pack}/oral" for pack in PACKS]


def test_protocol_of_another_guideline_is_read_by_its_own() -> None:
    found = recommend_protocol(facts(), PACKS, "nl/standard")
    assert found.situation and found.situation.facts.guideline == "nl"


def test_dates_of_a_plan_follow_the_figures_of_the_clinic() -> None:
    dose = answer(Policy(every_other_day_window_days=3), **GASTRITIS).phases[0].doses[0]
    assert ((dose.due_on - dose.earliest_on).days, (dose.overdue_on - dose.due_on).days) == (3, 4)


def test_neighbouring_packs_scheme_is_the_clinics_own_choice() -> None:
    beside = answer(guideline="us-label", **NERVES).alternatives[0]
    assert beside.protocol.code == "us-practice/neurological"
    own = beside.origins[0]
    assert (own.rule, own.source, own.section) == (
        "alternative/neighbouring_pack",
        "Local policy of the clinic",
        "evidence section 1d",
    )


def test_withheld_plan_still_says_that_a_course_is_late() -> None:
    assert codes(answer(age=17, **LATE)) == ["AGE_EXCLUDED", "LATE_LOADING", "RECENT_B12", "GASTRIC_CA_INFO"]
