"""Write the plain rows of a laboratory's file in one statement, without an object for any of them.

A row is plain if the weighing of rows one by one could only call it new, whatever the others are: its patient is sure,
its day has come, and neither its number nor its patient's test of that day stands on file or twice in the file. So no
rule is written down again here: whatever is less plain is left to `lab_check`.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import islice
from typing import Any

from django.db import connection
from django.db.models import F

from monitoring.intake.kept import row_of
from monitoring.intake.rows import LabRow
from monitoring.lab_matching import PatientFinder
from monitoring.models import LabFile
from monitoring.services.hold import hold_patients

AT_ONCE = 5_000

_PLAIN = """
WITH "whose" AS (
    SELECT * FROM unnest(%(people)s::integer[], %(patients)s::bigint[]) AS "whose" ("person", "patient_id")
), "ready" AS MATERIALIZED (
    SELECT "patient_id", "number", "public_id", "key", "taken_on", "taken_at", "abnormal", "analyte", "reported_value",
           "comparator", "unit", "amount", "coded", "canonical", "reference_low", "reference_high"
    FROM "monitoring_readrow" JOIN "whose" USING ("person") WHERE "file_id" = %(file)s
), "days" AS (
    SELECT "patient_id", "analyte", "taken_on" FROM "ready" GROUP BY 1, 2, 3 HAVING count(*) > 1
), "keys" AS (
    SELECT "key" FROM "ready" WHERE "key" <> '' GROUP BY 1 HAVING count(*) > 1
), "alone" AS (
    SELECT * FROM "ready" WHERE "taken_on" <= %(today)s
    AND NOT EXISTS (SELECT FROM "keys" WHERE "keys"."key" = "ready"."key")
    AND NOT EXISTS (
        SELECT FROM "days" WHERE "days"."patient_id" = "ready"."patient_id"
        AND "days"."analyte" = "ready"."analyte" AND "days"."taken_on" = "ready"."taken_on"
    )
    AND NOT EXISTS (SELECT FROM "monitoring_result" AS "old" WHERE "old"."source_id" = nullif("ready"."key", ''))
    AND NOT EXISTS (
        SELECT FROM "monitoring_result" AS "old" WHERE "old"."patient_id" = "ready"."patient_id"
        AND "old"."analyte" = "ready"."analyte" AND "old"."taken_on" = "ready"."taken_on"
    )
    ORDER BY "number"
), "plain" AS MATERIALIZED (
    SELECT nextval((SELECT pg_get_serial_sequence('monitoring_result', 'id')::regclass)) AS "id", "alone".* FROM "alone"
), "results" AS (
    INSERT INTO "monitoring_result" (
        "id", "public_id", "patient_id", "taken_on", "taken_at", "source_id", "analyte", "reported_value", "comparator", "unit",
        "number", "coded", "canonical", "reference_low", "reference_high", "file_id", "recorded_by_id", "why",
        "unit_confirmed_because", "entered_in_error"
    )
    SELECT "id", "public_id", "patient_id", "taken_on", "taken_at", nullif("key", ''), "analyte", "reported_value", "comparator",
           "unit", "amount", "coded", "canonical", "reference_low", "reference_high", %(file)s, %(by)s, '', '', false
    FROM "plain"
), "items" AS (
    INSERT INTO "monitoring_inboxitem" ("result_id", "clinic_id", "abnormal", "arrived_at")
    SELECT "id", %(clinic)s, "abnormal", %(at)s FROM "plain"
)
SELECT "patient_id", count(*) FROM "plain" GROUP BY "patient_id"
"""


def write_plain_rows(*, file: LabFile, by_id: int | None, at: datetime, today: date) -> Counter[int]:
    """Append a result and an item of the inbox for each plain row; how many each patient got. Holds the file's patients.

    On another database than PostgreSQL no row is plain.
    """
    if connection.vendor != "postgresql":
        return Counter()
    patients = dict(_patients(file))
    hold_patients(patients.values())
    asked: dict[str, Any] = {
        "people": list(patients), "patients": list(patients.values()), "file": file.pk, "clinic": file.clinic_id,
        "by": by_id, "at": at, "today": today,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_PLAIN, asked)
        return Counter(dict(cursor.fetchall()))


def _patients(file: LabFile) -> Iterator[tuple[int, int]]:
    """(person, patient) for those whom the file's numbers and dates of birth find now."""
    first = file.rows.filter(person=F("number")).order_by("number")
    rows = (row_of(number, words) for number, words in first.values_list("number", "words").iterator())
    people = (row for row in rows if isinstance(row, LabRow))
    finder = PatientFinder(file.clinic)
    while some := list(islice(people, AT_ONCE)):
        yield from _found(finder, some)


def _found(finder: PatientFinder, rows: Sequence[LabRow]) -> Iterator[tuple[int, int]]:
    finder.look_up(row.identifiers for row in rows)
    for row in rows:
        patient_id, _, _ = finder.patient_of(row.identifiers, row.born_on)
        if patient_id is not None:
            yield row.number, patient_id
