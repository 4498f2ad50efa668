"""Reads that a page makes on every request, with their SQL written once: of a small read, writing it is most of the work."""

from collections.abc import Callable, Iterator, Sequence
from functools import reduce
from itertools import islice
from typing import Any, Generic, NamedTuple, TypeVar
from uuid import UUID
from weakref import WeakSet

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Model, QuerySet

M = TypeVar("M", bound=Model)

Key = int | UUID
_STANDS_FOR: dict[type, Key] = {int: -(2**40) - 7, UUID: UUID("6f7c0d1e-0000-8000-8000-b12b12b12b12")}
"""What stands for the key, by its type, while the SQL is written; no row has it."""


class _Written(NamedTuple):
    sql: str
    parameters: tuple[Any, ...]
    converters: dict[int, tuple[list[Callable[..., Any]], Any]]


class Prepared:
    """A `values_list` by one key, such as a patient's. The SQL is written on first use, then run with each key.

    rows_of: builds the queryset for a key. Whatever else it holds stays as it was on first use, so nothing that changes
    by the day may stand in it. key_type: of what type the key is, `int` or `UUID`.
    """

    def __init__(
        self, rows_of: Callable[[Any], QuerySet[Any, Any]], *, key_type: type[int] | type[UUID] = int
    ) -> None:
        self._rows_of, self._stand_in = rows_of, _STANDS_FOR[key_type]
        self._by_database: dict[str, _Written] = {}

    def rows(self, key: Key) -> list[tuple[Any, ...]]:
        """The rows for a key. One query."""
        written, stand_in, sent = self._written(), _as_sent(self._stand_in), _as_sent(key)
        with connection.cursor() as cursor:
            cursor.execute(written.sql, [sent if one == stand_in else one for one in written.parameters])
            rows = cursor.fetchall()
        return [_converted(row, written) for row in rows] if written.converters else rows

    def _written(self) -> _Written:
        written = self._by_database.get(connection.vendor)
        if written is None:
            written = self._by_database[connection.vendor] = self._write()
        return written

    def _write(self) -> _Written:
        compiler = self._rows_of(self._stand_in).query.get_compiler(connection=connection)
        sql, parameters = compiler.as_sql()
        converters = compiler.get_converters([expression for expression, *_ in compiler.select])
        return _Written(sql, tuple(parameters), converters)


class PreparedStatement:
    """A statement of PostgreSQL that the server plans once a connection, where planning takes longer than doing it.

    sql: with %s in the place of each value, and no other per cent sign.
    """

    def __init__(self, name: str, sql: str) -> None:
        parts = sql.split("%s")
        numbered = "".join(f"{part}${number}" for number, part in enumerate(parts[:-1], start=1)) + parts[-1]
        self._prepare = f'PREPARE "{name}" AS {numbered}'
        self._execute = f'EXECUTE "{name}" ({", ".join(["%s"] * (len(parts) - 1))})'
        self._known: WeakSet[Any] = WeakSet()

    def row(self, values: Sequence[Any]) -> tuple[Any, ...]:
        """The one row that it answers with."""
        with connection.cursor() as cursor:
            if connection.connection not in self._known:
                cursor.execute(self._prepare)
                self._known.add(connection.connection)
            cursor.execute(self._execute, values)
            return tuple(cursor.fetchone())


def _as_sent(key: Key) -> Key | str:
    """A key as the database takes it; SQLite keeps a UUID as text."""
    if isinstance(key, UUID) and not connection.features.has_native_uuid_field:
        return key.hex
    return key


def _converted(row: tuple[Any, ...], written: _Written) -> tuple[Any, ...]:
    values = list(row)
    for place, (functions, expression) in written.converters.items():
        for function in functions:
            values[place] = function(values[place], expression, connection)
    return tuple(values)


class PreparedObjects(Generic[M]):
    """The same for whole objects. beside: what is joined to each, by the path to it, a longer path after its beginning.

    annotated: the annotations that each object bears besides its columns.
    """

    def __init__(
        self,
        model: type[M],
        rows_of: Callable[[Any], QuerySet[M]],
        *,
        key_type: type[int] | type[UUID] = int,
        annotated: Sequence[str] = (),
        **beside: type[Model],
    ) -> None:
        self._model, self._rows_of, self._beside = model, rows_of, beside
        self._annotated = tuple(annotated)
        self._reading = Prepared(self._values, key_type=key_type)

    def of(self, key: Key) -> list[M]:
        """The objects for a key. One query."""
        return [self._object(row) for row in self._reading.rows(key)]

    def _values(self, key: Key) -> QuerySet[Any, Any]:
        joined = (f"{path}__{name}" for path, model in self._beside.items() for name in _columns(model))
        return self._rows_of(key).values_list(*_columns(self._model), *self._annotated, *joined)

    def _object(self, row: tuple[Any, ...]) -> M:
        columns = iter(row)
        found = _read(self._model, columns)
        for name in self._annotated:
            setattr(found, name, next(columns))
        for path, model in self._beside.items():
            *way, name = path.split("__")
            joined = _read(model, columns)
            if joined.pk is not None:
                setattr(reduce(getattr, way, found), name, joined)
        return found


def _columns(model: type[Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


def _read(model: type[M], columns: Iterator[Any]) -> M:
    names = _columns(model)
    return model.from_db(DEFAULT_DB_ALIAS, names, list(islice(columns, len(names))))
