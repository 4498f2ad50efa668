"""Change what a clinic is called, where it is, when it opens and which guideline it puts first."""

from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction

from b12clinic.accounts.models import AuditEvent, Clinic, User
from b12clinic.accounts.services import audit

CHANGED = "clinic.changed"


class ClinicChanged(Exception):
    """Somebody saved the clinic after this page was opened; `event` says who and when, where it is known."""

    def __init__(self, clinic: Clinic, event: AuditEvent | None) -> None:
        super().__init__("The clinic was changed after you opened this page.")
        self.clinic = clinic
        self.event = event


@dataclass(frozen=True, slots=True, kw_only=True)
class ClinicDetails:
    """What an administrator sets; weekdays run from Monday 0 to Sunday 6."""

    name: str
    time_zone: str
    country: str
    region: str
    default_pack: str
    open_weekdays: list[int]
    injections_a_day: int | None = None
    contact_email: str
    contact_phone: str


@transaction.atomic
def set_up_clinic(*, clinic: Clinic, details: ClinicDetails, version: int, by: User, at: datetime) -> Clinic:
    """Save the details over the version that was shown. Raises ClinicChanged when that is no longer the last one."""
    stored = Clinic.objects.get(pk=clinic.pk)
    wanted = asdict(details)
    before = {name: getattr(stored, name) for name, value in wanted.items() if getattr(stored, name) != value}
    if stored.version == version and not before:
        return stored
    saved = Clinic.objects.filter(pk=clinic.pk, version=version).update(**wanted, version=version + 1)
    if not saved:
        raise ClinicChanged(Clinic.objects.get(pk=clinic.pk), last_change(clinic))
    audit.note(
        at=at,
        clinic=clinic,
        by=by,
        action=CHANGED,
        subject=f"clinic:{clinic.public_id}",
        before=before,
        after={name: wanted[name] for name in before},
    )
    return Clinic.objects.get(pk=clinic.pk)


def last_change(clinic: Clinic) -> AuditEvent | None:
    """The event of the last saved change, with its actor."""
    return (
        AuditEvent.objects.filter(clinic=clinic, action=CHANGED)
        .select_related("actor")
        .order_by("-at", "-id")
        .first()
    )
