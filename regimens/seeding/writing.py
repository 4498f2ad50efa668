"""Writes a batch: by COPY on PostgreSQL, by many rows an INSERT elsewhere."""

import io
import json
import re
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from django.core.management.color import no_style
from django.db import connection

from regimens.seeding.batch import Batch, Row
from regimens.seeding.tables import IN_ORDER, Table

_SPECIAL = re.compile(r"[\\\t\n\r]")
_ESCAPED = {"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"}


@contextmanager
def writer() -> Iterator[Callable[[Batch], None]]:
    """What writes every row of a batch and forgets them. On PostgreSQL the server takes in one batch while the next is made."""
    if connection.vendor != "postgresql":
        yield _insert
        return
    with ThreadPoolExecutor(max_workers=1) as beside, connection.cursor() as cursor:
        copier = _Copier(beside, cursor.cursor)
        yield copier.write
        copier.wait()


class _Copier:
    """Sends one batch at a time, on the one connection that nobody else uses meanwhile."""

    def __init__(self, beside: Executor, cursor: Any) -> None:
        self.beside, self.cursor = beside, cursor
        self.sending: Future[None] | None = None

    def write(self, batch: Batch) -> None:
        copies = [(_statement(table), _lines(table, rows)) for table, rows in batch.rows.items() if rows]
        batch.clear()
        self.wait()
        self.sending = self.beside.submit(self._send, copies)

    def wait(self) -> None:
        """Until the batch on its way has arrived; raises what the server said against it."""
        if self.sending is not None:
            self.sending.result()

    def _send(self, copies: list[tuple[str, str]]) -> None:
        for statement, lines in copies:
            self.cursor.copy_expert(statement, io.StringIO(lines), 1 << 16)


def finish() -> None:
    """Let the next row that anybody adds take the next id, and the planner know what there is."""
    models = [table.model for table in IN_ORDER]
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)
        cursor.execute("ANALYZE")


def _insert(batch: Batch) -> None:
    for table, rows in batch.rows.items():
        made = (table.model(**dict(zip(table.columns, row, strict=True))) for row in rows)
        table.model._default_manager.bulk_create(made)
    batch.clear()


def _statement(table: Table) -> str:
    columns = ", ".join(f'"{column}"' for column in table.columns)
    null = "None" if table.plain else r"\N"
    return f"COPY \"{table.name}\" ({columns}) FROM STDIN WITH (NULL '{null}')"


def _lines(table: Table, rows: list[Row]) -> str:
    return "".join(_plain_lines(rows) if table.plain else _escaped_lines(rows))


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
