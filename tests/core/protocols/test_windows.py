"""Windows and late doses, both sides of each edge."""

from datetime import date, timedelta
from typing import Any

import pytest

from b12clinic.vocabulary import IntervalUnit, PhaseKind
from regimens.protocols.phasespec import PhaseSpec
from regimens.protocols.policy import Policy
from regimens.protocols.windows import (
    TOLERANCES,
    Cadence,
    LateAction,
    LateAdvice,
    Restart,
    cadence_of,
    late_advice,
    minimum_gap_days,
    window_of,
)
from tests.core.protocols.phases import (
    ALTERNATE,
    DAILY,
    EVERY_THREE_MONTHS,
    EVERY_TWO_MONTHS,
    MONTHLY,
    THREE_A_WEEK,
    TWICE_A_WEEK,
    WEEKLY,
    phase,
)

DUE = date(2025, 6, 16)
FORTNIGHTLY = phase(PhaseKind.TAPER, 2, IntervalUnit.WEEK)
FOUR_WEEKLY = phase(PhaseKind.MAINTENANCE, 4, IntervalUnit.WEEK)
EIGHT_WEEKLY = phase(PhaseKind.MAINTENANCE, 8, IntervalUnit.WEEK)
TWELVE_WEEKLY = phase(PhaseKind.MAINTENANCE, 12, IntervalUnit.WEEK)
TWICE_A_YEAR = phase(PhaseKind.MAINTENANCE, 6, IntervalUnit.MONTH)


@pytest.mark.parametrize(
    ("spec", "early", "late"),
    [
        (DAILY, 0, 0),
        (ALTERNATE, 1, 1),
        (THREE_A_WEEK, 1, 1),
        (TWICE_A_WEEK, 1, 1),
        (WEEKLY, 2, 2),
        (FORTNIGHTLY, 2, 2),
        (MONTHLY, 7, 7),
        (FOUR_WEEKLY, 7, 7),
        (EVERY_TWO_MONTHS, 7, 14),
        (EIGHT_WEEKLY, 7, 14),
        (EVERY_THREE_MONTHS, 14, 14),
        (TWELVE_WEEKLY, 14, 14),
        (TWICE_A_YEAR, 14, 14),
    ],
)
def test_window_of_each_interval(spec: PhaseSpec, early: int, late: int) -> None:
    window = window_of(spec, DUE)
    assert (DUE - window.earliest_on).days == early
    assert (window.overdue_on - DUE).days == late + 1


def test_every_row_of_the_table_has_its_tolerance() -> None:
    assert set(TOLERANCES) == set(Cadence)


def test_clinic_may_widen_a_window() -> None:
    assert (window_of(WEEKLY, DUE, Policy(weekly_window_days=3)).overdue_on - DUE).days == 4


@pytest.mark.parametrize(
    ("spec", "days"),
    [(DAILY, 1), (ALTERNATE, 1), (THREE_A_WEEK, 1), (WEEKLY, 5), (MONTHLY, 28), (TWICE_A_YEAR, 28)],
)
def test_shortest_gap_between_two_planned_doses(spec: PhaseSpec, days: int) -> None:
    assert minimum_gap_days(spec) == days


def advice(spec: PhaseSpec, late: int, gap: int | None = None, **more: Any) -> LateAdvice:
    """The advice for a dose given `late` days after DUE, `gap` days after the dose before it."""
    given_on = DUE + timedelta(days=late)
    last = None if gap is None else given_on - timedelta(days=gap)
    neurological = more.pop("neurological", False)
    return late_advice(
        spec, due_on=DUE, given_on=given_on, last_given_on=last, neurological=neurological, **more
    )


ON_TIME, EARLY = LateAction.ON_TIME, LateAction.EARLY
CONTINUE, REANCHOR = LateAction.GIVE_AND_CONTINUE, LateAction.GIVE_AND_REANCHOR
REVIEW = LateAction.CLINICIAN_REVIEW


@pytest.mark.parametrize(
    ("spec", "late", "gap", "action"),
    [
        (DAILY, 0, 1, ON_TIME),
        (DAILY, -1, 1, EARLY),
        (DAILY, 1, 2, CONTINUE),
        (ALTERNATE, -1, 1, ON_TIME),
        (ALTERNATE, 1, 3, ON_TIME),
        (ALTERNATE, 2, 4, CONTINUE),
        (ALTERNATE, 12, 14, CONTINUE),
        (ALTERNATE, 13, 15, REVIEW),
        (WEEKLY, 2, 9, ON_TIME),
        (WEEKLY, 3, 10, REANCHOR),
        (WEEKLY, 14, 21, REANCHOR),
        (WEEKLY, 15, 22, REVIEW),
        (FORTNIGHTLY, 28, 42, REANCHOR),
        (FORTNIGHTLY, 29, 43, REVIEW),
        (MONTHLY, -8, 23, EARLY),
        (MONTHLY, -7, 24, ON_TIME),
        (MONTHLY, 7, 38, ON_TIME),
        (MONTHLY, 8, 39, REANCHOR),
        (EVERY_TWO_MONTHS, 14, 75, ON_TIME),
        (EVERY_TWO_MONTHS, 15, 76, REANCHOR),
        (EVERY_THREE_MONTHS, -15, 76, EARLY),
        (EVERY_THREE_MONTHS, 14, 106, ON_TIME),
        (EVERY_THREE_MONTHS, 15, 107, REANCHOR),
    ],
)
def test_action_by_interval_and_lateness(spec: PhaseSpec, late: int, gap: int, action: LateAction) -> None:
    said = advice(spec, late, gap)
    assert (said.action, said.days_late) == (action, late)


