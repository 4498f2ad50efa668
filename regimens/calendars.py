"""A clinic's opening days and closed days, as the plain calendar that the schedule reads."""

from collections.abc import Iterable

from b12clinic.accounts.models import Clinic
from regimens.protocols.schedule import ClinicCalendar


def calendar_of(clinic: Clinic, weekdays: Iterable[int] | None = None) -> ClinicCalendar:
    """The days on which a clinic gives injections: its weekdays less its closed days, and only those that suit a patient.

    A patient's weekdays that the clinic has since stopped opening on are left out; when none is left, the clinic's count.
    """
    opened = frozenset(clinic.open_weekdays)
    suiting = opened & frozenset(weekdays) if weekdays is not None else opened
    return ClinicCalendar(
        open_weekdays=suiting or opened,
        closed_on=frozenset(clinic.closed_days.values_list("on", flat=True)),
    )
