"""End somebody's work in a clinic."""

from datetime import datetime

from django.db import transaction

from b12clinic.accounts.models import Clinic, Membership, User
from b12clinic.accounts.services import audit
from b12clinic.accounts.services.administrators import check_administrator_remains, hold_members
from b12clinic.accounts.services.invite_person import in_order


class NotRemoved(ValueError):
    """Why the person stays; the sentence says what to do."""


@transaction.atomic
def remove_person(*, clinic: Clinic, person: User, reason: str, by: User, at: datetime) -> bool:
    """Take all roles in a clinic away; whether the account was closed with it, which it is when it was the last clinic.

    What they see ends with their next request: roles are read on every one, and a closed account has no session. What
    they did keeps their name. Raises NotRemoved without a reason or membership, LastAdministrator when none would remain.
    """
    if not reason.strip():
        raise NotRemoved("Say why this person no longer works here.")
    hold_members(clinic)
    held = Membership.objects.filter(user=person, clinic=clinic)
    roles = in_order(list(held.values_list("role", flat=True)))
    if not roles:
        raise NotRemoved("This person does not belong to the clinic any more.")
    held.delete()
    check_administrator_remains(clinic)
    closed = not Membership.objects.filter(user=person).exists()
    if closed:
        User.objects.filter(pk=person.pk).update(is_active=False)
    audit.note(
        at=at,
        clinic=clinic,
        by=by,
        action="member.removed",
        subject=f"user:{person.public_id}",
        before={"roles": roles},
        after={"roles": [], "account_closed": closed},
        reason=reason.strip(),
    )
    return closed