def test_neurological_loading_bears_a_shorter_gap() -> None:
    assert advice(ALTERNATE, 5, 7, neurological=True).action is CONTINUE
    assert advice(ALTERNATE, 6, 8, neurological=True).action is REVIEW


def test_long_gap_in_a_loading_suggests_its_count_again() -> None:
    assert advice(ALTERNATE, 13, 15).restart is Restart.LOADING
    assert advice(DAILY, 20, 21).restart is None
    assert advice(DAILY, 20, 21).action is REVIEW
    assert advice(WEEKLY, 15, 22).restart is None


@pytest.mark.parametrize(
    ("given_on", "rule", "restart"),
    [
        (date(2025, 9, 16), "maintenance_late", None),
        (date(2025, 9, 17), "maintenance_gap_over_two_intervals", None),
        (date(2025, 12, 16), "maintenance_gap_over_two_intervals", None),
        (date(2025, 12, 17), "maintenance_gap_suggests_loading", Restart.LOADING),
    ],
)
def test_maintenance_gap_counts_in_intervals_since_the_last_dose(
    given_on: date, rule: str, restart: Restart | None
) -> None:
    said = late_advice(
        EVERY_THREE_MONTHS,
        due_on=DUE,
        given_on=given_on,
        last_given_on=date(2025, 3, 16),
        neurological=False,
    )
    assert (said.rule, said.restart) == (rule, restart)


def test_twice_a_year_suggests_loading_after_twelve_months() -> None:
    def said(given_on: date) -> LateAdvice:
        return late_advice(
            TWICE_A_YEAR, due_on=DUE, given_on=given_on, last_given_on=date(2024, 12, 16), neurological=False
        )

    assert said(date(2025, 12, 16)).action is REANCHOR
    assert said(date(2025, 12, 17)).restart is Restart.LOADING


def test_without_a_last_dose_one_interval_before_the_due_date_is_taken() -> None:
    assert advice(EVERY_THREE_MONTHS, 92).action is REANCHOR
    assert advice(EVERY_THREE_MONTHS, 93).action is REVIEW


@pytest.mark.parametrize("late", [-20, 0, 200])
def test_new_neurological_symptoms_outrank_every_lateness(late: int) -> None:
    said = advice(EVERY_THREE_MONTHS, late, 100, new_neuro_symptoms=True)
    assert (said.action, said.restart) == (REVIEW, Restart.NEUROLOGICAL_LOADING)


def test_advice_says_that_it_is_local_policy() -> None:
    said = advice(ALTERNATE, 4, 6)
    assert said.local_policy
    assert said.sentence.endswith("[local policy]")
    assert not said.needs_decision


@pytest.mark.parametrize(
    ("spec", "row"),
    [(DAILY, Cadence.DAILY), (TWICE_A_WEEK, Cadence.EVERY_OTHER_DAY), (TWELVE_WEEKLY, Cadence.THREE_MONTHLY)],
)
def test_rows_are_found_by_the_interval(spec: PhaseSpec, row: Cadence) -> None:
    assert cadence_of(spec) is row


def test_tablets_that_bridge_a_long_gap_are_never_for_leber() -> None:
    advice = late_advice(
        EVERY_THREE_MONTHS,
        due_on=date(2024, 6, 1),
        given_on=date(2024, 9, 3),
        last_given_on=date(2024, 3, 1),
        neurological=False,
    )
    assert "never with Leber optic neuropathy in patient or family. [local policy]" in advice.sentence
    assert advice.unmarked == advice.sentence.removesuffix(" [local policy]")


def test_codes_of_rows_actions_and_restarts_are_what_is_stored() -> None:
    assert [one.value for one in Cadence] == [
        "daily",
        "every_other_day",
        "weekly",
        "monthly",
        "two_monthly",
        "three_monthly",
    ]
    assert [one.value for one in LateAction] == [
        "on_time",
        "early",
        "give_and_continue",
        "give_and_reanchor",
        "clinician_review",
    ]
    assert [one.value for one in Restart] == ["loading", "neurological_loading"]


@pytest.mark.parametrize(
    ("days", "row"),
    [
        (1, Cadence.DAILY),
        (2, Cadence.EVERY_OTHER_DAY),
        (6, Cadence.EVERY_OTHER_DAY),
        (7, Cadence.WEEKLY),
        (27, Cadence.WEEKLY),
        (28, Cadence.MONTHLY),
        (41, Cadence.MONTHLY),
        (42, Cadence.TWO_MONTHLY),
        (69, Cadence.TWO_MONTHLY),
        (70, Cadence.THREE_MONTHLY),
    ],
)
def test_gap_in_days_belongs_to_the_row_from_its_least_day(days: int, row: Cadence) -> None:
    assert cadence_of(phase(PhaseKind.MAINTENANCE, days, IntervalUnit.DAY)) is row


def test_window_stands_around_the_day_the_dose_is_due() -> None:
    window = window_of(WEEKLY, DUE)
    assert (window.earliest_on, window.due_on, window.overdue_on) == (
        date(2025, 6, 14),
        date(2025, 6, 16),
        date(2025, 6, 19),
    )
