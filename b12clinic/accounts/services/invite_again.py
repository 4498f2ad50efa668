"""Send somebody the mail with which they set a password once more."""

from datetime import datetime

from django.db import transaction

from b12clinic.accounts.models import Clinic, Membership, User
from b12clinic.accounts.services import audit
from b12clinic.accounts.services.invite_person import INVITATION, NotInvited
from b12clinic.jobs.services.ask import ask


@transaction.atomic
def invite_again(*, clinic: Clinic, person: User, by: User, at: datetime) -> None:
    """Owe the mail again. Raises NotInvited for somebody who has set a password or belongs elsewhere."""
    membership = Membership.objects.filter(user=person, clinic=clinic).order_by("pk").first()
    if membership is None:
        raise NotInvited("This person does not belong to the clinic any more.")
    if person.has_usable_password():
        raise NotInvited(
            f"{person.display_name} has set a password; a forgotten one is reset at the sign-in page."
        )
    ask(kind=INVITATION, subject_id=membership.pk)
    audit.note(at=at, clinic=clinic, by=by, action="member.invited_again", subject=f"user:{person.public_id}")
