"""End an open phase inside the caller's transaction and lock: what follows begins, or the regimen is complete."""

from datetime import date

from b12clinic.messages.services.withdraw import withdraw
from regimens.models import Dose, DoseState, Phase, Regimen, RegimenState
from regimens.subjects import OF_A_DOSE


def finish_phase(*, regimen: Regimen, phase: Phase, today: date) -> None:
    """Mark the phase as over and call back its reminders; where none follows, complete the regimen. The caller re-dates."""
    Phase.objects.filter(pk=phase.pk).update(finished_on=today, review_on=None)
    if not regimen.phases.filter(ordinal__gt=phase.ordinal).exists():
        Regimen.objects.filter(pk=regimen.pk).move(
            RegimenState.ACTIVE, RegimenState.COMPLETED, ended_on=today
        )
        regimen.refresh_from_db(fields=["state", "ended_on"])
    for dose_id in Dose.objects.filter(phase=phase, state=DoseState.OWED).values_list("pk", flat=True):
        withdraw(kinds=OF_A_DOSE, subject_id=dose_id, why="The phase was ended by a review.")
