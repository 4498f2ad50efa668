"""Symptom scores against each other, on both sides of every edge."""

from datetime import date, timedelta

import pytest

from monitoring.interpretation.symptom_trend import (
    Change,
    Scores,
    baseline,
    best_since,
    change_of,
    since_first_dose,
    worse_neurologically,
)

FIRST = date(2026, 1, 5)


def scores(day=0, fatigue=6, numbness=3, balance=2, cognition=4):
    return Scores(FIRST + timedelta(days=day), fatigue, numbness, balance, cognition)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (scores(), Change.UNCHANGED),
        (scores(fatigue=5), Change.UNCHANGED),
        (scores(fatigue=4), Change.BETTER),
        (scores(balance=3), Change.UNCHANGED),
        (scores(balance=4), Change.WORSE),
        (scores(fatigue=4, balance=4), Change.MIXED),
        (scores(fatigue=4, balance=3), Change.BETTER),
    ],
)
def test_a_domain_has_changed_from_two_points_on(now, expected):
    assert change_of(scores(), now, 2) is expected


def test_the_beginning_is_the_last_before_or_on_the_day_of_the_first_dose():
    before, on, after = scores(-7), scores(0), scores(1)
    assert baseline([before, on, after], FIRST) == on
    assert baseline([before, after], FIRST) == before
    assert baseline([after], FIRST) is None
    assert baseline([on, before], None) == before


@pytest.mark.parametrize("known", [[], [scores(0)]])
def test_without_scores_after_the_first_dose_nothing_is_said(known):
    assert since_first_dose(known, first_dose_on=FIRST, as_of=date(2026, 5, 1), points=2) is None


def test_scores_without_any_before_the_first_dose_stand_alone():
    known = [scores(1), scores(90)]
    said = since_first_dose(known, first_dose_on=FIRST, as_of=date(2026, 5, 1), points=2)
    assert (said.change, said.not_better, said.is_mixed, said.worst) == ("", False, False, 6)
    assert said.words == (
        "fatigue 6, numbness and tingling 3, balance 2, memory and thinking 4; not scored before the first dose"
    )


def test_the_answer_of_the_symptoms_is_told_with_its_day():
    said = since_first_dose(
        [scores(0), scores(30), scores(88, fatigue=3)], first_dose_on=FIRST, as_of=date(2026, 5, 1), points=2
    )
    assert (said.scored_on, said.change, said.not_better) == (date(2026, 4, 3), "better", False)
    assert said.words == (
        "fatigue 6 to 3, numbness and tingling 3 to 3, balance 2 to 2, memory and thinking 4 to 4"
    )


def test_the_best_since_the_first_dose_is_taken_domain_by_domain():
    known = [scores(0, fatigue=0), scores(1, fatigue=5, balance=1), scores(9, fatigue=2)]
    assert best_since(known, FIRST) == scores(9, fatigue=2, balance=1)
    assert best_since(known[:1], FIRST) is None
    assert best_since(known, None) is None


@pytest.mark.parametrize(
    ("path", "change"),
    [
        ((1, 2), "better"),
        ((1, 3), "mixed"),
        ((1, 2, 3, 4, 5), "worse"),
        ((5, 6), "unchanged"),
        ((5, 8), "worse"),
    ],
)
def test_a_domain_that_is_up_again_from_its_best_is_worse(path, change):
    known = [scores(0, balance=6), *(scores(10 + place, balance=one) for place, one in enumerate(path))]
    said = since_first_dose(known, first_dose_on=FIRST, as_of=date(2026, 5, 1), points=2)
    assert said.change == change


def test_a_relapse_is_told_beside_the_beginning():
    known = [scores(0, balance=6), scores(10, balance=1), scores(20, balance=5)]
    said = since_first_dose(known, first_dose_on=FIRST, as_of=date(2026, 5, 1), points=2)
    assert said.words.endswith(
        "balance 6 to 5, memory and thinking 4 to 4; from the best since the first dose balance 1 to 5"
    )


def test_scores_of_a_day_to_come_are_not_looked_at():
    known = [scores(0), scores(30), scores(31, fatigue=0)]
    said = since_first_dose(known, first_dose_on=FIRST, as_of=FIRST + timedelta(days=30), points=2)
    assert said.change == "unchanged"


@pytest.mark.parametrize(
    ("change", "not_better"),
    [({}, True), ({"fatigue": 8}, True), ({"fatigue": 4}, False), ({"fatigue": 4, "balance": 4}, False)],
)
def test_worse_is_not_better_and_neither_is_unchanged(change, not_better):
    said = since_first_dose(
        [scores(0), scores(90, **change)], first_dose_on=FIRST, as_of=date(2026, 5, 1), points=2
    )
    assert (said.not_better, said.is_mixed) == (not_better, change == {"fatigue": 4, "balance": 4})


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (scores(numbness=4), ()),
        (scores(numbness=5), ("numbness and tingling 3 to 5",)),
        (scores(balance=4), ("balance 2 to 4",)),
        (scores(fatigue=10, cognition=10), ()),
    ],
)
def test_numbness_and_balance_are_watched_for_a_turn_for_the_worse(now, expected):
    assert worse_neurologically(scores(), now, 2) == expected


def test_scores_are_told_by_their_domains():
    assert scores().in_words() == "fatigue 6, numbness and tingling 3, balance 2, memory and thinking 4"
