"""How many injections a clinic has on its days: still owed, and given."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Count, Q

from b12clinic.accounts.models import Clinic
from b12clinic.patients.models import Patient
from regimens.models import Administration, Dose, DoseState, Outcome, Phase, RegimenState


def owed_by_day(
    clinic: Clinic, *, but_for: int | None = None, between: tuple[date, date] | None = None
) -> dict[date, int]:
    """Doses that somebody will come for, by the day they are due; `but_for` leaves out those of one regimen.

    Nobody comes for the doses of a plan that is paused or over, nor for those of a patient who died or moved away.
    """
    at_rest = Phase.objects.filter(regimen__clinic=clinic).exclude(regimen__state=RegimenState.ACTIVE)
    left = Patient.objects.filter(clinic=clinic).exclude(died_on=None, moved_on=None)
    owed = Dose.objects.filter(
        ~Q(phase__in=at_rest.values("pk")),
        ~Q(patient__in=left.values("pk")),
        clinic=clinic,
        state=DoseState.OWED,
    )
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
