"""Which jobs wait, and which have been given up."""

from datetime import datetime

from django.db.models import Q, QuerySet

from b12clinic.jobs.models import Pending

MAX_ATTEMPTS = 8


def ready(at: datetime) -> QuerySet[Pending]:
    """Jobs that may start now: nobody has them in hand, they are not put off, their attempts are not used up."""
    free = Q(leased_until__isnull=True) | Q(leased_until__lte=at)
    due = Q(not_before__isnull=True) | Q(not_before__lte=at)
    return Pending.objects.filter(free, due, attempts__lt=MAX_ATTEMPTS)


def ready_ids(at: datetime, *, after: int, limit: int) -> list[int]:
    """The ids of the next jobs that may start, oldest first, beyond the id `after`."""
    return list(ready(at).filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:limit])


def given_up(at: datetime) -> QuerySet[Pending]:
    """Jobs that failed every attempt. They stay until somebody asks for them again."""
    free = Q(leased_until__isnull=True) | Q(leased_until__lte=at)
    return Pending.objects.filter(free, attempts__gte=MAX_ATTEMPTS).order_by("pk")
