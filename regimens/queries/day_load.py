"""How many injections a clinic has on its days: still owed, and given."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Count

from b12clinic.accounts.models import Clinic
from regimens.models import Administration, Dose, DoseState, Outcome, RegimenState


def owed_by_day(
    clinic: Clinic, *, but_for: int | None = None, between: tuple[date, date] | None = None
) -> dict[date, int]:
    """Doses planned and still owed, by the day they are due; `but_for` leaves out those of one regimen."""
    owed = Dose.objects.filter(clinic=clinic, state=DoseState.OWED)
    if but_for is not None:
        owed = owed.exclude(phase__regimen=but_for)
    if between is not None:
        owed = owed.filter(due_on__range=between)
    return dict(owed.values_list("due_on").order_by("due_on").annotate(Count("id")))


def given_by_day(clinic: Clinic, first: date, last: date) -> dict[date, int]:
    """Injections given in the clinic itself, by day, both days included."""
    given = Administration.objects.filter(
        clinic=clinic,
        outcome=Outcome.GIVEN,
        corrected_by__isnull=True,
        entered_in_error=False,
        given_elsewhere=False,
        self_administered=False,
        given_on__range=(first, last),
    )
    return dict(given.values_list("given_on").order_by("given_on").annotate(Count("id")))


def regimens_with_doses_on(clinic: Clinic, days: Iterable[date]) -> list[int]:
    """The ids of running regimens that have a dose due on one of the days, in order."""
    owed = Dose.objects.filter(
        clinic=clinic,
        state=DoseState.OWED,
        due_on__in=list(days),
        phase__regimen__state__in=[RegimenState.ACTIVE, RegimenState.PAUSED],
    )
    return sorted(set(owed.values_list("phase__regimen", flat=True)))
