"""B12 is not low but symptoms go on: metabolites, folate, iron, thyroid, cause and diagnosis before any change of dose."""

from datetime import timedelta

import pytest

from monitoring.interpretation.symptom_trend import ScoredSymptoms
from regimens.packs import load_packs
from regimens.protocols.normal_b12 import pathway_of
from regimens.protocols.policy import DEFAULT
from regimens.protocols.reassessment import Record
from regimens.protocols.situation import Situation
from tests.core.patients import TODAY, given, lab, patient

FIRST = TODAY - timedelta(days=100)
YESTERDAY = TODAY - timedelta(days=1)


def scored(change="unchanged"):
    return ScoredSymptoms(YESTERDAY, change, "fatigue 6 to 6")


def pathway(*values, change="unchanged", record=Record(), b12=500, **more):  # noqa: B008
    facts = patient(
        doses_given=given(FIRST),
        labs=(lab("total_b12", b12, on=YESTERDAY), *values),
        symptoms=scored(change) if change else None,
        **{"cause": "autoimmune_gastritis", "certainty": "confirmed"} | more,
    )
    return pathway_of(Situation.of(facts, load_packs()["uk"], DEFAULT), record)


def open_codes(*values, **more):
    return [step.code for step in pathway(*values, **more).open_steps]


def test_everything_is_asked_in_its_order():
    assert [step.code for step in pathway().steps] == [
        "metabolites",
        "folate",
        "iron",
        "thyroid",
        "cause",
        "diagnosis",
    ]
    assert pathway().because == (
        "Serum B12 500 ng/L on treatment is not low, and the symptom scores are unchanged (fatigue 6 to 6)."
    )


@pytest.mark.parametrize(
    ("change", "shown"),
    [("unchanged", True), ("worse", True), ("better", False), ("mixed", False), ("", False)],
)
def test_it_is_for_symptoms_that_are_no_better(change, shown):
    assert (pathway(change=change) is not None) is shown


@pytest.mark.parametrize(("b12", "shown"), [(179, False), (180, True)])
def test_it_is_for_a_b12_that_is_not_low(b12, shown):
    assert (pathway(b12=b12) is not None) is shown


def test_a_b12_from_before_the_first_dose_says_nothing():
    facts = patient(doses_given=given(FIRST), labs=(lab("total_b12", 500, on=FIRST),), symptoms=scored())
    assert pathway_of(Situation.of(facts, load_packs()["uk"], DEFAULT), Record()) is None


def test_one_of_the_two_metabolites_answers_for_both():
    assert pathway().tests_to_plan[:2] == ("methylmalonic_acid", "homocysteine")
    step = pathway(lab("homocysteine", 12, on=YESTERDAY)).steps[0]
    assert (step.is_open, step.tests, step.said) == (False, (), "12 umol/L on 5 Jan 2025")


@pytest.mark.parametrize(("days", "is_open"), [(180, False), (181, True)])
def test_a_result_counts_for_180_days(days, is_open):
    facts = patient(
        doses_given=given(TODAY - timedelta(days=900)),
        labs=(
            lab("total_b12", 500, on=YESTERDAY),
            lab("ferritin", 80, on=TODAY - timedelta(days=days)),
        ),
        symptoms=scored(),
    )
    steps = {s.code: s for s in pathway_of(Situation.of(facts, load_packs()["uk"], DEFAULT), Record()).steps}
    assert steps["iron"].is_open is is_open


def test_a_result_from_before_the_first_dose_does_not_count():
    assert "folate" in open_codes(lab("folate", 8, on=FIRST))
    assert "folate" not in open_codes(lab("folate", 8, on=FIRST + timedelta(days=1)))


def test_what_the_record_says_of_the_cause_answers_it():
    assert "cause" not in open_codes()
    assert "cause" in open_codes(cause="diet")
    assert "cause" not in open_codes(cause="diet", record=Record(cause_addressed=True))


def test_a_b12_that_cannot_be_placed_gives_way_to_one_that_can():
    unread = lab("active_b12", 20, on=TODAY, comparator=">")
    assert pathway(unread).because.startswith("Serum B12 500 ng/L")
    assert pathway(unread, b12=100) is None
