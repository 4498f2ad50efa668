import pytest

from regimens.protocols.prechecks import Question, questions_for, speaks_against, unanswered

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


def test_nothing_answered_speaks_against_nothing():
    assert speaks_against({}, 3) == ()
