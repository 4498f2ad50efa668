"""Want a recheck that no plan asked for."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction

from b12clinic.accounts.models import User
from b12clinic.accounts.services import audit
from b12clinic.patients.models import Patient
from b12clinic.vocabulary import RecheckTest
from monitoring.interpretation.analytes import ANALYTES
from monitoring.models import Recheck
from monitoring.services.hold import hold_patient
from monitoring.services.plan_rechecks import plan_rechecks


class NotAdded(ValueError):
    """Why the recheck is not added; the sentence says what is wanted."""


@transaction.atomic
def add_recheck(
    *,
    patient: Patient,
    due_on: date,
    tests: Sequence[str],
    why: str,
    by: User,
    at: datetime,
    today: date,
) -> Recheck:
    """Want these tests by a day, with the reason. A sample of today or later may answer it.

    Raises NotAdded without a test or a reason, for a day that is over, and where the same is wanted on that day already.
    """
    patient = hold_patient(patient.pk)
    _refuse(patient, due_on, tests, why, today)
    [recheck] = plan_rechecks(
        patient=patient,
        clinic=patient.clinic,
        wanted=[(due_on, tests, why.strip())],
        at=at,
        begins_on=today - timedelta(days=1),
    )
    audit.note(
        at=at,
        clinic=patient.clinic,
        by=by,
        action="recheck.added",
        subject=f"recheck:{recheck.public_id}",
        patient_id=patient.pk,
        after={"due_on": due_on.isoformat(), "tests": list(tests)},
        reason=why.strip(),
    )
    return recheck


def _refuse(patient: Patient, due_on: date, tests: Sequence[str], why: str, today: date) -> None:
    if not patient.is_followed:
        raise NotAdded("This patient has died or moved away, so nothing is waited for.")
    if not tests:
        raise NotAdded("Choose at least one test.")
    if any(test not in ANALYTES and test not in RecheckTest.codes() for test in tests):
        raise NotAdded("One of the tests is not known here.")
    if not why.strip():
        raise NotAdded("Say why the tests are wanted.")
    if due_on < today:
        raise NotAdded("The day cannot lie in the past; choose today or a later day.")
    if any(
        set(one.tests) == set(tests)
        for one in Recheck.objects.wanted().filter(patient=patient, due_on=due_on)
    ):
        raise NotAdded("The same tests are wanted on that day already.")
