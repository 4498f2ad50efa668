"""A random UUID made by the database, so that a sweep's rows are written in one statement."""

from typing import Any

from django.db import models


class RandomUuid(models.Func):
    """A default of a UUIDField: PostgreSQL's own function, on SQLite as many random bytes in hexadecimal."""

    template = "gen_random_uuid()"
    output_field = models.UUIDField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template="lower(hex(randomblob(16)))", **context)
