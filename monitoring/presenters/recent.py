"""The results recorded last in a clinic."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from monitoring.models import Result
from monitoring.presenters import words
from monitoring.presenters.inbox import flag_of
from monitoring.presenters.results import value_as_reported


@dataclass(frozen=True, slots=True, kw_only=True)
class RecentLine:
    """One result with its patient, ready to print."""

    patient: str
    results_url: str
    label: str
    value: str
    flag: str
    flag_label: str
    converted: str
    taken: str
    recorded: str


def recent_lines(results: Iterable[Result], today: date) -> list[RecentLine]:
    """These results in words, in the order given."""
    return [_line(row, today) for row in results]


def _line(row: Result, today: date) -> RecentLine:
    item = getattr(row, "inbox_item", None)
    flag, flag_label = flag_of(row, abnormal=item is not None and item.abnormal)
    return RecentLine(
        patient=row.patient.name,
        results_url=reverse("monitoring:results", args=[row.patient.public_id]),
        label=words.test_in_words(row.analyte),
        value=value_as_reported(row),
        flag=flag,
        flag_label=flag_label,
        converted=words.conversions(row.analyte, row.number, row.unit, row.comparator),
        taken=words.day(row.taken_on, today),
        recorded=row.recorded_by.display_name if row.recorded_by else "Import",
    )
