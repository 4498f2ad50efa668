"""Mark what lies beyond the clinic's own ranges where the laboratory gave none."""

from itertools import islice

from django.db.models import QuerySet

from monitoring.interpretation.reference import NORMAL, against_range
from monitoring.models import InboxItem, Result
from monitoring.queries.clinic_ranges import clinic_ranges, perhaps_beyond

AT_ONCE = 1_000


def mark_abnormal(results: "QuerySet[Result]") -> None:
    """Mark the items of those results that the laboratory gave no range and that are not sure to be in the clinic's."""
    rows = results.filter(perhaps_beyond()).select_related("patient").iterator()
    while some := list(islice(rows, AT_ONCE)):
        ranges = clinic_ranges(some)
        beyond = [
            one.pk
            for one in some
            if one.number is not None
            and one.pk in ranges
            and against_range(one.number, one.comparator, ranges[one.pk].low, ranges[one.pk].high) != NORMAL
        ]
        InboxItem.objects.filter(result__in=beyond).update(abnormal=True)
