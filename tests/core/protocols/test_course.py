"""Running courses: what is counted, what begins again, what stays."""

from datetime import date, timedelta
from typing import Any

import pytest

from regimens.packs import load_packs
from regimens.protocols.recommendation import Recommendation
from regimens.protocols.selection import recommend
from tests.core.patients import TODAY, given, labs, patient

PACKS = load_packs()
LOW = labs(total_b12=100)


def ago(*days: int) -> tuple[date, ...]:
    return tuple(TODAY - timedelta(days=day) for day in days)


def course(*doses: Any, **changes: Any) -> Recommendation:
    return recommend(
        patient(**{"cause": "autoimmune_gastritis", "labs": LOW, "doses_given": doses, **changes}), PACKS
    )


def days(answer: Recommendation) -> list[list[int]]:
    return [[(dose.due_on - TODAY).days for dose in phase.doses] for phase in answer.phases]


def codes(answer: Recommendation) -> set[str]:
    return {alert.code for alert in answer.alerts}


@pytest.mark.parametrize(
    ("since_last", "loading", "late"),
    [
        (1, [2, 4, 6], False),
        (3, [0, 2, 4], False),
        (4, [0, 2, 4], False),
        (5, [0, 2, 4], True),
        (14, [0, 2, 4], True),
        (15, [0, 2, 4, 7, 9, 11], True),
    ],
)
def test_three_of_six_given(since_last: int, loading: list[int], late: bool) -> None:
    answer = course(*given(*ago(since_last + 4, since_last + 2, since_last)))
    assert days(answer)[0] == loading
    assert ("LATE_LOADING" in codes(answer)) is late


@pytest.mark.parametrize(("since_last", "remaining"), [(20, 4), (21, 4), (22, 4)])
def test_weekly_loading_keeps_what_is_owed_whatever_the_gap(since_last: int, remaining: int) -> None:
    week = given(*ago(*(since_last + day for day in range(6, -1, -1))), drug="cyanocobalamin")
    answer = course(*week, guideline="us-practice")
    assert days(answer)[0] == [0, 7, 14, 21]
    assert answer.phases[0].remaining == remaining


def test_more_doses_than_the_loading_has_count_towards_maintenance() -> None:
    answer = course(*given(*ago(20, 18, 16, 13, 11, 9, 6)))
    assert [phase.spec.kind.value for phase in answer.phases] == ["maintenance"]
    assert answer.phases[0].doses[0].due_on == date(2025, 3, 31)


def test_more_doses_than_a_course_without_maintenance_leave_nothing_to_give() -> None:
    doses = given(*ago(*range(40, 28, -1)), drug="cyanocobalamin")
    answer = course(*doses, guideline="us-practice", cause="nitrous_oxide")
    assert answer.phases == ()
    assert answer.route is not None


def test_maintenance_ends_a_loading_that_was_cut_short() -> None:
    answer = course(*given(*ago(120, 118)), *given(*ago(30), phase="maintenance"))
    assert [phase.spec.kind.value for phase in answer.phases] == ["maintenance"]


def test_dose_after_today_is_not_counted() -> None:
    answer = course(*given(TODAY + timedelta(days=3)))
    assert answer.phases[0].remaining == 6


def test_neurological_loading_goes_on_two_days_after_its_last_dose() -> None:
    answer = course(*given(*ago(5, 3, 1)), findings={"numbness"})
    assert days(answer) == [[1 + 2 * step for step in range(11)], []]


def test_neurological_loading_broken_off_begins_from_today() -> None:
    answer = course(*given(*ago(14, 12)), findings={"numbness"})
    assert days(answer)[0] == [2 * step for step in range(11)]
    assert "LATE_LOADING" in codes(answer)
    assert any("begin the loading again from today" in sentence for sentence in answer.because)


def test_signs_left_by_a_long_neurological_loading_do_not_begin_it_again() -> None:
    long_ago = given(*ago(*range(200, 160, -2)))
    answer = course(*long_ago, *given(*ago(30), phase="maintenance"), findings={"numbness"})
    assert days(answer) == [[(date(2025, 2, 7) - TODAY).days, (date(2025, 4, 7) - TODAY).days]]


def test_signs_on_maintenance_after_a_fixed_loading_begin_the_loading_again() -> None:
    answer = course(*given(*ago(30), phase="maintenance"), findings={"numbness"}, guideline="nl")
    assert days(answer)[0] == [0, 3, 7, 10, 14, 17, 21, 24, 28, 31]


def test_overdue_prophylaxis_is_given_today_and_never_loaded() -> None:
    answer = course(
        *given(*ago(500), phase="maintenance"), cause="total_gastrectomy", labs=labs(total_b12=300)
    )
    assert [phase.spec.kind.value for phase in answer.phases] == ["maintenance"]
    assert days(answer) == [[0, 90]]
    assert "LATE_MAINT" in codes(answer)


def test_signed_phase_gives_the_same_days_as_the_recommendation() -> None:
    answer = course(*given(*ago(3, 1)))
    assert days(answer)[0] == [1, 4, 6, 8]
    assert answer.phases[0].spec.gaps == (3, 2, 2)
    assert answer.phases[0].spec.rhythm == "three times a week"


def test_label_course_waits_at_its_gate() -> None:
    week = given(*ago(*range(7, 0, -1)), drug="cyanocobalamin", dose_mcg=100)
    answer = course(*week, guideline="us-label")
    assert all(dose.provisional for phase in answer.phases for dose in phase.doses)
    assert days(answer)[0] == [1, 3, 5, 7, 9, 11, 13]


@pytest.mark.parametrize(
    ("since_last", "words"),
    [
        (21, "A loading dose is 14 days late. Give as soon as possible; the next weekly dose counts from"),
        (
            22,
            "A loading dose is 15 days late. 22 days since the last loading dose, more than 21: a clinician",
        ),
    ],
)
def test_alert_and_plan_say_the_same_of_a_late_weekly_dose(since_last: int, words: str) -> None:
    daily = given(*ago(*range(since_last + 1, since_last + 8)), drug="cyanocobalamin")
    weekly = given(*ago(since_last), drug="cyanocobalamin")
    answer = course(*daily, *weekly, guideline="us-practice")
    said = next(alert.message for alert in answer.alerts if alert.code == "LATE_LOADING")
    assert said.startswith(words)
    assert said.split("late. ")[1].rstrip(".") in " ".join(answer.because)
