"""Open the clinic again on a day on which it was to be closed."""

from datetime import date, datetime

from django.db import transaction

from b12clinic.accounts.models import Clinic, ClosedDay, User
from b12clinic.accounts.services import audit


@transaction.atomic
def reopen_day(*, clinic: Clinic, on: date, by: User, at: datetime) -> bool:
    """Take a day off the list of closed days; whether it stood there. Dates planned around it stay where they are."""
    day = ClosedDay.objects.filter(clinic=clinic, on=on).first()
    if day is None:
        return False
    day.delete()
    audit.note(
        at=at,
        clinic=clinic,
        by=by,
        action="closed_day.removed",
        subject=f"clinic:{clinic.public_id}",
        before={on.isoformat(): day.why},
    )
    return True
