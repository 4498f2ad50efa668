"""What a dose on another day leads to."""

from datetime import date
from typing import Any

import pytest

from regimens.protocols.policy import Policy
from regimens.protocols.replanning import DoseMoved, Proposal, after
from regimens.protocols.schedule import ClinicCalendar
from regimens.protocols.windows import LateAction
from tests.core.protocols.phases import (
    EVERY_THREE_MONTHS,
    MONDAY,
    UK_NEUROLOGICAL,
    UK_STANDARD,
    US_LABEL,
    laid_out,
    on,
)


def test_dose_on_its_day_moves_nothing() -> None:
    proposal = after(
        UK_STANDARD,
        start_on=MONDAY,
        given={0: on(0)},
        ordinal=0,
        due_on=on(2)[0],
        given_on=on(2)[0],
        neurological=False,
    )
    assert (proposal.advice.action, proposal.moved, proposal.needs_decision) == (
        LateAction.ON_TIME,
        (),
        False,
    )
    assert laid_out(proposal.doses) == [(0, [4, 7, 9, 11]), (1, [101, 192])]


def test_late_loading_dose_shifts_the_rest_and_keeps_the_count() -> None:
    proposal = after(
        UK_STANDARD,
        start_on=MONDAY,
        given={0: on(0, 2, 4)},
        ordinal=0,
        due_on=on(7)[0],
        given_on=on(13)[0],
        neurological=False,
    )
    assert proposal.advice.action is LateAction.GIVE_AND_CONTINUE
    assert laid_out(proposal.doses)[0] == (0, [15, 17])
    assert proposal.moved[0] == DoseMoved(0, 5, on(9)[0], on(15)[0])
    assert proposal.restarted == ()


def test_loading_broken_off_offers_the_course_again_beside_the_course_going_on() -> None:
    proposal = after(
        UK_STANDARD,
        start_on=MONDAY,
        given={0: on(0, 2, 4)},
        ordinal=0,
        due_on=on(7)[0],
        given_on=on(20)[0],
        neurological=False,
    )
    assert proposal.needs_decision
    assert laid_out(proposal.doses)[0] == (0, [22, 24])
    assert laid_out(proposal.restarted)[0] == (0, [22, 24, 27, 29, 31])


def test_late_maintenance_counts_from_the_actual_day() -> None:
    proposal = after(
        [EVERY_THREE_MONTHS],
        start_on=MONDAY,
        given={0: (date(2025, 1, 6),)},
        ordinal=0,
        due_on=date(2025, 4, 6),
        given_on=date(2025, 5, 10),
        neurological=False,
    )
    assert proposal.advice.action is LateAction.GIVE_AND_REANCHOR
    assert [dose.due_on for dose in proposal.doses[0].doses] == [date(2025, 8, 10), date(2025, 11, 10)]


def test_prophylaxis_has_no_loading_to_begin_again() -> None:
    proposal = after(
        [EVERY_THREE_MONTHS],
        start_on=MONDAY,
        given={0: (date(2025, 1, 6),)},
        ordinal=0,
        due_on=date(2025, 4, 6),
        given_on=date(2026, 2, 10),
        neurological=False,
    )
    assert (proposal.needs_decision, proposal.restarted) == (True, ())


def test_new_neurological_symptoms_lay_out_the_neurological_scheme() -> None:
    proposal = after(
        UK_STANDARD,
        start_on=MONDAY,
        given={0: on(0, 2, 4, 7, 9, 11)},
        ordinal=1,
        due_on=on(101)[0],
        given_on=on(101)[0],
        neurological=False,
        new_neuro_symptoms=True,
        neurological_specs=UK_NEUROLOGICAL,
    )
    assert proposal.needs_decision
    assert laid_out(proposal.restarted)[0] == (0, [103 + 2 * step for step in range(11)])


MONDAYS_ONLY = ClinicCalendar(open_weekdays=frozenset({0}))


