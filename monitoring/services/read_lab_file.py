"""Read a laboratory's file, weigh its rows, and keep both until the file is imported."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from django.db import transaction

from monitoring.intake.kept import words_of
from monitoring.intake.measuring import NotMeasured, Taken, taken
from monitoring.intake.read import rows_of
from monitoring.intake.rows import FileRefused, LabRow, RowError
from monitoring.lab_check import Weighed, Weighing
from monitoring.lab_layout import layout_of, mark_of
from monitoring.lab_matching import stored_key
from monitoring.models import LabFile, LabFileState, ReadRow
from monitoring.services.append_rows import append_rows, new_public_ids
from monitoring.services.write_results import reported

WEIGHED = ("public_id", "file_id", "number", "fate", "sentence", "words")
MEASURED = (
    "person", "key", "taken_on", "taken_at", "abnormal", "analyte", "reported_value", "comparator", "unit", "amount", "coded",
    "canonical", "reference_low", "reference_high",
)  # fmt: skip
UNMEASURED = (None, "", None, None, None, "", "", "", "", None, "", None, None, None)


def read_anew(*, file: LabFile, today: date) -> None:
    """Save what the file holds, or why it cannot be read. Call it in a transaction, under the file's lock."""
    begins, ends = file.state, LabFileState.READ
    file.counts, file.refusal, file.format, file.read_as, file.weighed_on = {}, "", "", "", today
    try:
        read_lab_file(file=file, today=today)
    except FileRefused as refused:
        file.refusal, ends = str(refused), LabFileState.REFUSED
    LabFile.objects.filter(pk=file.pk).move(
        begins,
        ends,
        profile=file.profile,
        format=file.format,
        refusal=file.refusal,
        counts=file.counts,
        read_as=file.read_as,
        weighed_on=file.weighed_on,
    )
    file.refresh_from_db(fields=["state"])


def read_lab_file(*, file: LabFile, today: date) -> None:
    """Put down on the file, unsaved, its kind and how many rows met which fate; its rows are kept in place of earlier ones.

    Call it in a transaction, under the file's lock. Raises FileRefused, and no row is kept then.
    """
    rows = file.rows.all()
    rows._raw_delete(rows.db)
    layout = layout_of(file.profile, file.clinic)
    file.format, read = rows_of(bytes(file.content), layout)
    with transaction.atomic():
        file.counts = _keep(file, read, today)
    file.read_as = mark_of(layout)


def _keep(file: LabFile, rows: Iterable[LabRow | RowError], today: date) -> dict[str, int]:
    """How many rows met which fate."""
    counts: Counter[str] = Counter()
    for some in Weighing(file.clinic, today).weigh(rows):
        counts.update(one.fate.value for one in some)
        append_rows(ReadRow, (*WEIGHED, *MEASURED), _kept(file, some))
    if not counts:
        raise FileRefused("The file holds no results.")
    return dict(counts)


def _kept(file: LabFile, weighed: Sequence[Weighed]) -> Iterator[Sequence[Any]]:
    people: dict[object, int] = {}
    for public_id, one in zip(new_public_ids(len(weighed)), weighed, strict=True):
        row = one.row
        kept = public_id, file.pk, row.number, one.fate.value, one.sentence, words_of(row)
        measured = _measured(row)
        if measured is None or isinstance(row, RowError):
            yield *kept, *UNMEASURED
            continue
        person = people.setdefault((row.identifiers, row.born_on), row.number)
        key = stored_key(file.clinic, row.source_id) if row.source_id else ""
        yield (
            *kept,
            person,
            key,
            row.taken_on,
            row.taken_at,
            measured.abnormal,
            *reported(measured.measurement),
        )


def _measured(row: LabRow | RowError) -> Taken | None:
    """What a row measures, if nothing in the row itself speaks against it, whoever the patient is."""
    if isinstance(row, RowError) or row.born_on is None or row.taken_on < row.born_on:
        return None
    try:
        return taken(row)
    except NotMeasured:
        return None
