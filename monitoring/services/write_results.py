"""Write the results of rows that were weighed one by one.

The rows get their numbers before they are written, so that a correction can point at a row of the same file.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Max

from monitoring.intake.fates import Fate
from monitoring.interpretation.entry import Measurement
from monitoring.lab_check import Ready, Weighed
from monitoring.models import InboxItem, LabFile, Result
from monitoring.services.append_rows import append_rows, new_public_ids

COLUMNS = (
    "id", "public_id", "patient_id", "taken_on", "taken_at", "source_id", "supersedes_id", "why", "file_id", "recorded_by_id",
    "unit_confirmed_because", "entered_in_error", "analyte", "reported_value", "comparator", "unit", "number", "coded",
    "canonical", "reference_low", "reference_high",
)  # fmt: skip
INBOX_COLUMNS = ("result_id", "clinic_id", "abnormal", "arrived_at")

Cells = tuple[Any, ...]


class ResultWriter:
    """Writes the taken rows of one file. `corrected` are (old result, patient) of the corrections written."""

    def __init__(self, file: LabFile, *, by_id: int | None, at: datetime) -> None:
        self.file, self.by_id, self.at = file, by_id, at
        self.patients: set[int] = set()
        self.corrected: list[tuple[int, int]] = []
        self._ids: dict[int, int] = {}
        self._why = f"Corrected by the laboratory in {file.name}."

    def write(self, weighed: Sequence[Weighed]) -> int:
        """Append a result and an item of the inbox for each row that is taken; how many there were."""
        rows = [(one, one.ready) for one in weighed if one.fate.is_taken and one.ready is not None]
        if not rows:
            return 0
        results: list[Cells] = []
        items: list[Cells] = []
        count = len(rows)
        for pk, public_id, (one, ready) in zip(_reserved(count), new_public_ids(count), rows, strict=True):
            results.append(self._cells(pk, public_id, one, ready))
            items.append((pk, self.file.clinic_id, ready.taken.abnormal, self.at))
        append_rows(Result, COLUMNS, results)
        append_rows(InboxItem, INBOX_COLUMNS, items)
        return count

    def _cells(self, pk: int, public_id: str, one: Weighed, ready: Ready) -> Cells:
        self.patients.add(ready.patient_id)
        supersedes = self._supersedes(one, ready, pk)
        corrects = supersedes is not None
        return (
            pk, public_id, ready.patient_id, ready.row.taken_on, ready.row.taken_at, _source(ready.key, pk, corrects), supersedes,
            self._why if corrects else "", self.file.pk, self.by_id, "", False, *reported(ready.taken.measurement),
        )  # fmt: skip

    def _supersedes(self, one: Weighed, ready: Ready, pk: int) -> int | None:
        """The result that a row corrects, on file or of this file."""
        if not ready.key:
            return None
        mark = hash(ready.key)
        old = self._ids.get(mark, one.supersedes or None) if one.fate is Fate.CHANGED else None
        self._ids[mark] = pk
        if old is not None:
            self.corrected.append((old, ready.patient_id))
        return old


def _source(key: str, pk: int, corrects: bool) -> str | None:
    """The laboratory's number; a correction, which bears the same, is told apart by its own."""
    if not key:
        return None
    return f"{key}#{pk}" if corrects else key


def reported(measurement: Measurement) -> Cells:
    """What a measurement says, in the order of the columns."""
    one = measurement
    return (
        one.analyte, one.text, one.comparator, one.unit, one.number, one.coded, one.canonical, one.low, one.high,
    )  # fmt: skip


def _reserved(count: int) -> Iterable[int]:
    """So many numbers for new results, which nobody else gets."""
    if connection.vendor != "postgresql":  # the only writer of the database, which holds its lock
        last = Result.objects.aggregate(last=Max("pk"))["last"] or 0
        return range(last + 1, last + 1 + count)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval((SELECT pg_get_serial_sequence(%s, 'id')::regclass)) FROM generate_series(1, %s)",
            [Result._meta.db_table, count],
        )
        return [pk for (pk,) in cursor.fetchall()]
