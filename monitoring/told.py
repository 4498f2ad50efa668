"""What labs ask of plans, in plain days: an upper app answers, and where nobody does, nothing is known."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from typing import NamedTuple, TypeVar


class Span(NamedTuple):
    """Days from the first to the last of them."""

    first: date
    last: date

    def holds(self, day: date) -> bool:
        """Whether the day is one of them."""
        return self.first <= day <= self.last


Answer = Callable[[Collection[int]], Mapping[int, Sequence[Span]]]
A = TypeVar("A", bound=Answer)


class Question:
    """One question about patients, by their numbers; the answer holds the days on which it is true of them."""

    def __init__(self) -> None:
        self._answer: Answer | None = None

    def answered_by(self, answer: A) -> A:
        """Register the decorated function as the one that answers."""
        self._answer = answer
        return answer

    def of(self, patient_ids: Collection[int]) -> Mapping[int, Sequence[Span]]:
        """The days for each patient of whom there are any."""
        return self._answer(patient_ids) if self._answer and patient_ids else {}


DOSED = Question()
"""On which days has the patient had a dose of B12 lately, from the day of a dose on?"""

TREATED = Question()
"""On which days is a B12 result read in the light of a dose or a tablet before the sample?"""

PREGNANT = Question()
"""On which days is the patient pregnant, as far as somebody has said?"""
