"""The axis that all pictures of the response share."""

from datetime import date

import pytest

from regimens.presenters.time_axis import TimeAxis, axis_of

BEGAN = date(2026, 1, 5)


def test_the_first_and_the_last_day_stand_at_the_edges():
    axis = TimeAxis(BEGAN, BEGAN, date(2026, 4, 15))
    assert (axis.x(BEGAN), axis.x(date(2026, 4, 15)), axis.x(date(2026, 2, 24))) == (40.0, 332.0, 186.0)


def test_a_course_that_begins_today_has_an_axis():
    axis = axis_of(BEGAN, [], BEGAN)
    assert (axis.x(BEGAN), [tick.label for tick in axis.ticks]) == (40.0, ["day 0"])


@pytest.mark.parametrize(
    ("sampled", "expected"),
    [(date(2025, 10, 7), date(2025, 10, 7)), (date(2025, 10, 6), BEGAN), (date(2026, 1, 6), BEGAN)],
)
def test_the_axis_begins_with_a_baseline_of_the_last_90_days(sampled, expected):
    assert axis_of(BEGAN, [sampled], date(2026, 3, 2)).from_on == expected


@pytest.mark.parametrize(
    ("until", "labels"),
    [
        (date(2026, 2, 4), ["day 0", "1 wk", "2 wk", "3 wk", "4 wk"]),
        (date(2026, 2, 5), ["day 0", "4 wk"]),
        (date(2027, 1, 5), ["day 0", "3 mo", "6 mo", "9 mo", "12 mo"]),
        (date(2030, 1, 6), ["day 0", "1 y", "2 y", "3 y", "4 y"]),
        (date(2036, 1, 6), ["day 0", "2 y", "4 y", "6 y", "8 y", "10 y"]),
    ],
)
def test_ticks_are_whole_weeks_months_or_years_from_the_first_dose(until, labels):
    assert [tick.label for tick in TimeAxis(BEGAN, BEGAN, until).ticks] == labels


def test_a_stretch_that_begins_later_leaves_out_the_ticks_before_it():
    axis = axis_of(BEGAN, [], date(2028, 1, 5), since=date(2027, 1, 5))
    assert [tick.label for tick in axis.ticks] == ["12 mo", "15 mo", "18 mo", "21 mo", "24 mo"]
    assert not axis.shows(date(2027, 1, 4))
    assert axis.shows(date(2027, 1, 5))
