"""Write the results of a laboratory's file by the thousand: by COPY on PostgreSQL, else by bulk insert.

The rows get their numbers before they are written, so that a correction can point at a row of the same file.
"""

import io
import os
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Max

from monitoring.intake.fates import Fate
from monitoring.interpretation.critical import is_critical
from monitoring.interpretation.entry import Measurement
from monitoring.lab_check import Ready, Weighed
from monitoring.models import InboxItem, LabFile, Result

COLUMNS = (
    "id", "public_id", "patient_id", "taken_on", "source_id", "supersedes_id", "why", "file_id", "recorded_by_id",
    "unit_confirmed_because", "entered_in_error", "analyte", "reported_value", "comparator", "unit", "number", "coded",
    "canonical", "reference_low", "reference_high",
)  # fmt: skip
INBOX_COLUMNS = ("result_id", "clinic_id", "abnormal", "arrived_at")

MEASUREMENTS_KEPT = 20_000

Cells = tuple[Any, ...]


class ResultWriter:
    """Writes the taken rows of one file. `corrected` are (old result, patient) of the corrections written.

    `critical` are the results written whose value alerts at once.
    """

    def __init__(self, file: LabFile, *, by_id: int | None, at: datetime) -> None:
        self.file, self.by_id, self.at = file, by_id, at
        self.patients: set[int] = set()
        self.corrected: list[tuple[int, int]] = []
        self.critical: list[int] = []
        self._ids: dict[int, int] = {}
        self._measured: dict[int, tuple[Measurement, str]] = {}
        self._why = f"Corrected by the laboratory in {file.name}."

    def write(self, weighed: Sequence[Weighed]) -> int:
        """Append a result and an item of the inbox for each row that is taken; how many there were."""
        rows = [(one, one.ready) for one in weighed if one.fate.is_taken and one.ready is not None]
        if not rows:
            return 0
        results: list[Cells] = []
        items: list[Cells] = []
        count = len(rows)
        for pk, public_id, (one, ready) in zip(_reserved(count), _public_ids(count), rows, strict=True):
            results.append(self._cells(pk, public_id, one, ready))
            items.append((pk, self.file.clinic_id, ready.taken.abnormal, self.at))
            measured = ready.taken.measurement
            if is_critical(measured.analyte, measured.canonical, measured.comparator):
                self.critical.append(pk)
        if connection.vendor == "postgresql":
            _copy(Result, COLUMNS, map(self._line, results))
            _copy(
                InboxItem, INBOX_COLUMNS, (f"{pk}\t{clinic}\t{ill}\t{at}\n" for pk, clinic, ill, at in items)
            )
        else:
            Result.objects.bulk_create((_made(Result, COLUMNS, row) for row in results), batch_size=500)
            InboxItem.objects.bulk_create(
                (_made(InboxItem, INBOX_COLUMNS, row) for row in items), batch_size=500
            )
        return len(rows)

    def _cells(self, pk: int, public_id: str, one: Weighed, ready: Ready) -> Cells:
        self.patients.add(ready.patient_id)
        supersedes = self._supersedes(one, ready, pk)
        corrects = supersedes is not None
        return (
            pk, public_id, ready.patient_id, ready.row.taken_on, _source(ready.key, pk, corrects), supersedes,
            self._why if corrects else "", self.file.pk, self.by_id, "", False, ready.taken.measurement,
        )  # fmt: skip

    def _line(self, cells: Cells) -> str:
        """A row as COPY's text format wants it; what a measurement says was written once for all that say the same."""
        pk, public_id, patient_id, taken_on, source_id, supersedes, why, *same, measurement = cells
        known = self._measured.get(id(measurement))
        if known is None:
            if len(self._measured) > MEASUREMENTS_KEPT:
                self._measured.clear()
            known = measurement, "\t".join(_copied(cell) for cell in (*same, *_reported(measurement)))
            self._measured[id(measurement)] = known
        source = _copied(source_id)
        older = "\\N" if supersedes is None else supersedes
        return f"{pk}\t{public_id}\t{patient_id}\t{taken_on}\t{source}\t{older}\t{_copied(why)}\t{known[1]}\n"

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


def _public_ids(count: int) -> Iterator[str]:
    """Random UUIDs of version 4 as text, made from one draw: `uuid4` takes several times as long for thousands."""
    drawn = os.urandom(16 * count).hex()
    for at in range(0, 32 * count, 32):
        one = drawn[at : at + 32]
        yield f"{one[:8]}-{one[8:12]}-4{one[13:16]}-{'89ab'[int(one[16], 16) & 3]}{one[17:20]}-{one[20:]}"


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


def _reported(measurement: Measurement) -> Cells:
    """What a measurement says, in the order of the columns."""
    one = measurement
    return (
        one.analyte,
        one.text,
        one.comparator,
        one.unit,
        one.number,
        one.coded,
        one.canonical,
        one.low,
        one.high,
    )


def _made(model: Any, columns: Sequence[str], cells: Cells) -> Any:
    """An unsaved row."""
    if isinstance(cells[-1], Measurement):
        cells = (*cells[:-1], *_reported(cells[-1]))
    return model(**dict(zip(columns, cells, strict=True)))


def _copy(model: type[Result] | type[InboxItem], columns: Sequence[str], lines: Iterable[str]) -> None:
    names = ", ".join(connection.ops.quote_name(column) for column in columns)
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {table} ({names}) FROM STDIN", io.StringIO("".join(lines)))


_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def _copied(cell: Any) -> str:
    """A cell as COPY's text format wants it."""
    if cell is None:
        return "\\N"
    if cell.__class__ is str:
        return cell if cell.isalnum() else cell.translate(_ESCAPES)
    return str(cell)
