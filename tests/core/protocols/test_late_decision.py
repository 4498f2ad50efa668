"""Where each choice on a late dose leads."""

from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest

from regimens.protocols.late_decision import Course, LateDose, less_one_given, outcomes, withheld
from regimens.protocols.schedule import ClinicCalendar, forecast
from regimens.protocols.vocabulary import LateChoice
from tests.core.protocols.phases import (
    ALTERNATE,
    EVERY_THREE_MONTHS,
    MONDAY,
    MONTHLY,
    THREE_A_WEEK,
    UK_NEUROLOGICAL,
    UK_STANDARD,
    UNTIL_PLATEAU,
    WEEKLY,
    laid_out,
    on,
)

WEEKLY_COURSE = (WEEKLY, MONTHLY)


def course(*specs, given, **more):
    return Course(specs=specs, start_on=MONDAY, given=given, neurological=False, **more)


def found(course, late, decided_on, **more):
    advice, choices = outcomes(course, late, signed=course.specs, on=decided_on, **more)
    return advice, {one.choice: one for one in choices}


def day(number: int) -> date:
    return on(number)[0]


def test_an_owed_dose_may_be_continued_counted_anew_begun_again_or_stopped() -> None:
    weekly = course(*WEEKLY_COURSE, given={0: on(0, 7)})

    advice, choices = found(weekly, LateDose(0, day(14), None), day(30))

    assert advice.rule == "weekly_gap_over_21_days"
    assert list(choices) == [LateChoice.CONTINUE, LateChoice.REANCHOR, LateChoice.RESTART, LateChoice.STOP]
    assert laid_out(choices[LateChoice.CONTINUE].doses) == [(0, [37]), (1, [65, 96])]
    assert laid_out(choices[LateChoice.REANCHOR].doses) == [(0, [30, 37]), (1, [65, 96])]
    assert laid_out(choices[LateChoice.RESTART].doses) == [(2, [30, 37, 44, 51]), (3, [79, 110])]
    assert choices[LateChoice.STOP].doses == ()


def test_a_dose_given_late_is_the_first_of_the_loading_begun_again() -> None:
    weekly = course(*WEEKLY_COURSE, given={0: on(0, 7, 30)})

    _, choices = found(weekly, LateDose(0, day(14), day(30)), day(31))

    assert list(choices) == [LateChoice.CONTINUE, LateChoice.RESTART, LateChoice.STOP]
    assert choices[LateChoice.RESTART].counts_late_dose
    assert laid_out(choices[LateChoice.RESTART].doses) == [(2, [37, 44, 51]), (3, [79, 110])]


def test_the_pattern_of_a_week_goes_on_from_the_dose_counted() -> None:
    standard = course(*UK_STANDARD, given={0: on(0, 2, 21)})

    _, choices = found(standard, LateDose(0, day(4), day(21)), day(21))

    assert laid_out(choices[LateChoice.RESTART].doses)[0] == (2, [23, 25, 28, 30, 32])


def test_a_maintenance_dose_of_another_drug_does_not_count_as_loading() -> None:
    other = replace(EVERY_THREE_MONTHS, dose_mcg=100)
    running = course(THREE_A_WEEK, other, given={0: on(0, 2, 4, 7, 9, 11), 1: on(400)})

    _, choices = found(running, LateDose(1, day(101), day(400)), day(400))

    assert not choices[LateChoice.RESTART].counts_late_dose
    assert laid_out(choices[LateChoice.RESTART].doses)[0] == (2, [402, 404, 406, 409, 411, 413])


def test_an_open_loading_begun_again_stays_open_and_what_follows_waits() -> None:
    nerves = course(*UK_NEUROLOGICAL, given={0: on(0, 2, 20)})

    _, choices = found(nerves, LateDose(0, day(4), day(20)), day(20))

    assert laid_out(choices[LateChoice.RESTART].doses) == [(2, list(range(22, 43, 2))), (3, [])]


def test_nothing_is_begun_again_that_never_began() -> None:
    _, choices = found(course(*UK_STANDARD, given={}), LateDose(0, day(0), None), day(40))
    assert LateChoice.RESTART not in choices


def test_maintenance_without_a_loading_offers_none() -> None:
    _, choices = found(course(EVERY_THREE_MONTHS, given={0: on(0)}), LateDose(0, day(90), None), day(400))
    assert LateChoice.RESTART not in choices


def test_new_neurological_symptoms_speak_louder_than_any_lateness() -> None:
    advice, _ = found(
        course(*UK_STANDARD, given={0: on(0)}), LateDose(0, day(2), None), day(2), new_neuro_symptoms=True
    )
    assert advice.rule == "new_neurological_symptoms"


