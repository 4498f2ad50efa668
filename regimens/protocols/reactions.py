"""What follows from a reaction after an injection, by its grade and by what was seen (evidence section 9; local policy)."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

from b12clinic.vocabulary import Coded, Reaction, ReactionGrade


class Seen(Coded):
    """The kinds of reaction that a nurse chooses from, mildest first."""

    LOCAL = ("local", "Soreness, redness or hardness at the site only")
    GENERAL = ("general", "Headache, nausea, dizziness, fever or hot flush")
    RASH = ("rash", "Rash")
    URTICARIA = ("urticaria", "Urticaria")
    GENERALISED = ("generalised", "Itch or rash over the whole body")
    WHEEZE = ("wheeze", "Wheeze")
    ANGIOEDEMA = ("angioedema", "Angioedema")
    ANAPHYLAXIS = ("anaphylaxis", "Anaphylaxis")


class Consequence(StrEnum):
    """What a reaction asks for: nothing but the record, a prescriber before the next dose, or everything at once."""

    RECORD = "record"
    REVIEW = "review"
    EMERGENCY = "emergency"


OF_THE_AIRWAY = frozenset({Seen.WHEEZE, Seen.ANGIOEDEMA, Seen.ANAPHYLAXIS})
_ONLY_RECORDED = frozenset({Seen.LOCAL, Seen.GENERAL})
_REVIEWED_AT_ANY_GRADE = OF_THE_AIRWAY | {Seen.GENERALISED}
_NO_REACTION = frozenset({"", ReactionGrade.NONE})
_LIFE_THREATENING = frozenset({ReactionGrade.GRADE_4, ReactionGrade.GRADE_5})


def consequence_of(grade: str, seen: Collection[str] = ()) -> Consequence:
    """Grade 4 or 5, or grade 3 of the airway, is anaphylactic. From grade 2 the next dose waits for a prescriber,
    unless only the site or the general state was affected; what is generalised or of the airway waits at any grade.
    """
    kinds = frozenset(seen)
    if grade in _NO_REACTION:
        return Consequence.RECORD
    if grade in _LIFE_THREATENING or (grade == ReactionGrade.GRADE_3 and kinds & OF_THE_AIRWAY):
        return Consequence.EMERGENCY
    if grade == ReactionGrade.GRADE_3 or kinds & _REVIEWED_AT_ANY_GRADE:
        return Consequence.REVIEW
    only_recorded = bool(kinds) and kinds <= _ONLY_RECORDED
    return Consequence.REVIEW if grade == ReactionGrade.GRADE_2 and not only_recorded else Consequence.RECORD


def as_allergy(seen: Collection[str]) -> tuple[str, ...]:
    """The reactions that an allergy is noted with after an anaphylactic reaction; never empty."""
    noted = sorted(set(seen) & Reaction.codes())
    return tuple(noted) or (Reaction.ANAPHYLAXIS.value,)
