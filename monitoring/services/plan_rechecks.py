"""Lay down the rechecks that a plan asks for."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from b12clinic.accounts.models import Clinic
from b12clinic.patients.models import Patient
from monitoring.interpretation.recheck_matching import first_answering_day
from monitoring.models import Recheck


@transaction.atomic
def plan_rechecks(
    *,
    patient: Patient,
    clinic: Clinic,
    wanted: Sequence[tuple[date, Sequence[str], str]],
    at: datetime,
    begins_on: date | None = None,
    first_dose_on: date | None = None,
) -> list[Recheck]:
    """One recheck for each (due day, tests, why), in the order given; the caller's audit event covers them.

    `begins_on` is the first day of treatment: no sample of that day or before answers any of them. Left out, it is the
    clinic's day at `at`. `first_dose_on` is what the days of a plan count from.
    """
    begins_on = begins_on or clinic.local_date(at)
    return Recheck.objects.bulk_create(
        Recheck(
            patient=patient,
            clinic=clinic,
            due_on=due_on,
            answers_from=first_answering_day(due_on, begins_on),
            first_dose_on=first_dose_on,
            tests=[str(test) for test in tests],
            why=why,
            planned_at=at,
        )
        for due_on, tests, why in wanted
    )
