"""What is asked at the chair before an injection is given, and which answers speak against giving it (evidence section 6).

The order of the questions is the order in which they are asked. The answers are kept with the injection by their codes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from b12clinic.vocabulary import ANTICOAGULANTS, DIRECT_ORAL_ANTICOAGULANTS, Coded, Medicine, Route, Sex


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


class Thinner(Coded):
    """Which blood thinner is taken: the INR tells of a vitamin K antagonist, not of the others."""

    VITAMIN_K_ANTAGONIST = ("vitamin_k_antagonist", "Warfarin, or another vitamin K antagonist")
    DIRECT_ORAL = ("direct_oral", "Apixaban, dabigatran, edoxaban or rivaroxaban")
    OTHER = ("other", "A heparin, or antiplatelets")
    NOT_KNOWN = ("not_known", "Not known which")


IDENTITY_ITEMS_WANTED = 2
INR, INR_ON, THINNER, ON_RECORD = "inr", "inr_on", "thinner", "on_record"
_INR_TELLS = frozenset({Thinner.VITAMIN_K_ANTAGONIST, Thinner.NOT_KNOWN})
_AGAINST = {
    Question.ALLERGY: Answer.YES,
    Question.UNWELL: Answer.YES,
    Question.PREGNANT: Answer.YES,
    Question.CONSENT: Answer.NO,
}

Answers = Mapping[str, Any]
"""By question: a list of codes for the identity, one code for the others. `thinner`: which blood thinner, `on_record`: the
anticoagulants that stood on the record, `inr` as text and `inr_on` as a day; each of these only where there is one."""


def questions_for(sex: str) -> tuple[Question, ...]:
    """The questions in their order; a man is not asked about pregnancy."""
    return tuple(one for one in Question if one is not Question.PREGNANT or sex != Sex.MALE)


def unanswered(answers: Answers, asked: tuple[Question, ...]) -> tuple[Question, ...]:
    """The questions still open; an identity by fewer than two items is one."""
    return tuple(one for one in asked if not _is_answered(one, answers.get(one.value)))


def kind_is_open(answers: Answers) -> bool:
    """Whether a blood thinner is taken and nothing says which: no answer, no record, no INR."""
    taken = answers.get(Question.ANTICOAGULANT.value) == Answer.YES
    return taken and not (_kinds_of(answers) or answers.get(INR))


def wants_inr(answers: Answers) -> bool:
    """Whether the INR matters: not for what it does not tell of, such as a direct oral anticoagulant."""
    answer, kinds = answers.get(Question.ANTICOAGULANT.value), _kinds_of(answers)
    if answer == Answer.NO:
        return False
    return bool(kinds & _INR_TELLS) if kinds else answer == Answer.YES


def lacks_inr(answers: Answers, route: str = Route.IM) -> bool:
    """Whether the INR matters and is not known. Answers from before the kind was asked for tell nothing of it.

    It bars the muscle alone (evidence section 6).
    """
    taken = route == Route.IM and answers.get(Question.ANTICOAGULANT.value) == Answer.YES
    return taken and bool(_kinds_of(answers)) and wants_inr(answers) and not answers.get(INR)


def denied_of_record(answers: Answers) -> tuple[str, ...]:
    """The anticoagulants on record that the answer denies: no blood thinner is taken, or only one of another kind."""
    recorded = tuple(answers.get(ON_RECORD) or ())
    if answers.get(Question.ANTICOAGULANT.value) == Answer.NO:
        return recorded
    told = answers.get(THINNER)
    if not told or told == Thinner.NOT_KNOWN:
        return ()
    return recorded if told not in {_kind_of(code) for code in recorded} else ()


def anticoagulants_among(medicines: Iterable[str]) -> list[str]:
    """The anticoagulants of a list of medicines, by their codes in order."""
    return sorted({str(code) for code in medicines if code in ANTICOAGULANTS})


def speaks_against(answers: Answers, inr_limit: Decimal | int, route: str = Route.IM) -> tuple[Question, ...]:
    """The questions whose answers speak against giving by a route.

    A blood thinner does so with an INR above `inr_limit`, and only against the muscle (evidence section 6).
    """
    return tuple(one for one in Question if _is_against(one, answers, inr_limit, route))


def _is_against(question: Question, answers: Answers, inr_limit: Decimal | int, route: str) -> bool:
    answer = answers.get(question.value)
    if question is Question.ANTICOAGULANT:
        return bool(route == Route.IM and answer == Answer.YES and _is_high(answers, inr_limit))
    return question in _AGAINST and answer == _AGAINST[question]


def _is_answered(question: Question, answer: Any) -> bool:
    if question is Question.IDENTITY:
        return len(set(answer or ()) & IdentityItem.codes()) >= IDENTITY_ITEMS_WANTED
    return answer in Answer.codes()


def _is_high(answers: Answers, limit: Decimal | int) -> bool:
    inr = answers.get(INR)
    return bool(inr) and Decimal(str(inr)) > limit


def _kinds_of(answers: Answers) -> frozenset[str]:
    """The kinds of blood thinner: as told, else as they stand on the record."""
    told = answers.get(THINNER)
    return frozenset({told}) if told else frozenset(_kind_of(code) for code in answers.get(ON_RECORD) or ())


def _kind_of(code: str) -> str:
    if code == Medicine.WARFARIN:
        return Thinner.VITAMIN_K_ANTAGONIST.value
    return (Thinner.DIRECT_ORAL if code in DIRECT_ORAL_ANTICOAGULANTS else Thinner.OTHER).value
