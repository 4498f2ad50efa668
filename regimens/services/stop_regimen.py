"""End a regimen: its owed doses are withdrawn, its rechecks dropped, its reminders called back."""

from datetime import date, datetime

from django.db import transaction

from b12clinic.accounts.models import User
from b12clinic.accounts.services import audit
from b12clinic.messages.services.withdraw import withdraw
from monitoring.models import Recheck, RecheckState
from regimens.models import (
    Dose,
    DoseState,
    Regimen,
    RegimenState,
    Revision,
    RevisionKind,
)
from regimens.subjects import MISSED_INJECTION


class NotStopped(ValueError):
    """Why the regimen cannot be stopped; the sentence says what is wanted."""


@transaction.atomic
def stop_regimen(*, regimen: Regimen, version: int, reason: str, by: User, at: datetime, today: date) -> None:
    """Stop a regimen with a reason; a lifelong one too, but never without. `version` is the one that was shown.

    Raises NotStopped when there is no reason, it is over already, or somebody changed it meanwhile.
    """
    regimen = Regimen.objects.select_for_update(of=("self",)).select_related("clinic").get(pk=regimen.pk)
    if not reason.strip():
        raise NotStopped("Say why treatment stops; an irreversible cause needs it for life.")
    if regimen.ended_on is not None:
        raise NotStopped("This regimen is over already.")
    if regimen.version != version:
        raise NotStopped("This regimen was changed meanwhile; look at it again before you stop it.")
    end_regimen(regimen=regimen, reason=reason, by=by, at=at, today=today)


def end_regimen(*, regimen: Regimen, reason: str, by: User, at: datetime, today: date) -> None:
    """The act itself, inside the caller's transaction and lock."""
    owed = list(
        Dose.objects.filter(phase__regimen=regimen, state=DoseState.OWED).values_list("pk", flat=True)
    )
    Dose.objects.filter(pk__in=owed).move(DoseState.OWED, DoseState.WITHDRAWN, is_next=False)
    for dose_id in owed:
        withdraw(kind=MISSED_INJECTION, subject_id=dose_id, why="The regimen was stopped.")
    Recheck.objects.filter(planned_by__revision__regimen=regimen).move(
        RecheckState.WANTED,
        RecheckState.DROPPED,
        ended_on=today,
        dropped_because="The regimen that asked for it was stopped.",
    )
    before = {"state": regimen.state, "version": regimen.version}
    Regimen.objects.filter(pk=regimen.pk).move(
        (RegimenState.ACTIVE, RegimenState.PAUSED),
        RegimenState.STOPPED,
        ended_on=today,
        version=regimen.version + 1,
    )
    regimen.refresh_from_db(fields=["state", "ended_on", "version"])
    Revision.objects.create(
        regimen=regimen, number=regimen.version, kind=RevisionKind.STOPPED, reason=reason, by=by, at=at
    )
    audit.note(
        at=at,
        clinic=regimen.clinic,
        by=by,
        action="regimen.stopped",
        subject=f"regimen:{regimen.public_id}",
        patient_id=regimen.patient_id,
        before=before,
        after={"state": regimen.state, "version": regimen.version},
        reason=reason,
    )
