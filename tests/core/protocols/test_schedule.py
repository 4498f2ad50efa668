"""Doses on days: whole schedules, running courses, gates, open ends, closed clinics."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regimens.protocols.schedule import ClinicCalendar, DateRule, forecast, visits_within
from regimens.protocols.windows import minimum_gap_days
from tests.core.protocols.phases import (
    AFTER_PLATEAU,
    ALTERNATE,
    DAILY,
    EVERY_THREE_MONTHS,
    MONDAY,
    MONTHLY,
    TABLETS,
    THREE_A_WEEK,
    TWICE_A_WEEK,
    UK_NEUROLOGICAL,
    UK_STANDARD,
    UNTIL_PLATEAU,
    US_LABEL,
    US_PRACTICE,
    WEEKLY,
    laid_out,
    on,
)

WEEKDAYS = ClinicCalendar(frozenset(range(5)))
ALT = [0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20]


def test_three_a_week_then_every_three_calendar_months() -> None:
    assert laid_out(forecast(UK_STANDARD, start_on=MONDAY)) == [(0, [0, 2, 4, 7, 9, 11]), (1, [101, 192])]


def test_label_scheme_with_its_leads() -> None:
    assert laid_out(forecast(US_LABEL, start_on=MONDAY)) == [
        (0, [0, 1, 2, 3, 4, 5, 6]),
        (1, [8, 10, 12, 14, 16, 18, 20]),
        (2, [23, 26, 30, 33, 37]),
        (3, [65, 96]),
    ]


def test_daily_weekly_monthly() -> None:
    assert laid_out(forecast(US_PRACTICE, start_on=MONDAY))[1:] == [(1, [13, 20, 27, 34]), (2, [62, 93])]


def test_ten_doses_three_to_four_days_apart() -> None:
    (load,) = forecast([replace(TWICE_A_WEEK, doses=10)], start_on=MONDAY)
    assert [(dose.due_on - MONDAY).days for dose in load.doses] == [0, 3, 7, 10, 14, 17, 21, 24, 28, 31]


def test_open_phase_lists_its_horizon_and_what_follows_waits() -> None:
    assert laid_out(forecast(UK_NEUROLOGICAL, start_on=MONDAY)) == [(0, ALT), (1, [])]


def test_signed_plateau_lets_maintenance_begin_from_the_last_dose() -> None:
    after = forecast(UK_NEUROLOGICAL, start_on=MONDAY, given={0: on(0, 2, 4)}, finished=frozenset({0}))
    assert laid_out(after) == [(1, [(date(2025, 3, 10) - MONDAY).days, (date(2025, 5, 10) - MONDAY).days])]


def test_phase_that_hangs_on_a_decision_lists_nothing_even_when_it_stands_alone() -> None:
    assert laid_out(forecast([AFTER_PLATEAU], start_on=MONDAY)) == [(0, [])]


def test_phase_that_has_begun_goes_on_without_another_decision() -> None:
    (upkeep,) = forecast(
        UK_NEUROLOGICAL, start_on=MONDAY, given={0: on(0), 1: on(60)}, finished=frozenset({0})
    )
    assert upkeep.doses[0].due_on == date(2025, 5, 7)


def test_gate_leaves_later_phases_provisional_until_it_is_passed() -> None:
    before = forecast(US_LABEL, start_on=MONDAY, given={0: on(0, 1, 2, 3, 4, 5, 6)})
    assert [dose.provisional for phase in before for dose in phase.doses] == [True] * 14
    signed = forecast(US_LABEL, start_on=MONDAY, given={0: on(0, 1, 2, 3, 4, 5, 6)}, finished=frozenset({0}))
    assert not any(dose.provisional for phase in signed for dose in phase.doses)
    begun = forecast(US_LABEL, start_on=MONDAY, given={0: on(0, 1, 2, 3, 4, 5, 6), 1: on(8)})
    assert not any(dose.provisional for phase in begun for dose in phase.doses)


def test_doses_before_the_gate_are_certain() -> None:
    first, *later = forecast(US_LABEL, start_on=MONDAY)
    assert not any(dose.provisional for dose in first.doses)
    assert all(dose.provisional for phase in later for dose in phase.doses)


def test_running_course_takes_the_next_gap_of_its_pattern() -> None:
    going_on = forecast(UK_STANDARD, start_on=MONDAY, given={0: on(0, 2, 4)})
    assert laid_out(going_on)[0] == (0, [7, 9, 11])
    assert [dose.number for dose in going_on[0].doses] == [4, 5, 6]


def test_dose_a_day_over_keeps_the_pattern() -> None:
    assert laid_out(forecast(UK_STANDARD, start_on=MONDAY, given={0: on(0, 2)}, not_before=on(5)[0]))[0] == (
        0,
        [5, 8, 10, 12],
    )


def test_dose_past_its_window_begins_the_pattern_again_and_keeps_the_count() -> None:
    assert laid_out(forecast(UK_STANDARD, start_on=MONDAY, given={0: on(0, 2)}, not_before=on(6)[0]))[0] == (
        0,
        [6, 8, 10, 13],
    )


def test_pattern_restarts_at_a_dose_that_was_given_late() -> None:
    late = forecast(UK_STANDARD, start_on=MONDAY, given={0: on(0, 2, 9)})
    assert laid_out(late)[0] == (0, [11, 13, 16])


def test_finished_loading_leaves_only_maintenance() -> None:
    rest = forecast(UK_STANDARD, start_on=MONDAY, given={0: on(0, 2, 4, 7, 9, 11)})
    assert laid_out(rest) == [(1, [101, 192])]


def test_nothing_is_planned_before_today() -> None:
    late = forecast(UK_STANDARD, start_on=MONDAY, given={0: on(0, 2, 4, 7, 9, 11)}, not_before=on(150)[0])
    assert late[0].doses[0].due_on == on(150)[0]
    assert late[0].doses[1].due_on == date(2025, 9, 5)


def test_maintenance_counts_from_its_last_actual_dose() -> None:
    upkeep = forecast([EVERY_THREE_MONTHS], start_on=MONDAY, given={0: (date(2025, 1, 31),)})
    assert [dose.due_on for dose in upkeep[0].doses] == [date(2025, 4, 30), date(2025, 7, 31)]


def test_every_dose_carries_its_window() -> None:
    (load, upkeep) = forecast(UK_STANDARD, start_on=MONDAY)
    first, later = load.doses[0], upkeep.doses[0]
    assert (first.earliest_on, first.due_on, first.overdue_on) == on(-1, 0, 2)
    assert (later.earliest_on, later.due_on, later.overdue_on) == on(101 - 14, 101, 101 + 15)


def test_tablets_list_no_doses_and_hold_up_nothing_before_them() -> None:
    assert laid_out(forecast([DAILY, TABLETS], start_on=MONDAY)) == [(0, [0, 1, 2, 3, 4, 5, 6]), (1, [])]


def test_open_phases_can_be_listed_up_to_a_day() -> None:
    (upkeep,) = forecast([MONTHLY], start_on=MONDAY, until=date(2025, 4, 6))
    assert [dose.due_on for dose in upkeep.doses] == [
        date(2025, 1, 6),
        date(2025, 2, 6),
        date(2025, 3, 6),
        date(2025, 4, 6),
    ]


def test_closed_days_move_a_dose_inside_its_window_and_the_grid_stays() -> None:
    # Alternate days meet Sunday on day 6 and Saturday on day 12: Monday, then Friday; day 8 is where it was.
    (load,) = forecast([ALTERNATE], start_on=MONDAY, calendar=WEEKDAYS)
    assert [(dose.due_on - MONDAY).days for dose in load.doses] == [0, 2, 4, 7, 8, 10, 11]


def test_clinic_open_two_days_a_week_drops_no_dose() -> None:
    (load, _) = forecast(UK_STANDARD, start_on=MONDAY, calendar=ClinicCalendar(frozenset({0, 1})))
    assert [(dose.due_on - MONDAY).days for dose in load.doses] == [0, 1, 7, 8, 14, 15]


def test_daily_course_over_a_weekend_goes_on_after_it() -> None:
    (load,) = forecast([DAILY], start_on=MONDAY, calendar=WEEKDAYS)
    assert [(dose.due_on - MONDAY).days for dose in load.doses] == [0, 1, 2, 3, 4, 7, 8]


def test_course_begins_on_the_first_open_day() -> None:
    (load, _) = forecast(UK_STANDARD, start_on=on(5)[0], calendar=WEEKDAYS)
    assert [(dose.due_on - MONDAY).days for dose in load.doses][:3] == [7, 9, 11]


def test_holiday_moves_a_weekly_dose_by_a_day() -> None:
    closed = ClinicCalendar(frozenset(range(5)), frozenset(on(7)))
    (load,) = forecast([WEEKLY], start_on=MONDAY, calendar=closed)
    assert [(dose.due_on - MONDAY).days for dose in load.doses] == [0, 8, 14, 21]


@pytest.mark.parametrize(
    ("specs", "visits"),
    [
        (UK_STANDARD, 9),
        (US_PRACTICE, 21),
        ((MONTHLY,), 12),
        ((TABLETS,), 0),
        ((DAILY, TABLETS), 7),
        (UK_NEUROLOGICAL, None),
        ((UNTIL_PLATEAU,), None),
    ],
)
def test_visits_of_the_first_year_are_counted_where_they_can_be_known(
    specs: tuple, visits: int | None
) -> None:
    assert visits_within(specs, MONDAY) == visits


def test_doses_given_in_any_order_are_read_in_order_of_days() -> None:
    assert laid_out(forecast([THREE_A_WEEK], start_on=MONDAY, given={0: on(4, 0, 2)})) == [(0, [7, 9, 11])]


def test_the_emptiest_day_of_its_window_is_proposed_for_a_later_dose_and_never_for_the_first() -> None:
    full = dict.fromkeys(on(0, 4), 4)
    crowded = ClinicCalendar(frozenset(range(5)), capacity=4, load=full)
    (load, _) = forecast(UK_STANDARD, start_on=MONDAY, calendar=crowded)
    assert tuple(dose.due_on for dose in load.doses) == on(0, 2, 3, 7, 9, 11)
    roomy = ClinicCalendar(frozenset(range(5)), capacity=4, load=dict.fromkeys(on(0, 2, 4), 1))
    (load, _) = forecast(UK_STANDARD, start_on=MONDAY, calendar=roomy)
    assert tuple(dose.due_on for dose in load.doses) == on(0, 1, 3, 7, 9, 11)
    assert [dose.rules for dose in load.doses[:3]] == [
        (DateRule.FIRST_DAY,),
        (DateRule.INTERVAL, DateRule.EMPTIER_DAY),
        (DateRule.INTERVAL, DateRule.EMPTIER_DAY),
    ]


def test_a_dose_held_back_by_the_gap_says_that_and_not_that_its_day_was_emptier() -> None:
    quiet = ClinicCalendar(frozenset({0, 1}), capacity=4)
    (load, _) = forecast(UK_STANDARD, start_on=on(1)[0], calendar=quiet)
    assert [(dose.due_on - MONDAY).days for dose in load.doses] == [1, 7, 8, 14, 15, 21]


@settings(deadline=None, suppress_health_check=list(HealthCheck))
@given(
    loads=st.dictionaries(st.integers(0, 60), st.integers(0, 6), max_size=40),
    weekdays=st.sets(st.integers(0, 6), min_size=1),
    capacity=st.integers(1, 5),
    start=st.integers(0, 6),
)
def test_whatever_the_load_no_dose_is_dropped_nor_comes_within_the_minimum_gap(
    loads: dict[int, int], weekdays: set[int], capacity: int, start: int
) -> None:
    days = {MONDAY + timedelta(days=ahead): load for ahead, load in loads.items()}
    crowded = ClinicCalendar(frozenset(weekdays), capacity=capacity, load=days)
    for specs in (UK_STANDARD, [DAILY], [ALTERNATE], [WEEKLY]):
        (load, *_) = forecast(specs, start_on=MONDAY + timedelta(days=start), calendar=crowded)
        due = [dose.due_on for dose in load.doses]
        gap = timedelta(days=minimum_gap_days(load.spec))
        assert len(due) == load.spec.doses
        assert all(later - earlier >= gap for earlier, later in pairwise(due))
        assert all(crowded.is_open(day) for day in due)
