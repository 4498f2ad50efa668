"""Tables made ready for a great load: what PostgreSQL checks faster all at once is taken off, and put back as it was.

Foreign keys and indexes (unique ones too) are dropped and made again with their own names and definitions, inside the
caller's transaction; making them checks every row. CHECK constraints and primary keys stay and are met row by row.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import connection

from regimens.seeding.tables import Table

_CONSTRAINTS = """
    SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint
    WHERE conrelid = ANY(%s::regclass[]) AND contype IN ('f', 'u') ORDER BY contype DESC, conname
"""
_INDEXES = """
    SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
    WHERE indrelid = ANY(%s::regclass[]) AND NOT indisprimary
    AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype = 'u') ORDER BY 1
"""


@contextmanager
def checked_at_the_end(tables: Iterable[Table]) -> Iterator[None]:
    """Inside, rows of these tables go in without indexes and foreign keys; afterwards they stand again and hold.

    Only on PostgreSQL; elsewhere nothing changes. Call it in a transaction: an error leaves everything as it was.
    """
    if connection.vendor != "postgresql":
        yield
        return
    names = [f'"{table.name}"' for table in tables]
    with connection.cursor() as cursor:
        cursor.execute(_CONSTRAINTS, [names])
        constraints = cursor.fetchall()
        cursor.execute(_INDEXES, [names])
        indexes = cursor.fetchall()
        for table, name, _ in reversed(constraints):
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        for name, _ in indexes:
            cursor.execute(f"DROP INDEX {name}")
        yield
        for _, definition in indexes:
            cursor.execute(definition)
        for table, name, definition in constraints:
            cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
