"""The answer: a plan for one patient by one guideline, or why there is none, with its reasons and sources."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from b12clinic.vocabulary import Classification, Drug, Route
from regimens.protocols.besides import besides
from regimens.protocols.choice_origins import Chosen, choices_of, scheme_origins
from regimens.protocols.date_origins import Grounds, origins_of, rules_of
from regimens.protocols.findings import FindingRaised
from regimens.protocols.origin import Origin, to_json
from regimens.protocols.pack import Citation, Pack, Protocol
from regimens.protocols.phasespec import PhaseSpec
from regimens.protocols.recheck_origins import RecheckRow
from regimens.protocols.schedule import PlannedDose, visits_within

if TYPE_CHECKING:
    from regimens.protocols.situation import Situation
    from regimens.protocols.windows import LateAdvice

__all__ = ["Candidate", "Choice", "PlannedDose", "Recheck", "Recommendation", "RecommendedPhase"]


@dataclass(frozen=True, slots=True)
class RecommendedPhase:
    """A phase and what it still has to give; `remaining` is None where it is open-ended."""

    spec: PhaseSpec
    doses: tuple[PlannedDose, ...]
    remaining: int | None

    def to_json(self, grounds: Grounds) -> dict[str, Any]:
        """The phase with its dates; `dates` says of each in turn by which rules it stands there, `origins` whence the rules."""
        dates = [_date_json(self.spec, dose, grounds) for dose in self.doses]
        named = dict.fromkeys(rule for dated in dates for rule in dated["rules"])
        return {
            "kind": self.spec.kind.value,
            "drug": self.spec.drug.value,
            "dose_mcg": self.spec.dose_mcg,
            "route": self.spec.route.value,
            "doses": self.remaining,
            "due_on": [dose.due_on.isoformat() for dose in self.doses],
            "provisional": any(dose.provisional for dose in self.doses),
            "ends_when": self.spec.ends_when,
            "dates": dates,
            "origins": {rule: to_json(origins_of(rule, self.spec, grounds)) for rule in named},
        }


def _date_json(spec: PhaseSpec, dose: PlannedDose, grounds: Grounds) -> dict[str, Any]:
    moved = {} if dose.would_be_on is None else {"would_be_on": dose.would_be_on.isoformat()}
    return {"rules": rules_of(spec, dose, grounds), **moved}


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
    """Another protocol: why it may be taken instead, or why it is not, and where that comes from."""

    protocol: Protocol
    why: str
    origins: tuple[Origin, ...]

    def to_json(self) -> dict[str, Any]:
        return {"protocol": named(self.protocol), "why": self.why, "origins": to_json(self.origins)}


def named(protocol: Protocol) -> dict[str, str]:
    """A protocol as it is named in an answer."""
    return {"code": protocol.code, "version": protocol.version}


@dataclass(frozen=True)
class Recommendation:
    """What is recommended on `as_of` by one pack.

    A withheld plan has no protocol, drug, route, phases or rechecks; `because` says why and `alerts` what to do next. With
    `plan_allowed` and no protocol the pack offers nothing here and a clinician decides. An oral plan lists no phases. A
    deferred plan lists its phases without dates. situation, late and is_first are what the explanations are worked out from.
    `reviews` ask whether treatment is still needed; they stand beside the guideline's rechecks.
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
    situation: Situation = field(repr=False, compare=False)
    late: LateAdvice | None = field(default=None, repr=False, compare=False)
    is_first: bool = field(default=False, repr=False, compare=False)
    reviews: tuple[Recheck, ...] = ()

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

    @cached_property
    def grounds(self) -> Grounds | None:
        """What the dates stand on; None without a protocol."""
        if self.protocol is None:
            return None
        return Grounds(self.protocol, self.situation.policy, self.late)

    @cached_property
    def choices(self) -> Chosen:
        """The origins of scheme, route, drug and duration, by name; empty without a protocol."""
        if self.protocol is None:
            return {}
        chosen = choices_of(self.situation, self.protocol, self.route, is_first=self.is_first)
        return {"protocol": scheme_origins(self.situation, self.protocol), **chosen}

    def to_json(self, case_id: str | None = None) -> dict[str, Any]:
        """The answer of the recommend contract, and beside its keys where they come from, reviews, response and next tests."""
        return {
            **({} if case_id is None else {"id": case_id}),
            "plan_allowed": self.plan_allowed,
            "classification": self.classification.value,
            "drug": self.drug.value if self.drug else None,
            "route": self.route.value if self.route else None,
            "lifelong": self.lifelong,
            "protocol": named(self.protocol) if self.protocol else None,
            "phases": list(self._phases_json()),
            "rechecks": [recheck.to_json() for recheck in self.rechecks],
            "alerts": [alert.to_json() for alert in self.alerts],
            "alternatives": [choice.to_json() for choice in self.alternatives],
            "excluded": [choice.to_json() for choice in self.excluded],
            "because": list(self.because),
            "citations": [citation.to_dict() for citation in self.citations],
            "choices": {name: to_json(origins) for name, origins in self.choices.items()},
            "reviews": [review.to_json() for review in self.reviews],
            **besides(self.situation),
        }

    def _phases_json(self) -> Iterator[dict[str, Any]]:
        if self.grounds is not None:
            yield from (phase.to_json(self.grounds) for phase in self.phases)


@dataclass(frozen=True, slots=True)
class Candidate:
    """One protocol worked out for a patient, to be compared with others; `first_choice` of its pack, or an alternative."""

    recommendation: Recommendation
    first_choice: bool
