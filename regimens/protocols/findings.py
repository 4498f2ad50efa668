"""What a rule says."""

from __future__ import annotations

from dataclasses import dataclass

from b12clinic.vocabulary import Severity
from regimens.protocols.origin import Origin, to_json


@dataclass(frozen=True, slots=True)
class FindingRaised:
    """One finding: a code, how hard it speaks, one sentence to the clinician, and where that comes from.

    `reach` says what a block reaches (`plan`, `drug`, `im`, `order`, `product`, `stop`, `dose`, `site`, `result`); it is
    empty for a finding that blocks nothing. `overridable` says whether a prescriber's written reason may pass it.
    `local_policy` marks a trigger whose figure no guideline gives: the screen says "local policy" beside it. `origins` are
    the sources one by one, with section and year.
    """

    code: str
    severity: Severity
    message: str
    source: str
    overridable: bool = True
    reach: str = ""
    local_policy: bool = False
    origins: tuple[Origin, ...] = ()

    @property
    def order(self) -> tuple[int, str]:
        """The sort key of a list of findings: hardest first, then by code."""
        return (self.severity.rank, self.code)

    def to_json(self) -> dict[str, object]:
        """The alert of the recommend contract, with the marks that a screen needs beside it."""
        return {
            "code": self.code,
            "severity": self.severity.value,
            "message": self.message,
            "source": self.source,
            "overridable": self.overridable,
            "reach": self.reach,
            "local_policy": self.local_policy,
            "origins": to_json(self.origins),
        }
