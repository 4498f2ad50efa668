"""Note that somebody went over to another of their clinics."""

from datetime import datetime

from django.db import transaction

from b12clinic.accounts.models import Clinic, User
from b12clinic.accounts.services import audit


@transaction.atomic
def switch_clinic(*, clinic: Clinic, by: User, at: datetime) -> None:
    """Leave the event in the trail of the clinic gone to."""
    audit.note(at=at, clinic=clinic, by=by, action="clinic.entered", subject=f"clinic:{clinic.public_id}")
