"""What may be read of clinics and people; every list begins at the clinics that the user belongs to."""

from typing import Any

from django.db.models import QuerySet

from b12clinic.accounts.models import AuditEvent, Clinic, Membership


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
