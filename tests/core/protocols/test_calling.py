"""When somebody who was called about an overdue dose is called again."""

from datetime import date, timedelta

import pytest

from regimens.protocols.calling import call_again_on, rests_from
from regimens.protocols.clinic_calendar import ClinicCalendar
from regimens.protocols.policy import DEFAULT, Policy
from regimens.protocols.vocabulary import ContactOutcome

FRIDAY = date(2026, 1, 16)
MONDAY = date(2026, 1, 19)
TUESDAY = date(2026, 1, 20)
WEEKDAYS = ClinicCalendar(open_weekdays=frozenset(range(5)))
CLOSED_ON_MONDAY = ClinicCalendar(open_weekdays=frozenset(range(5)), closed_on=frozenset({MONDAY}))


@pytest.mark.parametrize(
    ("outcome", "next_action_on", "again_on"),
    [
        ("no_answer", None, MONDAY),
        ("left_message", None, MONDAY),
        ("declined", None, MONDAY),
        ("agreed_to_visit", None, MONDAY),
        ("no_answer", date(2026, 1, 25), date(2026, 1, 25)),
        ("remind_to_call_later", date(2026, 1, 25), date(2026, 1, 25)),
        ("agreed_to_visit", date(2026, 1, 25), date(2026, 1, 26)),
        ("wrong_number", None, FRIDAY),
        ("wrong_number", date(2026, 1, 25), FRIDAY),
        ("removed", None, None),
        ("removed", date(2026, 1, 25), None),
    ],
)
def test_an_attempt_on_a_friday_is_followed_by_another(outcome, next_action_on, again_on):
    assert call_again_on(outcome, FRIDAY, next_action_on, WEEKDAYS, DEFAULT) == again_on


def test_every_outcome_is_followed_by_another_attempt_unless_removed():
    for outcome in ContactOutcome:
        again_on = call_again_on(outcome.value, FRIDAY, None, WEEKDAYS, DEFAULT)
        assert (again_on is None) is (outcome is ContactOutcome.REMOVED)


@pytest.mark.parametrize(
    ("calendar", "open_days", "again_on"),
    [
        (WEEKDAYS, 0, FRIDAY),
        (WEEKDAYS, 1, MONDAY),
        (WEEKDAYS, 2, TUESDAY),
        (CLOSED_ON_MONDAY, 1, TUESDAY),
        (ClinicCalendar(), 1, date(2026, 1, 17)),
    ],
)
def test_without_a_day_set_the_clinics_open_days_count(calendar, open_days, again_on):
    policy = Policy(call_again_open_days=open_days)
    assert call_again_on("no_answer", FRIDAY, None, calendar, policy) == again_on


@pytest.mark.parametrize("calendar", [WEEKDAYS, CLOSED_ON_MONDAY, ClinicCalendar()])
@pytest.mark.parametrize("open_days", [0, 1, 2, 6])
def test_the_first_day_that_rests_says_the_same_as_the_day_of_the_next_call(calendar, open_days):
    policy = Policy(call_again_open_days=open_days)
    for back in range(15):
        on = TUESDAY - timedelta(days=back)
        wanted = call_again_on("no_answer", on, None, calendar, policy) <= TUESDAY
        assert wanted is (on < rests_from(TUESDAY, calendar, policy)), on


def test_a_clinic_closed_for_a_year_waits_that_year():
    shut = frozenset(FRIDAY + timedelta(days=number) for number in range(-400, 400))
    calendar = ClinicCalendar(closed_on=shut)
    assert call_again_on("no_answer", FRIDAY, None, calendar, DEFAULT) == date(2027, 1, 17)
    assert rests_from(FRIDAY, calendar, DEFAULT) == date(2025, 1, 16)
