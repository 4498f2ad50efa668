"""Let somebody work in a clinic, by their e-mail address."""

from collections.abc import Collection
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models.functions import Lower

from b12clinic.accounts.models import Clinic, Membership, Role, User
from b12clinic.accounts.services import audit
from b12clinic.accounts.services.administrators import hold_members
from b12clinic.jobs.services.ask import ask

INVITATION = "accounts.invitation"


class NotInvited(ValueError):
    """Why the person was not added; the sentence says what to do."""


@transaction.atomic
def invite_person(
    *,
    clinic: Clinic,
    email: str,
    first_name: str,
    last_name: str,
    roles: Collection[str],
    by: User | None,
    at: datetime,
) -> User:
    """Give a person roles in a clinic and owe them the mail with which they set a password.

    Someone who has an account already (in another clinic) keeps its name and password. An account that had been closed
    is opened without a password, so that an old one does not work. Raises NotInvited.
    """
    check_roles(roles)
    hold_members(clinic)
    person = _known(email)
    if person is not None and Membership.objects.filter(user=person, clinic=clinic).exists():
        raise NotInvited(f"{person.display_name} belongs to this clinic already; change their roles instead.")
    if person is None:
        person = _new(email, first_name, last_name)
    elif not person.is_active:
        _open_again(person)
    memberships = [
        Membership.objects.create(user=person, clinic=clinic, role=role) for role in in_order(roles)
    ]
    ask(kind=INVITATION, subject_id=memberships[0].pk)
    audit.note(
        at=at,
        clinic=clinic,
        by=by,
        action="member.added",
        subject=f"user:{person.public_id}",
        after={"name": person.display_name, "email": person.email, "roles": in_order(roles)},
    )
    return person


def check_roles(roles: Collection[str]) -> None:
    """Raise NotInvited unless there is at least one role and each is known."""
    if not roles or not set(roles) <= set(Role.values):
        raise NotInvited("Choose at least one role.")


def in_order(roles: Collection[str]) -> list[str]:
    """Roles in the order in which they are always listed."""
    return [role for role in Role.values if role in roles]


def _known(email: str) -> User | None:
    return User.objects.alias(folded=Lower("email")).filter(folded=email.lower()).first()


def _new(email: str, first_name: str, last_name: str) -> User:
    person = User(username=email.lower(), email=email, first_name=first_name, last_name=last_name)
    person.set_unusable_password()
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError as taken:
        raise NotInvited(
            "Somebody signs in under this address already; ask them for the address they use."
        ) from taken
    return person


def _open_again(person: User) -> None:
    person.is_active = True
    person.set_unusable_password()
    person.save(update_fields=["is_active", "password"])