def broken_off(*given: int, came_on: int, **more: Any) -> Proposal:
    """The UK loading, given on some days, when the dose due on day 7 is given on another."""
    asked: dict[str, Any] = {"neurological": False, **more}
    return after(
        UK_STANDARD,
        start_on=MONDAY,
        given={0: on(*given)} if given else {},
        ordinal=0,
        due_on=on(7)[0],
        given_on=on(came_on)[0],
        **asked,
    )


@pytest.mark.parametrize(("came_on", "decides"), [(18, False), (19, True)])
def test_gap_counts_from_the_last_dose_given_not_from_the_day_it_was_due(came_on: int, decides: bool) -> None:
    assert broken_off(0, 2, 4, came_on=came_on).needs_decision is decides


def test_dose_recorded_on_the_same_day_is_not_the_one_before() -> None:
    assert broken_off(0, 2, 4, 20, came_on=20).advice.sentence.startswith(
        "16 days since the last loading dose"
    )


def test_first_dose_of_all_counts_from_one_interval_before_its_day() -> None:
    assert broken_off(came_on=19).advice.action is LateAction.GIVE_AND_CONTINUE
    late = broken_off(came_on=20).advice
    assert late.sentence.startswith(
        "The first loading dose is 13 days late: a clinician decides; the doses owed"
    )
    assert (late.action, late.restart) == (LateAction.CLINICIAN_REVIEW, None)


@pytest.mark.parametrize(("neurological", "decides"), [(False, False), (True, True)])
def test_nerves_bear_a_shorter_gap(neurological: bool, decides: bool) -> None:
    assert broken_off(0, 2, 4, came_on=12, neurological=neurological).needs_decision is decides


def test_clinic_may_bear_a_longer_gap() -> None:
    assert not broken_off(0, 2, 4, came_on=19, policy=Policy(loading_gap_review_days=15)).needs_decision


def test_dates_proposed_keep_to_the_days_the_clinic_is_open() -> None:
    proposal = broken_off(0, 2, 4, came_on=21, calendar=MONDAYS_ONLY)
    days = [day for _, days in laid_out((*proposal.doses, *proposal.restarted)) for day in days]
    assert days
    assert {day % 7 for day in days} == {0}


def test_dose_on_its_open_day_moves_nothing_in_a_clinic_open_on_mondays() -> None:
    assert broken_off(0, 2, 4, came_on=7, calendar=MONDAYS_ONLY).moved == ()


def test_windows_follow_the_figures_of_the_clinic() -> None:
    wider = Policy(every_other_day_window_days=3, loading_gap_review_days=10)
    proposal = broken_off(0, 2, 4, came_on=16, policy=wider)
    for phases in (proposal.doses, proposal.restarted):
        dose = phases[0].doses[0]
        assert ((dose.due_on - dose.earliest_on).days, (dose.overdue_on - dose.due_on).days) == (3, 4)


def test_phase_ended_by_decision_stays_ended() -> None:
    proposal = after(
        US_LABEL,
        start_on=MONDAY,
        given={0: on(0, 1, 2)},
        ordinal=1,
        due_on=on(4)[0],
        given_on=on(4)[0],
        neurological=False,
        finished=frozenset({0}),
    )
    assert [ordinal for ordinal, _ in laid_out(proposal.doses)] == [1, 2, 3]
    assert proposal.moved == ()


def test_dose_on_its_day_moves_nothing_by_the_clinics_own_shortest_gap() -> None:
    spaced = Policy(maintenance_min_days=110)
    proposal = broken_off(0, 2, 4, came_on=7, calendar=MONDAYS_ONLY, policy=spaced)
    assert laid_out(proposal.doses) == [(0, [14, 21]), (1, [133, 245])]
    assert proposal.moved == ()


def test_later_phase_keeps_its_agreed_start_and_its_reach() -> None:
    (start, reach) = on(150, 450)
    proposal = broken_off(0, 2, 4, came_on=7, starts={1: start}, reaches={1: reach})
    assert laid_out(proposal.doses) == [(0, [9, 11]), (1, [150, 242, 333, 423])]
    assert proposal.moved == ()
