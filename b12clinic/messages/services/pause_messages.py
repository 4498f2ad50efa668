"""Hold all messages of a clinic back with one switch, and let them go again."""

from datetime import datetime

from django.db import transaction

from b12clinic.accounts.models import Clinic, User
from b12clinic.accounts.services import audit
from b12clinic.messages.models import ClinicMessaging


class PauseRefused(ValueError):
    """The switch stands there already, or nobody said why."""


@transaction.atomic
def pause_messages(*, clinic: Clinic, why: str, by: User, at: datetime) -> None:
    """From now on nothing of the clinic leaves; what falls owed waits. Raises PauseRefused."""
    why = " ".join(why.split())
    if not why:
        raise PauseRefused("Say why all messages wait.")
    ClinicMessaging.objects.get_or_create(clinic=clinic)
    running = ClinicMessaging.objects.filter(clinic=clinic, paused_at=None)
    if not running.update(paused_at=at, paused_by=by, paused_why=why):
        raise PauseRefused("The messages of this clinic are paused already.")
    audit.note(at=at, clinic=clinic, by=by, action="messages.paused", reason=why)


@transaction.atomic
def lift_pause(*, clinic: Clinic, by: User, at: datetime) -> None:
    """Let the messages go; each is asked about once more before it leaves. Raises PauseRefused."""
    paused = ClinicMessaging.objects.filter(clinic=clinic).exclude(paused_at=None)
    row = paused.first()
    if row is None or not paused.update(paused_at=None, paused_by=None, paused_why=""):
        raise PauseRefused("The messages of this clinic are not paused.")
    audit.note(
        at=at,
        clinic=clinic,
        by=by,
        action="messages.resumed",
        before={"paused_at": f"{row.paused_at:%Y-%m-%d %H:%M} UTC", "why": row.paused_why},
    )
