"""Attempts to reach patients, as rows."""

from datetime import UTC, date, datetime
from typing import Any

from b12clinic.accounts.models import User
from regimens.models import ContactAttempt, Dose


def a_contact(dose: Dose, by: User, on: date, outcome: str = "no_answer", **fields: Any) -> ContactAttempt:
    """A call about a dose on a day that nobody answered, unless told otherwise."""
    given = {"channel": "phone", "at": datetime(2026, 2, 1, 12, 0, tzinfo=UTC)} | fields
    if outcome == "removed":
        given = {"note": "Asked not to be called"} | given
    return ContactAttempt.objects.create(
        patient=dose.patient, clinic=dose.clinic, dose=dose, outcome=outcome, on=on, by=by, **given
    )
