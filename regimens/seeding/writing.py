"""Writes a batch: by COPY on PostgreSQL, by many rows an INSERT elsewhere."""

import io
import json
import re
from collections.abc import Callable, Iterable
from typing import Any

from django.core.management.color import no_style
from django.db import connection

from regimens.seeding.batch import Batch, Row
from regimens.seeding.tables import IN_ORDER, Table

_SPECIAL = re.compile(r"[\\\t\n\r]")
_ESCAPED = {"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"}


def write(batch: Batch) -> None:
    """Write every row of the batch, and forget them."""
    put = _copy if connection.vendor == "postgresql" else _insert
    for table, rows in batch.rows.items():
        if rows:
            put(table, rows)
    batch.clear()


def finish() -> None:
    """Let the next row that anybody adds take the next id, and the planner know what there is."""
    models = [table.model for table in IN_ORDER]
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)
        cursor.execute("ANALYZE")


def _insert(table: Table, rows: list[Row]) -> None:
    made = (table.model(**dict(zip(table.columns, row, strict=True))) for row in rows)
    table.model._default_manager.bulk_create(made)


def _copy(table: Table, rows: list[Row]) -> None:
    columns = ", ".join(f'"{column}"' for column in table.columns)
    null, lines = ("None", _plain_lines(rows)) if table.plain else (r"\N", _escaped_lines(rows))
    statement = f"COPY \"{table.name}\" ({columns}) FROM STDIN WITH (NULL '{null}')"
    with connection.cursor() as cursor:
        cursor.copy_expert(statement, io.StringIO("".join(lines)), 1 << 16)


def _plain_lines(rows: list[Row]) -> Iterable[str]:
    """Rows as Python writes their values: one step a row, since nearly all rows are such."""
    line = "\t".join(["%s"] * len(rows[0])) + "\n"
    return [line % row for row in rows]


def _escaped_lines(rows: list[Row]) -> Iterable[str]:
    return ["\t".join(map(_text, row)) + "\n" for row in rows]


def _text(value: Any) -> str:
    """A value as COPY reads it."""
    if value is None:
        return r"\N"
    return _AS_TEXT.get(type(value), str)(value)


def _escaped(value: str) -> str:
    return _SPECIAL.sub(lambda found: _ESCAPED[found[0]], value) if _SPECIAL.search(value) else value


def _json(value: Any) -> str:
    return _escaped(json.dumps(value, ensure_ascii=False))


_AS_TEXT: dict[type, Callable[[Any], str]] = {str: _escaped, dict: _json, list: _json}
