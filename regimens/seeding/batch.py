"""Rows gathered until they are written together: ids taken in advance, so that rows can point at one another."""

from collections.abc import Mapping
from random import Random

from django.db.models import Max

from regimens.seeding.tables import IN_ORDER, Table

Row = tuple[object, ...]


def last_ids() -> dict[Table, int]:
    """The highest id in use in each table; 0 where it is empty."""
    return {table: table.model._default_manager.aggregate(last=Max("pk"))["last"] or 0 for table in IN_ORDER}


class Batch:
    """Rows by table, and the ids and chances they are made with. The same `chance` makes the same rows."""

    def __init__(self, chance: Random, last_ids: Mapping[Table, int]) -> None:
        self.chance = chance
        self.last_ids = dict(last_ids)
        self.rows: dict[Table, list[Row]] = {table: [] for table in IN_ORDER}

    def add(self, table: Table, *values: object) -> int:
        """Add a row under the table's next id, which comes back. `values` begin after the id."""
        number = self.take(table)
        self.rows[table].append((number, *values))
        return number

    def take(self, table: Table) -> int:
        """Take an id for a row that is added later by `put`."""
        self.last_ids[table] += 1
        return self.last_ids[table]

    def put(self, table: Table, row: Row) -> None:
        """Add a whole row, its id first."""
        self.rows[table].append(row)

    def uuid(self) -> str:
        """The 32 digits of a random UUID (version 4) from the batch's own chance."""
        return f"{self.chance.getrandbits(128) & _KEPT | _VERSION_4:032x}"

    def clear(self) -> None:
        """Forget the rows, keep the ids."""
        for rows in self.rows.values():
            rows.clear()


_KEPT = ~(0xF << 76 | 0x3 << 62)
_VERSION_4 = 0x4 << 76 | 0x2 << 62
