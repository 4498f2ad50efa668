"""Close the clinic on days: one of its own, or the public holidays of a year."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction

from b12clinic.accounts.models import Clinic, ClosedDay, User
from b12clinic.accounts.services import audit


class NotClosed(ValueError):
    """Why a day cannot be added; the sentence says what to do."""


@transaction.atomic
def close_days(*, clinic: Clinic, days: Mapping[date, str], by: User, at: datetime) -> list[date]:
    """Close the clinic on these days, each with why; the days that were not closed before.

    Days closed already keep their own reason. The doses planned on a closed day are moved by whoever keeps them.
    Raises NotClosed for a day without a reason.
    """
    for on, why in days.items():
        if not why.strip():
            raise NotClosed(f"Say why the clinic is closed on {on:%d %b %Y}.")
    already = set(ClosedDay.objects.filter(clinic=clinic, on__in=days).values_list("on", flat=True))
    fresh = sorted(on for on in days if on not in already)
    ClosedDay.objects.bulk_create(
        [ClosedDay(clinic=clinic, on=on, why=days[on].strip()) for on in fresh], ignore_conflicts=True
    )
    if fresh:
        audit.note(
            at=at,
            clinic=clinic,
            by=by,
            action="closed_days.added",
            subject=f"clinic:{clinic.public_id}",
            after={on.isoformat(): days[on].strip() for on in fresh},
        )
    return fresh
