"""Change when a clinic's messages are worked out and sent, its morning summary, and whether they may hold links."""

from dataclasses import asdict, dataclass
from datetime import datetime, time

from django.db import transaction

from b12clinic.accounts.models import Clinic, User
from b12clinic.accounts.services import audit
from b12clinic.messages.models import ClinicMessaging
from b12clinic.messages.services.messaging_version import take_version


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagingDetails:
    """What an administrator sets, by the clock of the clinic or of where a patient lives."""

    sweeps_from: time
    sends_from: time
    sends_until: time
    daily_digest: bool
    may_link: bool


@transaction.atomic
def set_up_messaging(
    *, clinic: Clinic, details: MessagingDetails, version: int, by: User, at: datetime
) -> None:
    """Save over the version that was shown. Raises MessagingChanged; nothing is written when nothing differs."""
    if details.sends_from >= details.sends_until:
        raise ValueError("The hours of sending end after they begin.")
    stored = ClinicMessaging.objects.filter(clinic=clinic).first() or ClinicMessaging()
    wanted = asdict(details)
    before = {name: getattr(stored, name) for name in wanted if getattr(stored, name) != wanted[name]}
    if stored.version == version and not before:
        return
    take_version(clinic, version)
    ClinicMessaging.objects.filter(clinic=clinic).update(**wanted)
    audit.note(
        at=at,
        clinic=clinic,
        by=by,
        action="reminders.set_up",
        before=_plain(before),
        after=_plain({name: wanted[name] for name in before}),
    )


def _plain(values: dict[str, time | bool]) -> dict[str, str | bool]:
    return {name: f"{value:%H:%M}" if isinstance(value, time) else value for name, value in values.items()}
