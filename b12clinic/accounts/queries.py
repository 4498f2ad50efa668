"""What may be read of clinics and people; every list begins at the clinics that the user belongs to."""

from datetime import date
from typing import Any

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from b12clinic.accounts.models import AuditEvent, Clinic, ClosedDay, Membership, Role, User


def clinics_for(user: Any) -> QuerySet[Clinic]:
    """The clinics a person belongs to, by name."""
    return Clinic.objects.filter(memberships__user=user).distinct().order_by("name")


def memberships_for(user: Any) -> list[Membership]:
    """A person's memberships with their clinics, in one query, clinics by name."""
    return list(
        Membership.objects.filter(user=user).select_related("clinic").order_by("clinic__name", "role")
    )


def audit_for(user: Any, clinic: Clinic) -> QuerySet[AuditEvent]:
    """A clinic's audit trail, newest first; empty for someone from elsewhere."""
    return AuditEvent.objects.filter(clinic__in=clinics_for(user), clinic_id=clinic.pk).select_related(
        "actor"
    )


def closed_days_from(clinic: Clinic, day: date) -> QuerySet[ClosedDay]:
    """The closed days of a clinic from a day on, in order."""
    return ClosedDay.objects.filter(clinic=clinic, on__gte=day).order_by("on")


def people_of(clinic: Clinic) -> QuerySet[User]:
    """The members of a clinic by name, with their roles in it (`roles_here`) and whether they have a second factor."""
    here = Membership.objects.filter(clinic=clinic)
    return (
        User.objects.filter(pk__in=here.values("user"))
        .annotate(has_second_factor=Exists(Authenticator.objects.filter(user=OuterRef("pk"))))
        .prefetch_related(Prefetch("memberships", queryset=here.order_by("role"), to_attr="roles_here"))
        .order_by("last_name", "first_name", "username")
    )


def colleagues(clinic: Clinic) -> QuerySet[User]:
    """The people of a clinic who see to patients, by name."""
    treating = Membership.objects.filter(clinic=clinic, role__in=[Role.PRESCRIBER, Role.NURSE])
    people = User.objects.filter(pk__in=treating.values("user"), is_active=True)
    return people.order_by("last_name", "first_name", "username")


def roles_held(clinic: Clinic) -> frozenset[str]:
    """The roles that somebody who can sign in holds in a clinic."""
    held = Membership.objects.filter(clinic=clinic, user__is_active=True)
    return frozenset(held.values_list("role", flat=True).distinct())
