"""Jobs of the accounts: each fetches by id and calls one service."""

from datetime import datetime

from b12clinic.accounts.services.invite_person import INVITATION
from b12clinic.accounts.services.send_invitation import send_invitation
from b12clinic.jobs.registry import handles


@handles(INVITATION)
def write_invitation(subject_id: int, at: datetime) -> None:
    """Send the invitation of one membership."""
    send_invitation(membership_id=subject_id)
