"""Give a member of a clinic other roles there."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from b12clinic.accounts.models import Clinic, Membership, User
from b12clinic.accounts.services import audit
from b12clinic.accounts.services.administrators import check_administrator_remains, hold_members
from b12clinic.accounts.services.invite_person import check_roles, in_order


class RolesChanged(Exception):
    """Somebody changed this person's roles after the page was opened; `roles` are the present ones."""

    def __init__(self, roles: list[str]) -> None:
        super().__init__("These roles were changed after you opened this page.")
        self.roles = roles


@transaction.atomic
def change_roles(
    *, clinic: Clinic, person: User, roles: Collection[str], was: Collection[str], by: User, at: datetime
) -> bool:
    """Replace the roles that the page showed (`was`); whether anything changed. They count from the next request.

    Raises RolesChanged for a stale page, NotInvited for no role, LastAdministrator when none would remain.
    """
    check_roles(roles)
    hold_members(clinic)
    present = in_order(
        list(Membership.objects.filter(user=person, clinic=clinic).values_list("role", flat=True))
    )
    if present != in_order(was) or not present:
        raise RolesChanged(present)
    if present == in_order(roles):
        return False
    Membership.objects.filter(user=person, clinic=clinic).exclude(role__in=roles).delete()
    Membership.objects.bulk_create(
        Membership(user=person, clinic=clinic, role=role) for role in in_order(roles) if role not in present
    )
    check_administrator_remains(clinic)
    audit.note(
        at=at,
        clinic=clinic,
        by=by,
        action="member.roles_changed",
        subject=f"user:{person.public_id}",
        before={"roles": present},
        after={"roles": in_order(roles)},
    )
    return True
