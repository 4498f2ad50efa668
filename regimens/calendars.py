"""A clinic's opening days and closed days, as the plain calendar that the schedule reads."""

from b12clinic.accounts.models import Clinic
from regimens.protocols.schedule import ClinicCalendar


def calendar_of(clinic: Clinic) -> ClinicCalendar:
    """The days on which a clinic gives injections: its weekdays less its closed days."""
    return ClinicCalendar(
        open_weekdays=frozenset(clinic.open_weekdays),
        closed_on=frozenset(clinic.closed_days.values_list("on", flat=True)),
    )
