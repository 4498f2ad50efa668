"""End a regimen: its owed doses are withdrawn, its rechecks dropped, its reminders called back."""

from datetime import date, datetime

from django.db import transaction

from b12clinic.accounts.models import User
from b12clinic.accounts.services import audit
from b12clinic.messages.services.withdraw import withdraw
from monitoring.models import Recheck, RecheckState
from monitoring.subjects import OF_A_RECHECK
from regimens.models import (
    Direction,
    Dose,
    DoseState,
    Pause,
    PlannedPause,
    Regimen,
    RegimenState,
    Revision,
    RevisionKind,
)
from regimens.order_check import findings_on_stopping
from regimens.protocols.findings import FindingRaised
from regimens.services.late_alerts import end_late_alerts
from regimens.subjects import OF_A_DOSE


class NotStopped(ValueError):
    """Why the regimen cannot be stopped; the sentence says what is wanted, `finding` which rule wants it, if one does."""

    def __init__(self, sentence: str, finding: FindingRaised | None = None) -> None:
        super().__init__(sentence)
        self.finding = finding


@transaction.atomic
def stop_regimen(*, regimen: Regimen, version: int, reason: str, by: User, at: datetime, today: date) -> None:
    """Stop a regimen with a reason; a lifelong one too, but never without. `version` is the one that was shown.

    Raises NotStopped when there is no reason, it is over already, or somebody changed it meanwhile.
    """
    regimen = (
        Regimen.objects.select_for_update(of=("self",))
        .select_related("clinic", "assessment")
        .get(pk=regimen.pk)
    )
    for finding in findings_on_stopping(regimen, reason):
        raise NotStopped(finding.message, finding)
    if not reason.strip():
        raise NotStopped("Say why treatment stops.")
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
        withdraw(kinds=OF_A_DOSE, subject_id=dose_id, why="The regimen was stopped.")
    _drop_rechecks(regimen, today)
    end_late_alerts(regimen=regimen, how=f"The regimen was stopped: {reason}", by=by, at=at)
    Pause.objects.filter(regimen=regimen, ended_on__isnull=True).update(ended_on=today)
    PlannedPause.objects.filter(regimen=regimen, settled_on=None).update(settled_on=today)
    Direction.objects.filter(regimen=regimen, ended_on__isnull=True).update(ended_on=today)
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


def _drop_rechecks(regimen: Regimen, today: date) -> None:
    """Drop what the plan still wanted, and call back the reminders that speak of it."""
    wanted = list(
        Recheck.objects.wanted().filter(planned_by__revision__regimen=regimen).values_list("pk", flat=True)
    )
    Recheck.objects.filter(pk__in=wanted).move(
        RecheckState.WANTED,
        RecheckState.DROPPED,
        ended_on=today,
        dropped_because="The regimen that asked for it was stopped.",
    )
    for recheck_id in wanted:
        withdraw(kinds=OF_A_RECHECK, subject_id=recheck_id, why="The regimen was stopped.")
