"""What labs ask of plans: on which days a patient has had B12 lately, or is pregnant."""

from collections.abc import Collection
from datetime import date, timedelta

from b12clinic.patients.models import PatientMedicine
from b12clinic.vocabulary import Medicine, Pregnancy, Route
from monitoring.told import DOSED, PREGNANT, TREATED, Span
from regimens.models import Administration, Assessment, Outcome
from regimens.protocols.intervals import add_months
from regimens.protocols.policy import DEFAULT

PREGNANCY_WEEKS = 40
"""How long a pregnancy is taken to last when nothing later has been said of it [local policy]."""


@DOSED.answered_by
def days_since_doses(patient_ids: Collection[int]) -> dict[int, list[Span]]:
    """From the day of each dose that stands to the last on which a B12 result is read in its light."""
    found: dict[int, list[Span]] = {}
    given = Administration.objects.filter(
        patient__in=patient_ids, outcome=Outcome.GIVEN, corrected_by__isnull=True, entered_in_error=False
    )
    for patient_id, given_on, route in given.values_list("patient_id", "given_on", "route"):
        found.setdefault(patient_id, []).append(Span(given_on, _read_until(given_on, route)))
    return found


def _read_until(given_on: date, route: str) -> date:
    if route == Route.ORAL:
        return given_on + timedelta(weeks=DEFAULT.recent_oral_weeks)
    return add_months(given_on, DEFAULT.recent_injection_months)


@TREATED.answered_by
def days_treated(patient_ids: Collection[int]) -> dict[int, list[Span]]:
    """From the day after each dose, and after the start of tablets that are still taken; that of unknown start is always."""
    found = {
        patient_id: [Span(span.first + timedelta(days=1), span.last) for span in spans]
        for patient_id, spans in days_since_doses(patient_ids).items()
    }
    tablets = PatientMedicine.objects.filter(
        patient__in=patient_ids, code=Medicine.ORAL_CYANOCOBALAMIN, ended_on__isnull=True
    )
    for patient_id, since in tablets.values_list("patient_id", "since"):
        first = since + timedelta(days=1) if since else date.min
        found.setdefault(patient_id, []).append(Span(first, date.max))
    return found


@PREGNANT.answered_by
def days_pregnant(patient_ids: Collection[int]) -> dict[int, list[Span]]:
    """From what the last assessment says: since the weeks it names, until term; a later one that says no ends it."""
    found: dict[int, list[Span]] = {}
    last_first = Assessment.objects.filter(patient__in=patient_ids).order_by("-id")
    for patient_id, pregnancy, weeks, as_of in last_first.values_list(
        "patient_id", "pregnancy", "gestation_weeks", "as_of"
    ):
        if patient_id not in found:
            gone = timedelta(weeks=weeks or 0)
            term = as_of - gone + timedelta(weeks=PREGNANCY_WEEKS)
            found[patient_id] = [Span(as_of - gone, term)] if pregnancy == Pregnancy.PREGNANT else []
    return found
