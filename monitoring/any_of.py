"""A lookup for thousands of values: `source_id__any_of=[…]` is one array on PostgreSQL, where `in` is a parameter for each."""

from typing import Any

from django.db.models import CharField, ForeignKey, Lookup
from django.db.models.lookups import In


@CharField.register_lookup
@ForeignKey.register_lookup
class AnyOf(Lookup):
    """Equal to one of the values, which are taken as they are."""

    lookup_name = "any_of"
    prepare_rhs = False

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        left, parameters = self.process_lhs(compiler, connection)
        return f"{left} = ANY(%s)", [*parameters, list(self.rhs)]

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return In(self.lhs, list(self.rhs)).as_sql(compiler, connection)
