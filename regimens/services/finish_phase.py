"""End an open phase inside the caller's transaction and lock: what follows begins, or the regimen is complete."""

from datetime import date

from regimens.models import Phase, Regimen, RegimenState

ENDED = "The phase was ended by a review."
"""Why the doses still owed in it are no longer spoken of, as re-dating says."""


def finish_phase(*, regimen: Regimen, phase: Phase, today: date) -> None:
    """Mark the phase as over; where none follows, complete the regimen. The caller re-dates, which calls back its reminders."""
    Phase.objects.filter(pk=phase.pk).update(finished_on=today, review_on=None)
    if not regimen.phases.filter(ordinal__gt=phase.ordinal).exists():
        Regimen.objects.filter(pk=regimen.pk).move(
            RegimenState.ACTIVE, RegimenState.COMPLETED, ended_on=today
        )
        regimen.refresh_from_db(fields=["state", "ended_on"])
