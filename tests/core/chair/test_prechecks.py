import pytest

from regimens.protocols.prechecks import (
    Question,
    anticoagulants_among,
    denied_of_record,
    kind_is_open,
    lacks_inr,
    questions_for,
    speaks_against,
    unanswered,
    wants_inr,
)

ALL_WELL = {
    "identity": ["name", "born_on"],
    "allergy": "no",
    "unwell": "no",
    "pregnant": "not_applicable",
    "anticoagulant": "no",
    "consent": "yes",
}


def test_the_questions_stand_in_the_order_in_which_they_are_asked():
    assert [one.value for one in questions_for("female")] == [
        "identity", "allergy", "unwell", "pregnant", "anticoagulant", "consent",
    ]  # fmt: skip


@pytest.mark.parametrize(("sex", "asked"), [("male", False), ("female", True), ("unknown", True)])
def test_only_a_man_is_not_asked_about_pregnancy(sex, asked):
    assert (Question.PREGNANT in questions_for(sex)) is asked


@pytest.mark.parametrize(
    ("items", "open_"),
    [
        ([], True),
        (["name"], True),
        (["name", "name"], True),
        (["name", "shoe_size"], True),
        (["name", "born_on"], False),
        (["identifier", "address", "name"], False),
    ],
)
def test_identity_wants_two_items_of_the_list(items, open_):
    left = unanswered(ALL_WELL | {"identity": items}, questions_for("female"))

    assert left == ((Question.IDENTITY,) if open_ else ())


@pytest.mark.parametrize("question", ["allergy", "unwell", "pregnant", "anticoagulant", "consent"])
@pytest.mark.parametrize("answer", ["", None, "perhaps"])
def test_a_question_without_a_known_answer_is_open(question, answer):
    assert unanswered(ALL_WELL | {question: answer}, questions_for("female")) == (Question(question),)


@pytest.mark.parametrize(
    ("question", "answer", "speaks"),
    [
        ("allergy", "yes", True),
        ("allergy", "no", False),
        ("unwell", "yes", True),
        ("unwell", "no", False),
        ("pregnant", "yes", True),
        ("pregnant", "not_applicable", False),
        ("consent", "no", True),
        ("consent", "yes", False),
        ("anticoagulant", "yes", False),
    ],
)
def test_the_answers_that_speak_against_giving(question, answer, speaks):
    found = speaks_against(ALL_WELL | {question: answer}, 3)

    assert found == ((Question(question),) if speaks else ())


@pytest.mark.parametrize(
    ("answer", "inr", "speaks"),
    [("yes", "3.0", False), ("yes", "3.1", True), ("no", "3.1", False), ("yes", "", False)],
)
def test_a_blood_thinner_speaks_against_with_an_inr_above_the_limit(answer, inr, speaks):
    found = speaks_against(ALL_WELL | {"anticoagulant": answer, "inr": inr}, 3)

    assert found == ((Question.ANTICOAGULANT,) if speaks else ())


@pytest.mark.parametrize(("route", "barred"), [("im", True), ("sc", False)])
def test_an_inr_above_the_limit_or_not_known_bars_the_muscle_and_not_the_skin(route, barred):
    thinned = ALL_WELL | {"anticoagulant": "yes", "thinner": "vitamin_k_antagonist"}

    assert (speaks_against(thinned | {"inr": "3.1"}, 3, route) != ()) is barred
    assert lacks_inr(thinned, route) is barred
    assert speaks_against(thinned | {"consent": "no"}, 3, route) == (Question.CONSENT,)


def test_nothing_answered_speaks_against_nothing():
    assert speaks_against({}, 3) == ()


@pytest.mark.parametrize(
    ("told", "open_"),
    [
        ({"anticoagulant": "yes"}, True),
        ({"anticoagulant": "yes", "thinner": "not_known"}, False),
        ({"anticoagulant": "yes", "on_record": ["apixaban"]}, False),
        ({"anticoagulant": "yes", "inr": "2.4"}, False),
        ({"anticoagulant": "no"}, False),
        ({}, False),
    ],
)
def test_which_blood_thinner_is_open_while_nothing_says_it(told, open_):
    assert kind_is_open(told) is open_


@pytest.mark.parametrize(
    ("told", "wanted"),
    [
        ({}, False),
        ({"on_record": ["warfarin"]}, True),
        ({"on_record": ["apixaban"]}, False),
        ({"on_record": ["apixaban", "warfarin"]}, True),
        ({"on_record": ["enoxaparin"]}, False),
        ({"anticoagulant": "no", "on_record": ["warfarin"]}, False),
        ({"anticoagulant": "yes"}, True),
        ({"anticoagulant": "yes", "thinner": "vitamin_k_antagonist"}, True),
        ({"anticoagulant": "yes", "thinner": "not_known"}, True),
        ({"anticoagulant": "yes", "thinner": "direct_oral"}, False),
        ({"anticoagulant": "yes", "thinner": "other"}, False),
        ({"anticoagulant": "yes", "thinner": "direct_oral", "on_record": ["warfarin"]}, False),
    ],
)
def test_the_inr_is_wanted_of_what_it_tells_of(told, wanted):
    assert wants_inr(told) is wanted


@pytest.mark.parametrize(
    ("told", "lacking"),
    [
        ({"anticoagulant": "yes", "thinner": "vitamin_k_antagonist"}, True),
        ({"anticoagulant": "yes", "thinner": "vitamin_k_antagonist", "inr": "2.4"}, False),
        ({"anticoagulant": "yes", "thinner": "not_known"}, True),
        ({"anticoagulant": "yes", "thinner": "direct_oral"}, False),
        ({"anticoagulant": "yes", "on_record": ["warfarin"]}, True),
        ({"anticoagulant": "yes", "on_record": ["apixaban"]}, False),
        ({"anticoagulant": "no", "on_record": ["warfarin"]}, False),
        ({"anticoagulant": "yes"}, False),
    ],
)
def test_an_inr_that_is_wanted_and_not_known_is_lacking(told, lacking):
    assert lacks_inr(told) is lacking


@pytest.mark.parametrize(
    ("told", "denied"),
    [
        ({"anticoagulant": "no", "on_record": ["apixaban", "warfarin"]}, ("apixaban", "warfarin")),
        ({"anticoagulant": "no"}, ()),
        ({"on_record": ["warfarin"]}, ()),
        ({"anticoagulant": "yes", "on_record": ["warfarin"]}, ()),
        ({"anticoagulant": "yes", "thinner": "not_known", "on_record": ["warfarin"]}, ()),
        ({"anticoagulant": "yes", "thinner": "vitamin_k_antagonist", "on_record": ["warfarin"]}, ()),
        ({"anticoagulant": "yes", "thinner": "direct_oral", "on_record": ["warfarin"]}, ("warfarin",)),
        ({"anticoagulant": "yes", "thinner": "direct_oral", "on_record": ["apixaban", "warfarin"]}, ()),
        ({"anticoagulant": "yes", "thinner": "direct_oral"}, ()),
    ],
)
def test_an_answer_may_deny_what_stands_on_the_record(told, denied):
    assert denied_of_record(told) == denied


def test_of_many_medicines_only_anticoagulants_are_named():
    taken = ["warfarin", "aspirin", "clopidogrel", "dabigatran", "tinzaparin", "metformin"]

    assert anticoagulants_among(taken) == ["dabigatran", "tinzaparin", "warfarin"]
