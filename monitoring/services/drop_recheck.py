"""Drop a recheck that is no longer wanted."""

from datetime import date, datetime

from django.db import transaction

from b12clinic.accounts.models import User
from b12clinic.accounts.services import audit
from b12clinic.messages.services.withdraw import withdraw
from monitoring.models import Recheck, RecheckState
from monitoring.services.hold import hold_patient
from monitoring.subjects import OF_A_RECHECK


class NotDropped(ValueError):
    """Why the recheck cannot be dropped; the sentence says what is wanted."""


@transaction.atomic
def drop_recheck(*, recheck: Recheck, because: str, by: User, at: datetime, today: date) -> None:
    """End a recheck without its results, with the reason. Raises NotDropped without one, or when it is over already."""
    because = because.strip()
    if not because:
        raise NotDropped("Say why this recheck is no longer wanted.")
    hold_patient(recheck.patient_id)
    dropped = Recheck.objects.filter(pk=recheck.pk).move(
        RecheckState.WANTED, RecheckState.DROPPED, ended_on=today, dropped_because=because
    )
    if not dropped:
        raise NotDropped("This recheck has been answered or dropped already.")
    withdraw(kinds=OF_A_RECHECK, subject_id=recheck.pk, why="The recheck was dropped.")
    audit.note(
        at=at,
        clinic=recheck.clinic,
        by=by,
        action="recheck.dropped",
        subject=f"recheck:{recheck.public_id}",
        patient_id=recheck.patient_id,
        before={"state": RecheckState.WANTED.value},
        after={"state": RecheckState.DROPPED.value},
        reason=because,
    )
