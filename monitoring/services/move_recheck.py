"""Put a recheck that is still wanted on another day."""

from datetime import date, datetime

from django.db import transaction

from b12clinic.accounts.models import User
from b12clinic.accounts.services import audit
from b12clinic.messages.services.withdraw import withdraw
from monitoring.interpretation.recheck_matching import first_answering_day
from monitoring.models import Recheck
from monitoring.subjects import OF_A_RECHECK


@transaction.atomic
def move_recheck(
    *, recheck: Recheck, due_on: date, begins_on: date, reason: str, by: User, at: datetime
) -> None:
    """Move its day, with the first day whose samples answer it; a reminder of the old day is called back.

    `begins_on` is the first day of treatment, as when it was planned.
    """
    before = recheck.due_on
    recheck.due_on, recheck.answers_from = due_on, first_answering_day(due_on, begins_on)
    recheck.save(update_fields=["due_on", "answers_from"])
    withdraw(kinds=OF_A_RECHECK, subject_id=recheck.pk, why="The recheck was put on another day.")
    audit.note(
        at=at,
        clinic=recheck.clinic,
        by=by,
        action="recheck.moved",
        subject=f"recheck:{recheck.public_id}",
        patient_id=recheck.patient_id,
        before={"due_on": before.isoformat()},
        after={"due_on": due_on.isoformat()},
        reason=reason,
    )
