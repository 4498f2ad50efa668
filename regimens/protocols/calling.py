"""When somebody who was called about an overdue dose is called again. Every rule here is local policy."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from enum import Enum
from itertools import islice

from regimens.protocols.clinic_calendar import ClinicCalendar
from regimens.protocols.policy import Policy
from regimens.protocols.vocabulary import ContactOutcome

ONE_DAY = timedelta(days=1)
_A_YEAR = 366


class CallState(str, Enum):
    """Where the calls about an overdue dose stand on a day; it follows from the last attempt and is never stored.

    AGAIN is wanted on that day, ANOTHER_WAY too: the number or address was wrong. AGREED rests up to and with the day
    agreed, LATER until its next day. REMOVED is called no more about this dose, which stays owed.
    """

    NOT_CALLED = "not_called"
    AGAIN = "again"
    ANOTHER_WAY = "another_way"
    AGREED = "agreed"
    LATER = "later"
    REMOVED = "removed"


def call_again_on(
    outcome: str, on: date, next_action_on: date | None, calendar: ClinicCalendar, policy: Policy
) -> date | None:
    """The first day on which the dose, if still owed, is on the list again after an attempt; None once removed.

    The day after the one agreed on; the day set; where none was set, so many of the clinic's open days later.
    """
    if outcome == ContactOutcome.REMOVED:
        return None
    if outcome == ContactOutcome.WRONG_NUMBER:
        return on
    if next_action_on is not None:
        return next_action_on + ONE_DAY if outcome == ContactOutcome.AGREED_TO_VISIT else next_action_on
    return _nth_open_day(calendar, on, policy.call_again_open_days, ONE_DAY)


def rests_from(as_of: date, calendar: ClinicCalendar, policy: Policy) -> date:
    """The first day from which an attempt without a day of its own still lets the patient rest on `as_of`."""
    return _nth_open_day(calendar, as_of + ONE_DAY, policy.call_again_open_days, -ONE_DAY)


def _nth_open_day(calendar: ClinicCalendar, day: date, number: int, step: timedelta) -> date:
    """The so-manieth open day after or before a day, the day itself for none; a year off where the clinic stays closed."""
    if number == 0:
        return day
    return next(islice(_open_days(calendar, day, step), number - 1, None), day + step * _A_YEAR)


def _open_days(calendar: ClinicCalendar, day: date, step: timedelta) -> Iterator[date]:
    days = (day + step * ahead for ahead in range(1, _A_YEAR))
    return (one for one in days if calendar.is_open(one))
