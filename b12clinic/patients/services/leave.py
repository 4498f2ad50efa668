"""What the three notes about leaving a clinic's care have in common."""

from datetime import date, datetime

from b12clinic.accounts.models import User
from b12clinic.accounts.services import audit
from b12clinic.patients.models import Patient
from b12clinic.patients.services.refusals import PatientRefused

FIELDS = ("died_on", "moved_on")


def check_day(held: Patient, field: str, day: date, today: date) -> None:
    """Raise PatientRefused for someone who died already, or for a day before birth or in the future."""
    if held.died_on:
        raise PatientRefused(f"It is noted already that this patient died on {held.died_on:%-d %b %Y}.")
    if not held.born_on <= day <= today:
        raise PatientRefused("This day lies before birth or in the future.", field)


def set_days(
    held: Patient, days: dict[str, date | None], action: str, reason: str, by: User, at: datetime
) -> None:
    """Write the days on a held row with their audit event. Raises PatientRefused without a reason."""
    if not reason.strip():
        raise PatientRefused("Say why.", "reason")
    before = {field: str(getattr(held, field) or "") for field in days}
    for field, day in days.items():
        setattr(held, field, day)
    held.version += 1
    held.save(update_fields=[*FIELDS, "version"])
    audit.note(
        at=at,
        clinic=held.clinic,
        by=by,
        action=action,
        subject=f"patient:{held.public_id}",
        patient_id=held.pk,
        before=before,
        after={field: str(day or "") for field, day in days.items()},
        reason=reason.strip(),
    )
