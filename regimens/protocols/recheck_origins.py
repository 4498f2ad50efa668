"""Which row asked for a recheck, and where that row comes from."""

from __future__ import annotations

from dataclasses import dataclass

from regimens.protocols.origin import Origin, OriginKind
from regimens.protocols.pack import Pack, RecheckRule
from regimens.protocols.safety.sources import IN_RECHECKS


@dataclass(frozen=True, slots=True, eq=False)
class RecheckRow:
    """A row of the rechecks: a pack's own, or with no pack one that every pack has."""

    pack: Pack | None
    rule: RecheckRule

    @property
    def name(self) -> str:
        """The row's own name: `uk/recheck/fixed_loading/day-8`."""
        owner = "any" if self.pack is None else self.pack.code
        asked = self.rule.when or self.rule.tests
        return f"{owner}/recheck/{'+'.join(asked)}/day-{self.rule.day}"

    @property
    def origins(self) -> tuple[Origin, ...]:
        """One for each source that the row names."""
        return tuple(self._origin(source) for source in self.rule.source.split("; "))

    def _origin(self, named: str) -> Origin:
        if named in IN_RECHECKS:
            return IN_RECHECKS[named].behind(self.name)
        cited = self.pack.citations if self.pack is not None else ()
        for citation in cited:
            if named in (citation.key, f"{citation.key} {citation.year}"):
                return Origin(self.name, citation.kind, citation.title, None, citation.year)
        return Origin(self.name, OriginKind.PUBLISHED, named)
