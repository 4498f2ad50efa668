"""B12 is not low but symptoms go on: metabolites, folate, iron, thyroid, cause and diagnosis before any change of dose."""

from datetime import date, timedelta

import pytest

from monitoring.interpretation.symptom_trend import ScoredSymptoms
from regimens.packs import load_packs
from regimens.protocols.normal_b12 import Finding, pathway_of
from regimens.protocols.policy import DEFAULT
from regimens.protocols.reassessment import Record
from regimens.protocols.situation import Situation
from tests.core.patients import TODAY, given, lab, patient

FIRST = TODAY - timedelta(days=100)
YESTERDAY = TODAY - timedelta(days=1)


def scored(change="unchanged", worst=6, on=YESTERDAY):
    return ScoredSymptoms(on, change, "fatigue 6 to 6", worst)


def pathway(*values, symptoms=scored(), record=Record(), b12=500, doses=(FIRST,), **more):  # noqa: B008
    b12s = (lab("total_b12", b12, on=YESTERDAY),) if b12 else ()
    facts = patient(
        doses_given=given(*doses),
        labs=(*b12s, *values),
        symptoms=symptoms,
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


@pytest.mark.parametrize(("days", "shown"), [(89, False), (90, True)])
def test_tablets_that_go_on_make_replete_after_three_months(days, shown):
    since = TODAY - timedelta(days=days)
    assert (pathway(doses=(), b12=None, tablets_since=since) is not None) is shown


def reviewed_on(day, change="better", worst=2):
    return scored(change, worst, on=FIRST + timedelta(days=day))


@pytest.mark.parametrize(
    ("symptoms", "shown"),
    [
        (scored("unchanged"), True),
        (scored("worse"), True),
        (scored("mixed"), True),
        (None, False),
        (reviewed_on(5, "mixed"), True),
        (reviewed_on(89), False),
        (reviewed_on(90), True),
        (reviewed_on(90, worst=1), False),
        (reviewed_on(90, worst=None), False),
        (reviewed_on(89, ""), False),
        (reviewed_on(90, ""), True),
        (reviewed_on(90, "", worst=1), False),
    ],
)
def test_it_is_for_symptoms_that_go_on_at_a_review(symptoms, shown):
    assert (pathway(symptoms=symptoms) is not None) is shown


def test_it_says_how_the_symptoms_go_on():
    assert pathway(symptoms=reviewed_on(90)).because.endswith(
        "and symptoms go on, though better (fatigue 6 to 6)."
    )
    assert pathway(symptoms=reviewed_on(90, "")).because.endswith("and symptoms go on (fatigue 6 to 6).")
    assert "the symptom scores are mixed" in pathway(symptoms=scored("mixed")).because


@pytest.mark.parametrize(("b12", "shown"), [(179, False), (180, True)])
def test_it_is_for_a_b12_that_is_not_low(b12, shown):
    assert (pathway(b12=b12) is not None) is shown


def test_nothing_goes_on_before_the_first_dose():
    assert pathway(doses=()) is None


@pytest.mark.parametrize(("days", "shown"), [(89, False), (90, True)])
def test_without_a_b12_on_treatment_three_months_of_doses_count(days, shown):
    found = pathway(
        lab("total_b12", 100, on=TODAY - timedelta(days=200)),
        b12=None,
        doses=(TODAY - timedelta(days=days), YESTERDAY),
    )
    assert (found is not None) is shown
    if shown:
        assert found.because == (
            "B12 is replete by history (treated for 90 days, no serum B12 since the first dose says otherwise), and the "
            "symptom scores are unchanged (fatigue 6 to 6)."
        )


@pytest.mark.parametrize(
    ("last", "route", "shown"),
    [
        (date(2024, 9, 6), None, True),
        (date(2024, 9, 5), None, False),
        (date(2024, 12, 9), "oral", True),
        (date(2024, 12, 8), "oral", False),
    ],
)
def test_a_last_dose_that_is_four_months_back_or_a_tablet_four_weeks_makes_nobody_replete(last, route, shown):
    facts = patient(doses_given=given(date(2024, 1, 6), last, route=route), symptoms=scored())
    found = pathway_of(Situation.of(facts, load_packs()["uk"], DEFAULT), Record())
    assert (found is not None) is shown


def test_one_of_the_two_metabolites_answers_for_both():
    assert pathway().tests_to_plan[:2] == ("methylmalonic_acid", "homocysteine")
    step = pathway(lab("homocysteine", 12, on=YESTERDAY)).steps[0]
    assert (step.is_open, step.tests, step.said) == (
        False,
        (),
        "Homocysteine 12 umol/L on 5 Jan 2025: normal",
    )


def result(analyte, value, **more):
    return lab(analyte, value, on=YESTERDAY, **more)


EGFR_59, EGFR_60 = result("egfr", 59), result("egfr", 60)


@pytest.mark.parametrize(
    ("values", "finding", "words"),
    [
        ((result("methylmalonic_acid", 280),), Finding.SETTLED, "280 nmol/L on 5 Jan 2025: normal"),
        (
            (result("methylmalonic_acid", 281), EGFR_60),
            Finding.EXPLAINS,
            "281 nmol/L on 5 Jan 2025: raised; the tissues may lack B12",
        ),
        (
            (result("methylmalonic_acid", 480), EGFR_59),
            Finding.UNCLEAR,
            "480 nmol/L on 5 Jan 2025: raised, but with an eGFR under 60 it may be without a deficiency",
        ),
        ((result("methylmalonic_acid", 100, comparator=">"),), Finding.UNCLEAR, "settles nothing"),
        ((result("homocysteine", 15),), Finding.SETTLED, "15 umol/L on 5 Jan 2025: normal"),
        ((result("homocysteine", "15.1"),), Finding.EXPLAINS, "hypothyroidism raise it too"),
        ((result("homocysteine", "15.1"), EGFR_59), Finding.UNCLEAR, "may be without a deficiency"),
        ((result("homocysteine", 20, comparator="<"),), Finding.UNCLEAR, "settles nothing"),
        (
            (result("methylmalonic_acid", 200), result("homocysteine", 20)),
            Finding.EXPLAINS,
            "Methylmalonic acid 200 nmol/L on 5 Jan 2025: normal; Homocysteine 20 umol/L on 5 Jan 2025: raised; folate",
        ),
    ],
)
def test_metabolites_are_told_for_what_they_say(values, finding, words):
    step = pathway(*values, age=60).steps[0]
    assert step.finding is finding
    assert words in step.said


@pytest.mark.parametrize(
    ("value", "code", "finding", "said"),
    [
        (
            result("ferritin", 8),
            "iron",
            Finding.EXPLAINS,
            "Ferritin 8 ug/L, below 30 ug/L. Taken on 5 Jan 2025.",
        ),
        (result("ferritin", 30), "iron", Finding.SETTLED, "not below 30 ug/L. Taken on 5 Jan 2025."),
        (result("ferritin", 50, comparator="<"), "iron", Finding.UNCLEAR, "without a range, or as a bound."),
        (result("folate", "2.9"), "folate", Finding.EXPLAINS, "Folate 2.9 ug/L, low."),
        (result("folate", 3), "folate", Finding.SETTLED, "Folate 3 ug/L, not low."),
        (lab("tsh", "4.3", "m[IU]/L", YESTERDAY, high="4.2"), "thyroid", Finding.EXPLAINS, "above"),
        (lab("tsh", "4.2", "m[IU]/L", YESTERDAY, high="4.2"), "thyroid", Finding.SETTLED, "not above"),
        (lab("tsh", "9", "m[IU]/L", YESTERDAY), "thyroid", Finding.UNCLEAR, "cannot be read"),
    ],
)
def test_a_deficiency_that_is_there_may_explain_the_symptoms(value, code, finding, said):
    step = {one.code: one for one in pathway(value).steps}[code]
    assert step.finding is finding
    assert said in step.said


def test_a_diagnosis_that_nothing_shows_may_explain_them():
    steps = {one.code: one for one in pathway(cause="diet").steps}
    assert (steps["diagnosis"].finding, steps["cause"].finding) == (Finding.EXPLAINS, Finding.OPEN)
    assert pathway().steps[4].finding is Finding.SETTLED


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
