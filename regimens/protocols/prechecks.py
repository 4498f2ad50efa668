"""What is asked at the chair before an injection is given, and which answers speak against giving it (evidence section 6).

The order of the questions is the order in which they are asked. The answers are kept with the injection by their codes.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from b12clinic.vocabulary import Coded, Sex


class Question(Coded):
    IDENTITY = ("identity", "Who is it? Ask for two of these, and compare")
    ALLERGY = ("allergy", "Ever reacted to B12, cobalt or an injection?")
    UNWELL = ("unwell", "Unwell today?")
    PREGNANT = ("pregnant", "Pregnant, or may be?")
    ANTICOAGULANT = ("anticoagulant", "Takes a blood thinner?")
    CONSENT = ("consent", "Agrees to the injection today?")


class IdentityItem(Coded):
    """What a patient can be told apart by; two are asked for (local policy)."""

    NAME = ("name", "Name")
    BORN_ON = ("born_on", "Date of birth")
    IDENTIFIER = ("identifier", "Number")
    ADDRESS = ("address", "Address")


class Answer(Coded):
    NO = ("no", "No")
    YES = ("yes", "Yes")
    NOT_APPLICABLE = ("not_applicable", "Does not apply")


IDENTITY_ITEMS_WANTED = 2
INR, INR_ON = "inr", "inr_on"
_AGAINST = {
    Question.ALLERGY: Answer.YES,
    Question.UNWELL: Answer.YES,
    Question.PREGNANT: Answer.YES,
    Question.CONSENT: Answer.NO,
}

Answers = Mapping[str, Any]
"""By question: a list of codes for the identity, one code for the others; `inr` as text and `inr_on` as a day where given."""


def questions_for(sex: str) -> tuple[Question, ...]:
    """The questions in their order; a man is not asked about pregnancy."""
    return tuple(one for one in Question if one is not Question.PREGNANT or sex != Sex.MALE)


def unanswered(answers: Answers, asked: tuple[Question, ...]) -> tuple[Question, ...]:
    """The questions still open; an identity by fewer than two items is one."""
    return tuple(one for one in asked if not _is_answered(one, answers.get(one.value)))


def speaks_against(answers: Answers, inr_limit: Decimal | int) -> tuple[Question, ...]:
    """The questions whose answers speak against giving. A blood thinner does so with an INR above `inr_limit`."""
    return tuple(one for one in Question if _is_against(one, answers, inr_limit))


def _is_against(question: Question, answers: Answers, inr_limit: Decimal | int) -> bool:
    answer = answers.get(question.value)
    if question is Question.ANTICOAGULANT:
        return bool(answer == Answer.YES and _is_high(answers, inr_limit))
    return question in _AGAINST and answer == _AGAINST[question]


def _is_answered(question: Question, answer: Any) -> bool:
    if question is Question.IDENTITY:
        return len(set(answer or ()) & IdentityItem.codes()) >= IDENTITY_ITEMS_WANTED
    return answer in Answer.codes()


def _is_high(answers: Answers, limit: Decimal | int) -> bool:
    inr = answers.get(INR)
    return bool(inr) and Decimal(str(inr)) > limit
