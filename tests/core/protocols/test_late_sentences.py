"""What is said of a dose on another day, word for word."""

from typing import Any

import pytest

from regimens.protocols.phasespec import PhaseSpec
from regimens.protocols.windows import Margins, Restart, late_advice, margins_of
from tests.core.protocols.phases import ALTERNATE, DAILY, EVERY_THREE_MONTHS, WEEKLY, on

SAID = [
    (ALTERNATE, -2, 1, "before_window", "The dose is before its window: give a reason."),
    (ALTERNATE, 0, 2, "in_window", "The dose is inside its window."),
    (
        ALTERNATE, 4, 6, "every_other_day_late",
        "Give as soon as possible, never two doses together; the rest moves on and the number of doses stays.",
    ),
    (
        ALTERNATE, 13, 15, "every_other_day_gap_over_14_days",
        "15 days since the last loading dose, more than 14: a clinician decides; starting the loading count again is"
        " suggested.",
    ),
    (
        DAILY, 20, 21, "daily_gap_over_14_days",
        "21 days since the last loading dose, more than 14: a clinician decides; the doses owed stay owed.",
    ),
    (
        WEEKLY, 3, 10, "weekly_late",
        "Give as soon as possible; the next weekly dose counts from that day, the number of doses stays.",
    ),
    (
        EVERY_THREE_MONTHS, 15, 107, "maintenance_late",
        "Give now; the next dose counts from that day. A blood count is optional where there are no symptoms.",
    ),
    (
        EVERY_THREE_MONTHS, 100, 200, "maintenance_gap_over_two_intervals",
        "The last dose was on 6 January 2025, more than 2 intervals ago: a clinician reviews, with a blood count (and"
        " methylmalonic acid where it helps); cyanocobalamin 1 mg a day by mouth bridges until the injection, but never"
        " with Leber optic neuropathy in patient or family.",
    ),
    (
        EVERY_THREE_MONTHS, 300, 400, "maintenance_gap_suggests_loading",
        "The last dose was on 6 January 2025, more than 3 intervals or 12 months ago: give now; a clinician decides, and"
        " loading again is suggested, with a blood count.",
    ),
]  # fmt: skip


def advice(spec: PhaseSpec, late: int, gap: int, **more: Any):
    """The dose before was given on 6 January 2025, this one `gap` days later and `late` days after its day."""
    (last, due, given) = on(0, gap - late, gap)
    return late_advice(spec, due_on=due, given_on=given, last_given_on=last, neurological=False, **more)


@pytest.mark.parametrize(("spec", "late", "gap", "rule", "sentence"), SAID)
def test_each_rule_says_its_sentence_and_that_it_is_local_policy(
    spec: PhaseSpec, late: int, gap: int, rule: str, sentence: str
) -> None:
    said = advice(spec, late, gap)
    assert (said.rule, said.sentence, said.days_late) == (rule, f"{sentence} [local policy]", late)
    assert said.source == "local policy: no guideline gives a window for late doses"


def test_new_symptoms_of_the_nerves_say_their_own_sentence() -> None:
    said = advice(ALTERNATE, 4, 6, new_neuro_symptoms=True)
    assert (said.rule, said.restart, said.days_late) == (
        "new_neurological_symptoms",
        Restart.NEUROLOGICAL_LOADING,
        4,
    )
    assert said.sentence == (
        "New neurological symptoms at any lateness: give today, seek urgent advice, and start the neurological loading"
        " again (alternate days until no further improvement)."
    )


def test_margins_without_a_policy_are_those_of_the_default() -> None:
    (early, overdue) = (margins_of(WEEKLY).early.days, margins_of(WEEKLY).overdue.days)
    assert (early, overdue) == (2, 3)
    assert isinstance(margins_of(WEEKLY), Margins)
