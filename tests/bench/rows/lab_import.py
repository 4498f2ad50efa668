"""A file of 100,000 results imported, against a bare COPY of the rows that it becomes."""

import csv
import io
import random
import time
from datetime import UTC, date, datetime, timedelta
from statistics import median

from django.db import connection, transaction

from b12clinic.accounts.models import Clinic
from b12clinic.jobs.models import Pending
from b12clinic.patients.models import Patient, PatientIdentifier
from monitoring.models import InboxItem, LabFile, Recheck, RecheckAnswer, Result
from monitoring.services.import_lab_file import import_lab_file
from monitoring.services.receive_lab_file import receive_lab_file
from tests.bench.memory import grown
from tests.bench.report import Figure

RATIO_BOUND, MEMORY_BOUND_MB = 3.0, 100.0
PATIENTS, ROUNDS = 10_000, 3
RECHECKS = 1_000
AT, TODAY = datetime(2026, 1, 14, 16, 0, tzinfo=UTC), date(2026, 1, 14)
TESTS = (
    ("718-7", "g/L", "115-165", 80, 170, 0),
    ("787-2", "fL", "80-100", 75, 120, 0),
    ("2132-9", "ng/L", "197-771", 60, 900, 0),
    ("13964-2", "umol/L", "0.00-0.40", 10, 90, 2),
    ("13965-9", "umol/L", "5.0-15.0", 50, 300, 1),
    ("potassium", "mmol/L", "3.5-5.3", 33, 55, 1),
    ("ferritin", "ug/L", "15-150", 5, 400, 0),
    ("platelets", "10*9/L", "150-400", 90, 450, 0),
    ("white_cells", "10*9/L", "4.0-11.0", 30, 120, 1),
    ("creatinine", "umol/L", "45-84", 45, 140, 0),
)
COLUMNS = ["identifier", "name", "born_on", "code", "value", "unit", "taken_on", "range", "source_id"]


def import_vs_copy_ratio() -> list[Figure]:
    """Seconds of an import, with matching, conversion, duplicates, rechecks and audit, against COPY of the same rows."""
    if connection.vendor != "postgresql":
        raise RuntimeError("COPY is PostgreSQL's")
    clinic, content = _clinic(), _content()
    began = time.perf_counter()
    file = receive_lab_file(
        clinic=clinic, name="bench.csv", content=content, profile=None, by=None, at=AT, today=TODAY
    )
    reading = time.perf_counter() - began
    imports, copies, peaks = [], [], []
    for _ in range(ROUNDS):
        with grown(peaks):
            imports.append(_imported(file))
        copies.append(_copied(file))
        _undone(file, clinic)
    ratio = median(imports) / median(copies)
    beside = (
        f"{len(TESTS) * PATIENTS:,} rows: import {median(imports):.2f} s, COPY {median(copies):.2f} s; "
        f"reading and weighing when the file came {reading:.2f} s"
    )
    return [
        Figure("import_vs_copy_ratio", ratio, "ratio", RATIO_BOUND, beside),
        Figure("import_memory_mb", max(peaks), "MB", MEMORY_BOUND_MB, "peak above what was there before"),
    ]


def _clinic() -> Clinic:
    clinic = Clinic.objects.create(name=f"Bench of imports {time.time_ns()}")
    patients = Patient.objects.bulk_create(
        (
            Patient(
                clinic=clinic,
                name="Ada Example",
                name_key="ada example",
                born_on=date(1948, 3, 2),
                sex="female",
            )
            for _ in range(PATIENTS)
        ),
        batch_size=2_000,
    )
    PatientIdentifier.objects.bulk_create(
        (
            PatientIdentifier(patient=patient, clinic=clinic, scheme="medical_record", value=f"I-{place}")
            for place, patient in enumerate(patients)
        ),
        batch_size=2_000,
    )
    Recheck.objects.bulk_create(
        (
            Recheck(
                patient=patient, clinic=clinic, due_on=TODAY, tests=["haemoglobin", "mcv"], why="Response"
            )
            for patient in patients[:RECHECKS]
        ),
        batch_size=500,
    )
    return clinic


def _content() -> bytes:
    """Ten tests of each patient, every patient's sample on a day of its own, from one seed."""
    chance, text = random.Random(12), io.StringIO()
    sheet = csv.writer(text)
    sheet.writerow(COLUMNS)
    for place in range(PATIENTS):
        day = TODAY - timedelta(days=chance.randint(0, 6))
        for at, (code, unit, limits, low, high, places) in enumerate(TESTS):
            value = f"{chance.randint(low, high) / 10**places:.{places}f}"
            sheet.writerow(
                [f"I-{place}", "Ada Example", "1948-03-02", code, value, unit, day, limits, f"S{place}-{at}"]
            )
    return text.getvalue().encode()


def _imported(file: LabFile) -> float:
    began = time.perf_counter()
    import_lab_file(file=file, accept_partial=True, by=None, at=AT, today=TODAY)
    return time.perf_counter() - began


def _copied(file: LabFile) -> float:
    """The rows that the import made, taken out and copied in again, bare, with the same indexes and checks."""
    columns = ", ".join(connection.ops.quote_name(field.column) for field in Result._meta.concrete_fields)
    table, kept = Result._meta.db_table, io.StringIO()
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY (SELECT {columns} FROM {table} WHERE file_id = {file.pk}) TO STDOUT", kept)
    _taken_away(file)
    kept.seek(0)
    began = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {table} ({columns}) FROM STDIN", kept)
    return time.perf_counter() - began


def _taken_away(file: LabFile) -> None:
    for model, of_file in ((RecheckAnswer, "result__file"), (InboxItem, "result__file"), (Result, "file")):
        rows = model._default_manager.filter(**{of_file: file})
        rows._raw_delete(rows.db)
    with connection.cursor() as cursor:
        for model in (RecheckAnswer, InboxItem, Result):
            cursor.execute(f"VACUUM ANALYZE {model._meta.db_table}")


def _undone(file: LabFile, clinic: Clinic) -> None:
    """As before the import, so that the next round does the same work."""
    _taken_away(file)
    file.waiting.all().delete()
    Pending.objects.all().delete()
    Recheck.objects.filter(clinic=clinic).update(state="wanted", ended_on=None)
    LabFile.objects.filter(pk=file.pk).update(state="read", imported_at=None)
