"""Append rows by the thousand: by COPY on PostgreSQL, else by bulk insert."""

import io
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models

Cells = Sequence[Any]


def append_rows(model: type[models.Model], columns: Sequence[str], rows: Iterable[Cells]) -> None:
    """Append a row for each of these cells, which stand in the order of the columns. Nothing else is filled in."""
    if connection.vendor != "postgresql":
        made = (model(**dict(zip(columns, cells, strict=True))) for cells in rows)
        model._default_manager.bulk_create(made, batch_size=500)
        return
    names = ", ".join(connection.ops.quote_name(column) for column in columns)
    table = connection.ops.quote_name(model._meta.db_table)
    lines = ("\t".join(map(_copied, cells)) + "\n" for cells in rows)
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {table} ({names}) FROM STDIN", io.StringIO("".join(lines)))


def new_public_ids(count: int) -> Iterator[str]:
    """Random UUIDs of version 4 as text, made from one draw: `uuid4` takes several times as long for thousands."""
    drawn = os.urandom(16 * count).hex()
    for at in range(0, 32 * count, 32):
        one = drawn[at : at + 32]
        yield f"{one[:8]}-{one[8:12]}-4{one[13:16]}-{'89ab'[int(one[16], 16) & 3]}{one[17:20]}-{one[20:]}"


_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
_json = json.JSONEncoder(default=DjangoJSONEncoder().default).encode


def _copied(cell: Any) -> str:
    """A cell as COPY's text format wants it; what is no single value, as JSON."""
    if cell.__class__ is str:
        return cell.translate(_ESCAPES) if cell and not cell.isalnum() else cell
    if cell is None:
        return "\\N"
    return _json(cell).translate(_ESCAPES) if isinstance(cell, list | tuple | dict) else str(cell)
