"""What becomes of a regimen when its patient dies."""

from datetime import date, datetime

from b12clinic.accounts.models import User
from b12clinic.patients.leaving import follows_death
from b12clinic.patients.models import Patient
from regimens.models import Regimen, RegimenState
from regimens.services.stop_regimen import end_regimen


@follows_death
def stop_on_death(*, patient: Patient, by: User, at: datetime, today: date) -> None:
    """Stop what was running: doses withdrawn, rechecks dropped, reminders called back, under the name of who noted it."""
    running = Regimen.objects.select_for_update(of=("self",)).filter(
        patient=patient, state__in=[RegimenState.ACTIVE, RegimenState.PAUSED]
    )
    for regimen in running.select_related("clinic"):
        end_regimen(regimen=regimen, reason="The patient died.", by=by, at=at, today=today)
