"""The answer: a plan for one patient by one guideline, or why there is none, with its reasons and sources."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from b12clinic.vocabulary import Classification, Drug, Route
from regimens.protocols.findings import FindingRaised
from regimens.protocols.origin import Origin, to_json
from regimens.protocols.pack import Citation, Pack, Protocol
from regimens.protocols.phasespec import PhaseSpec
from regimens.protocols.recheck_origins import RecheckRow
from regimens.protocols.schedule import PlannedDose, visits_within

__all__ = ["Candidate", "Choice", "PlannedDose", "Recheck", "Recommendation", "RecommendedPhase"]


@dataclass(frozen=True, slots=True)
class RecommendedPhase:
    """A phase and what it still has to give; `remaining` is None where it is open-ended."""

    spec: PhaseSpec
    doses: tuple[PlannedDose, ...]
    remaining: int | None

    def to_json(self) -> dict[str, Any]:
        return {
            "kind": self.spec.kind.value,
            "drug": self.spec.drug.value,
            "dose_mcg": self.spec.dose_mcg,
            "route": self.spec.route.value,
            "doses": self.remaining,
            "due_on": [dose.due_on.isoformat() for dose in self.doses],
            "provisional": any(dose.provisional for dose in self.doses),
            "ends_when": self.spec.ends_when,
        }


@dataclass(frozen=True, slots=True)
class Recheck:
    """Tests or a review due on a day. `tests` are analytes or the codes of `RecheckTest`; `asked_by` are the rows behind them."""

    due_on: date
    tests: tuple[str, ...]
    why: str
    asked_by: tuple[RecheckRow, ...] = field(default=(), compare=False)

    @property
    def origins(self) -> tuple[Origin, ...]:
        return tuple(origin for row in self.asked_by for origin in row.origins)

    def to_json(self) -> dict[str, Any]:
        return {
            "due_on": self.due_on.isoformat(),
            "tests": list(self.tests),
            "why": self.why,
            "origins": to_json(self.origins),
        }


@dataclass(frozen=True, slots=True)
class Choice:
    """Another protocol: why it may be taken instead, or why it is not."""

    protocol: Protocol
    why: str

    def to_json(self) -> dict[str, Any]:
        return {"protocol": named(self.protocol), "why": self.why}


def named(protocol: Protocol) -> dict[str, str]:
    """A protocol as it is named in an answer."""
    return {"code": protocol.code, "version": protocol.version}


@dataclass(frozen=True)
class Recommendation:
    """What is recommended on `as_of` by one pack.

    A withheld plan has no protocol, drug, route, phases or rechecks; `because` says why and `alerts` what to do next. With
    `plan_allowed` and no protocol the pack offers nothing here and a clinician decides. An oral plan lists no phases. A
    deferred plan lists its phases without dates.
    """

    as_of: date
    pack: Pack
    plan_allowed: bool
    classification: Classification
    protocol: Protocol | None
    drug: Drug | None
    route: Route | None
    lifelong: bool
    phases: tuple[RecommendedPhase, ...]
    rechecks: tuple[Recheck, ...]
    alerts: tuple[FindingRaised, ...]
    alternatives: tuple[Choice, ...]
    excluded: tuple[Choice, ...]
    because: tuple[str, ...]
    citations: tuple[Citation, ...]

    @property
    def clinician_decides(self) -> bool:
        """A plan would be allowed, but the pack has no scheme for this patient."""
        return self.plan_allowed and self.protocol is None

    @cached_property
    def visits_in_first_year(self) -> int | None:
        """Injections in the first year of this protocol from its start; None where nobody can know."""
        if self.protocol is None:
            return None
        return visits_within(self.protocol.phases, self.as_of)

    def to_json(self, case_id: str | None = None) -> dict[str, Any]:
        """The answer of the recommend contract."""
        return {
            **({} if case_id is None else {"id": case_id}),
            "plan_allowed": self.plan_allowed,
            "classification": self.classification.value,
            "drug": self.drug.value if self.drug else None,
            "route": self.route.value if self.route else None,
            "lifelong": self.lifelong,
            "protocol": named(self.protocol) if self.protocol else None,
            "phases": [phase.to_json() for phase in self.phases],
            "rechecks": [recheck.to_json() for recheck in self.rechecks],
            "alerts": [alert.to_json() for alert in self.alerts],
            "alternatives": [choice.to_json() for choice in self.alternatives],
            "excluded": [choice.to_json() for choice in self.excluded],
            "because": list(self.because),
            "citations": [citation.to_dict() for citation in self.citations],
        }


@dataclass(frozen=True, slots=True)
class Candidate:
    """One protocol worked out for a patient, to be compared with others; `first_choice` of its pack, or an alternative."""

    recommendation: Recommendation
    first_choice: bool
