"""What a safety rule is, and the register that every rule family adds to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from b12clinic.vocabulary import Severity

from ..findings import FindingRaised
from ..origin import Origin, OriginKind, Source, origins, spoken
from ..reading import PlanDraft, Reading


@dataclass(frozen=True, slots=True)
class Said:
    """What a check says when its severity depends on the patient."""

    severity: Severity
    sentence: str


Check = Callable[[Reading, PlanDraft | None], str | Said | None]


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the safety rules. `severity` is the row's own; a check may answer with another (`Said`).

    `source` names the origins in one sentence; `local_policy` says that one of them is the clinic's own.
    """

    code: str
    severity: Severity
    source: str
    check: Check
    reach: str
    overridable: bool
    origins: tuple[Origin, ...]
    local_policy: bool

    def finding(self, reading: Reading, draft: PlanDraft | None) -> FindingRaised | None:
        """The finding for this patient and plan, or None where the rule does not apply."""
        answer = self.check(reading, draft)
        if answer is None:
            return None
        said = answer if isinstance(answer, Said) else Said(self.severity, answer)
        return FindingRaised(
            code=self.code,
            severity=said.severity,
            message=said.sentence,
            source=self.source,
            overridable=self.overridable,
            reach=self.reach if said.severity is Severity.BLOCK else "",
            local_policy=self.local_policy,
            origins=self.origins,
        )


REGISTER: dict[str, Rule] = {}


def rule(
    code: str,
    severity: Severity,
    *,
    sources: tuple[Source, ...],
    reach: str = "",
    overridable: bool = True,
) -> Callable[[Check], Check]:
    """Register a check under its code. A code registered twice, or one without a source, is a ValueError."""
    if not sources:
        raise ValueError(f"{code} names no source")
    local_policy = any(source.kind is OriginKind.LOCAL_POLICY for source in sources)

    def register(check: Check) -> Check:
        if code in REGISTER:
            raise ValueError(f"{code} is registered twice")
        REGISTER[code] = Rule(
            code, severity, spoken(sources), check, reach, overridable, origins(code, *sources), local_policy
        )
        return check

    return register


def plan_allowed(draft: PlanDraft | None) -> bool:
    """Whether a plan is drafted and not withheld."""
    return draft is not None and draft.allowed


def injectable_planned(draft: PlanDraft | None) -> bool:
    """Whether an allowed plan is by injection, also where a finding has since put the injection off."""
    return draft is not None and draft.allowed and draft.parenteral
