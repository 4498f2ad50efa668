"""Lines about closed days."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from b12clinic.accounts.models import Clinic, ClosedDay
from b12clinic.accounts.public_holidays import PublicHoliday


@dataclass(frozen=True, slots=True)
class HolidayLine:
    """A public holiday on offer: ticked unless the clinic is closed that day already or on that weekday anyway."""

    value: str
    day: str
    name: str
    note: str
    ticked: bool
    already: bool


def in_words(day: date) -> str:
    """As in "Fri 26 Mar 2027"."""
    return f"{day:%a} {day.day} {day:%b %Y}"


def closed_day_rows(days: Iterable[ClosedDay]) -> list[dict[str, str]]:
    """Each closed day with its date as value and in words."""
    return [{"value": day.on.isoformat(), "day": in_words(day.on), "why": day.why} for day in days]


def holiday_lines(
    offered: Iterable[PublicHoliday], *, clinic: Clinic, closed: Collection[date], today: date
) -> list[HolidayLine]:
    """The public holidays of a year as a list to tick."""
    lines = []
    for holiday in offered:
        already, shut = holiday.on in closed, holiday.on.weekday() not in clinic.open_weekdays
        note = "on the list already" if already else "not an opening day anyway" if shut else ""
        lines.append(
            HolidayLine(
                value=holiday.on.isoformat(),
                day=in_words(holiday.on),
                name=holiday.name,
                note="over" if holiday.on < today and not already else note,
                ticked=not already and not shut and holiday.on >= today,
                already=already,
            )
        )
    return lines
