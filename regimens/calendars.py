"""A clinic's opening days, closed days and load, as the plain calendar that the schedule reads."""

from collections.abc import Iterable
from datetime import date

from b12clinic.accounts.models import Clinic, ClosedDay
from b12clinic.prepared import Prepared
from regimens.models import Regimen
from regimens.protocols.schedule import ClinicCalendar
from regimens.queries.day_load import owed_by_day


def calendar_of(
    clinic: Clinic,
    weekdays: Iterable[int] | None = None,
    *,
    but_for: int | None = None,
    closing: Iterable[date] = (),
) -> ClinicCalendar:
    """The days on which a clinic gives injections: its weekdays less its closed days, and only those that suit a patient.

    A patient's weekdays that the clinic has since stopped opening on are left out; when none is left, the clinic's count.
    `but_for` is the regimen whose own doses fill no day; `closing` are days as if they were closed already.
    """
    opened = frozenset(clinic.open_weekdays)
    suiting = opened & frozenset(weekdays) if weekdays is not None else opened
    return ClinicCalendar(
        open_weekdays=suiting or opened,
        closed_on=_closed_on(clinic) | frozenset(closing),
        capacity=clinic.injections_a_day,
        load=owed_by_day(clinic, but_for=but_for) if clinic.injections_a_day else {},
    )


def _closed_on(clinic: Clinic) -> frozenset[date]:
    return frozenset(day for (day,) in _CLOSED_DAYS.rows(clinic.pk))


_CLOSED_DAYS = Prepared(lambda clinic: ClosedDay.objects.filter(clinic=clinic).values_list("on"))


def calendar_for(regimen: Regimen, closing: Iterable[date] = ()) -> ClinicCalendar:
    """The calendar that the doses of a regimen are laid on."""
    return calendar_of(regimen.clinic, regimen.weekdays, but_for=regimen.pk, closing=closing)


def month_of(clinic: Clinic, first: date, last: date) -> ClinicCalendar:
    """The clinic's days from one to another with what waits on each, whether or not the clinic counts them."""
    return ClinicCalendar(
        open_weekdays=frozenset(clinic.open_weekdays),
        closed_on=_closed_on(clinic),
        capacity=clinic.injections_a_day,
        load=owed_by_day(clinic, between=(first, last)),
    )
