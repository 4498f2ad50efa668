"""Write the results of a laboratory's file by the thousand: by COPY on PostgreSQL, else by bulk insert.

The rows get their numbers before they are written, so that a correction can point at a row of the same file.
"""

import io
import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Max

from monitoring.intake.fates import Fate
from monitoring.lab_check import Ready, Weighed
from monitoring.models import InboxItem, LabFile, Result

COLUMNS = (
    "id", "public_id", "patient_id", "analyte", "taken_on", "reported_value", "comparator", "unit", "number", "coded",
    "canonical", "reference_low", "reference_high", "unit_confirmed_because", "source_id", "file_id", "supersedes_id",
    "why", "entered_in_error", "recorded_by_id",
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
        for pk, (one, ready) in zip(_reserved(len(rows)), rows, strict=True):
            results.append(self._cells(pk, one, ready))
            items.append((pk, self.file.clinic_id, ready.taken.abnormal, self.at))
        _insert(Result, COLUMNS, results)
        _insert(InboxItem, INBOX_COLUMNS, items)
        return len(rows)

    def _cells(self, pk: int, one: Weighed, ready: Ready) -> Cells:
        self.patients.add(ready.patient_id)
        value = ready.taken.measurement
        supersedes = self._supersedes(one, ready, pk)
        corrects = supersedes is not None
        return (
            pk, uuid.uuid4(), ready.patient_id, value.analyte, ready.row.taken_on, value.text, value.comparator,
            value.unit, value.number, value.coded, value.canonical, value.low, value.high, "",
            _source(ready.key, pk, corrects), self.file.pk, supersedes, self._why if corrects else "", False, self.by_id,
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


def _reserved(count: int) -> Iterable[int]:
    """So many numbers for new results, which nobody else gets."""
    if connection.vendor != "postgresql":  # the only writer of the database, which holds its lock
        last = Result.objects.aggregate(last=Max("pk"))["last"] or 0
        return range(last + 1, last + 1 + count)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [Result._meta.db_table, count],
        )
        return [pk for (pk,) in cursor.fetchall()]


def _insert(model: type[Result] | type[InboxItem], columns: Sequence[str], rows: Sequence[Cells]) -> None:
    if connection.vendor != "postgresql":
        made: Any = (model(**dict(zip(columns, row, strict=True))) for row in rows)
        model._default_manager.bulk_create(made, batch_size=500)
        return
    names = ", ".join(connection.ops.quote_name(column) for column in columns)
    lines = io.StringIO("".join(["\t".join([_copied(cell) for cell in row]) + "\n" for row in rows]))
    with connection.cursor() as cursor:
        cursor.copy_expert(
            f"COPY {connection.ops.quote_name(model._meta.db_table)} ({names}) FROM STDIN", lines
        )


_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def _copied(cell: Any) -> str:
    """A cell as COPY's text format wants it."""
    if cell is None:
        return "\\N"
    if cell.__class__ is str:
        return cell if cell.isalnum() else cell.translate(_ESCAPES)
    return str(cell)
