"""A clinic is never left without an administrator who can sign in."""

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX

from b12clinic.accounts.models import Clinic, Membership, Role


class LastAdministrator(ValueError):
    """The change would leave the clinic without an administrator."""


def hold_members(clinic: Clinic) -> None:
    """Make changes of a clinic's members wait for each other, so that two administrators cannot remove one another."""
    Clinic.objects.select_for_update(no_key=True, of=("self",)).get(pk=clinic.pk)


def check_administrator_remains(clinic: Clinic) -> None:
    """Raise LastAdministrator when nobody who can sign in administers the clinic. Call it after the change, held."""
    can_sign_in = Membership.objects.filter(
        clinic=clinic, role=Role.ADMINISTRATOR, user__is_active=True
    ).exclude(user__password__startswith=UNUSABLE_PASSWORD_PREFIX)
    if not can_sign_in.exists():
        raise LastAdministrator(
            "The clinic would be left without an administrator who can sign in. "
            "Make somebody else an administrator first."
        )
