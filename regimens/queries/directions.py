"""Patient-specific directions: which regimens may be given under one on a day."""

from collections.abc import Iterable
from datetime import date

from regimens.models import Direction, Regimen


def direction_in_force(regimens: Iterable[Regimen | int], on: date) -> dict[int, Direction]:
    """The direction that covers a day, by the regimen's id; a regimen without one is not in the answer. One query.

    A direction covers its first and its last day; one that was ended covers no day from the day it was ended.
    """
    wanted = {one if isinstance(one, int) else one.pk for one in regimens}
    rows = Direction.objects.filter(
        regimen__in=wanted, ended_on__isnull=True, from_on__lte=on, until_on__gte=on
    ).select_related("by")
    return {row.regimen_id: row for row in rows}
