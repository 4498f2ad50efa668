"""Begin a clinic, with the one person who can add the others."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from b12clinic.accounts.models import Clinic, Role, User
from b12clinic.accounts.services import audit
from b12clinic.accounts.services.invite_person import NotInvited, invite_person


class NotOpened(ValueError):
    """Why the clinic was not opened; the sentence says what to do."""


@transaction.atomic
def open_clinic(
    *, name: str, time_zone: str, email: str, first_name: str, last_name: str, by: User | None, at: datetime
) -> Clinic:
    """Create the clinic and invite its first administrator by mail. `by` is None from the command line.

    Everything else about the clinic is set by that administrator. Raises NotOpened.
    """
    clinic = Clinic(name=name.strip(), time_zone=time_zone)
    try:
        clinic.full_clean()
    except ValidationError as wrong:
        raise NotOpened(" ".join(wrong.messages)) from wrong
    clinic.save()
    audit.note(
        at=at,
        clinic=clinic,
        by=by,
        action="clinic.opened",
        subject=f"clinic:{clinic.public_id}",
        after={"name": clinic.name, "time_zone": clinic.time_zone},
    )
    try:
        invite_person(
            clinic=clinic,
            email=email,
            first_name=first_name,
            last_name=last_name,
            roles=[Role.ADMINISTRATOR],
            by=by,
            at=at,
        )
    except NotInvited as refused:
        raise NotOpened(str(refused)) from refused
    return clinic