@pytest.mark.parametrize(
    ("spec", "doses", "days"),
    [
        (THREE_A_WEEK, 5, [2, 4, 7, 9, 11]),
        (ALTERNATE, 6, [2, 4, 6, 8, 10, 12]),
        (WEEKLY, 3, [7, 14, 21]),
        (UNTIL_PLATEAU, None, list(range(2, 23, 2))),
    ],
)
def test_what_is_left_after_one_dose_falls_on_the_days_of_the_whole(spec, doses, days) -> None:
    rest = less_one_given(spec)
    assert rest is not None
    assert rest.doses == doses
    laid = forecast([replace(spec, doses=1), rest], start_on=MONDAY, given={0: on(0)})
    assert laid_out(laid) == [(1, days)]


def test_nothing_is_left_of_a_loading_of_one_dose() -> None:
    assert less_one_given(replace(WEEKLY, doses=1)) is None


@pytest.mark.parametrize("gap", range(1, 60))
def test_never_two_doses_on_days_too_close(gap) -> None:
    """From the last dose given to the first of a loading begun again, and between all of them, a day lies at least."""
    calendar = ClinicCalendar(frozenset(range(5)))
    for given_on in (None, day(2 + gap)):
        given = {0: on(0, 2) if given_on is None else on(0, 2, 2 + gap)}
        standard = course(*UK_STANDARD, given=given, calendar=calendar)
        _, choices = found(standard, LateDose(0, day(4), given_on), day(2 + gap))
        again = choices[LateChoice.RESTART]
        days = [given[0][-1], *(dose.due_on for part in again.doses for dose in part.doses)]
        assert all((later - earlier).days >= 1 for earlier, later in pairwise(days))
        assert len(again.doses[0].doses) + again.counts_late_dose == 6


def test_no_dose_of_a_phase_lies_before_its_first_day() -> None:
    starts = {1: day(60)}
    laid = forecast(WEEKLY_COURSE, start_on=MONDAY, given={0: on(0, 7, 14, 21)}, starts=starts)
    assert laid_out(laid) == [(1, [60, 91])]
    assert laid_out(
        forecast(WEEKLY_COURSE, start_on=MONDAY, given={0: on(0, 7, 14, 21)}, starts={1: day(52)})
    ) == [(1, [52, 80])]


def test_an_open_phase_reaches_to_its_review_and_never_shows_fewer_than_its_horizon() -> None:
    given = {0: on(0, 2)}
    far = forecast([UNTIL_PLATEAU], start_on=MONDAY, given=given, reaches={0: day(30)})
    near = forecast([UNTIL_PLATEAU], start_on=MONDAY, given=given, reaches={0: day(10)})
    assert laid_out(far) == [(0, list(range(4, 31, 2)))]
    assert laid_out(near) == [(0, list(range(4, 25, 2)))]


def test_a_dose_that_the_course_does_not_hold_yet_is_decided_on_alike() -> None:
    late = LateDose(0, day(14), day(30))
    without = found(course(*WEEKLY_COURSE, given={0: on(0, 7)}), late, day(31))
    held = found(course(*WEEKLY_COURSE, given={0: on(0, 7, 30)}), late, day(31))
    assert without[0] == held[0]


@pytest.mark.parametrize(
    ("signed", "given", "given_on", "why"),
    [
        (WEEKLY_COURSE, {0: on(0, 7)}, None, {}),
        (
            WEEKLY_COURSE,
            {0: on(0, 7, 30)},
            day(30),
            {"reanchor": "the dose has been given, and the dates count from that injection already."},
        ),
        (
            (MONTHLY,),
            {0: on(0)},
            None,
            {"restart": "this plan was signed without a loading, so there is none to give again."},
        ),
        (
            (),
            {0: on(0)},
            None,
            {"restart": "this plan was signed without a loading, so there is none to give again."},
        ),
        (
            WEEKLY_COURSE,
            {},
            None,
            {"restart": "nothing has been given yet, so the loading begins with this dose anyhow."},
        ),
    ],
)
def test_a_choice_that_is_not_offered_says_why(signed, given, given_on, why) -> None:
    running = course(*(signed or (MONTHLY,)), given=given)
    late = LateDose(0, day(14), given_on)

    assert withheld(running, late, signed=signed) == why
    _, offered = outcomes(running, late, signed=signed, on=day(60))
    assert {one.choice for one in offered} == set(LateChoice) - {LateChoice(code) for code in why}
