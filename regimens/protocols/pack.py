"""What a guideline pack holds: protocols with phases and citations, cut-offs, rules for tablets and rechecks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Any

from b12clinic.vocabulary import Cause, Drug
from monitoring.interpretation.bands import Bands, MmaUpper
from regimens.protocols.origin import Origin, OriginKind
from regimens.protocols.phasespec import PhaseSpec, read_days, read_phase
from regimens.protocols.strict import Node


class Indication(StrEnum):
    """What a protocol is for; a patient has exactly one at a time, in this order of precedence."""

    LEBER = "leber"
    NEUROLOGICAL = "neurological"
    PROPHYLAXIS = "prophylaxis"
    ORAL = "oral"
    STANDARD = "standard"


class Standing(StrEnum):
    """How sure a citation is: read at the source, known from the literature, or the clinic's own."""

    SEEN = "seen"
    KNOWN = "known"
    LOCAL_POLICY = "local_policy"


@dataclass(frozen=True, slots=True)
class Citation:
    """A published source. `year` is None where the source carries none (a local policy); a snapshot may lack the kind."""

    key: str
    title: str
    section: str
    year: int | None
    status: Standing
    kind: OriginKind = OriginKind.PUBLISHED

    def to_dict(self) -> dict[str, Any]:
        return {
            "key": self.key,
            "title": self.title,
            "section": self.section,
            "year": self.year,
            "status": self.status.value,
            "kind": self.kind.value,
        }

    @property
    def spoken(self) -> str:
        """How a sentence names it: `BNF 2018, pernicious anaemia`."""
        if self.status is Standing.LOCAL_POLICY:
            return "local policy"
        return f"{self.key}{f' {self.year}' if self.year else ''}, {self.section}"

    def behind(self, rule: str) -> Origin:
        """This citation as the origin of a rule."""
        local = self.status is Standing.LOCAL_POLICY
        source = self.title if local or self.key in self.title else f"{self.title} ({self.key})"
        return Origin(rule, OriginKind.LOCAL_POLICY if local else self.kind, source, self.section, self.year)


@dataclass(frozen=True)
class Protocol:
    """One published schedule for one indication.

    code: `<pack>/<name>`. causes: the causes it is written for; empty: any. pregnancy: written for pregnant
    or breastfeeding women. first_choice: false for a published alternative. why: the sentence that commends
    it. caution: what a reader must know before choosing it, or empty. maintenance_months: the published range in months
    from which a clinic's policy chooses; empty where the guideline gives one figure.
    """

    code: str
    pack: str
    version: str
    title: str
    indication: Indication
    causes: frozenset[str]
    pregnancy: bool
    first_choice: bool
    why: str
    caution: str
    maintenance_months: tuple[int, ...]
    phases: tuple[PhaseSpec, ...]
    citations: tuple[Citation, ...]

    @cached_property
    def drug(self) -> Drug:
        return self.phases[0].drug

    @cached_property
    def is_oral(self) -> bool:
        return not self.phases[0].is_injected

    @cached_property
    def is_local_policy(self) -> bool:
        return all(citation.status is Standing.LOCAL_POLICY for citation in self.citations)

    @cached_property
    def source(self) -> str:
        return "; ".join(citation.spoken for citation in self.citations)

    @cached_property
    def origins(self) -> tuple[Origin, ...]:
        """The citations as the origins of the rule that the protocol is."""
        return tuple(citation.behind(self.code) for citation in self.citations)

    def to_dict(self) -> dict[str, Any]:
        """A JSON-safe snapshot that `from_dict` reads back exactly."""
        return {
            "code": self.code,
            "pack": self.pack,
            "version": self.version,
            "title": self.title,
            "indication": self.indication.value,
            "causes": sorted(str(cause) for cause in self.causes),
            "pregnancy": self.pregnancy,
            "first_choice": self.first_choice,
            "why": self.why,
            "caution": self.caution,
            "maintenance_months": list(self.maintenance_months),
            "phases": [phase.to_dict() for phase in self.phases],
            "citations": [citation.to_dict() for citation in self.citations],
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Protocol:
        """Raises `Misfit` where the snapshot does not fit."""
        return _read_snapshot(Node(data))


class RecheckWhen(StrEnum):
    """What must hold for a recheck rule to apply; `regimens.protocols.rechecks` says how each is told."""

    FIXED_LOADING = "fixed_loading"
    OPEN_LOADING = "open_loading"
    LOADING = "loading"
    NO_LOADING = "no_loading"
    INJECTED = "injected"
    ORAL = "oral"
    NITROUS_OXIDE = "nitrous_oxide"
    BARIATRIC = "bariatric"
    EARLY_AFTER_SURGERY = "early_after_surgery"
    ANAEMIC = "anaemic"
    MYELOPROLIFERATIVE = "myeloproliferative"
    MMA_RAISED = "mma_raised"
    HOMOCYSTEINE_RAISED = "homocysteine_raised"
    NEUROLOGICAL = "neurological"
    OPTIC_OR_LEBER = "optic_or_leber"
    PREGNANT_OR_BREASTFEEDING = "pregnant_or_breastfeeding"
    POTASSIUM_AT_RISK = "potassium_at_risk"
    SEVERE_ANAEMIA = "severe_anaemia"
    INR_HIGH = "inr_high"
    INADEQUATE_RESPONSE = "inadequate_response"


class CountsFrom(StrEnum):
    """What day 0 of a recheck is."""

    LOADING = "loading"
    AS_OF = "as_of"


@dataclass(frozen=True, slots=True)
class RecheckRule:
    """When a condition holds, these tests are due so many days after the anchor.

    when: conditions, all of which must hold. counts_from: the first dose of the current loading, or `as_of`.
    """

    when: tuple[RecheckWhen, ...]
    day: int
    tests: tuple[str, ...]
    counts_from: CountsFrom
    why: str
    source: str


@dataclass(frozen=True, slots=True)
class OralRule:
    """Where a guideline puts tablets before injections.

    first_for: causes for which tablets come first (None: all causes). alternative_for: causes for which
    tablets may be offered beside injections. The sentences carry their source; `citations` are those sources as data.
    """

    first_for: frozenset[str] | None
    alternative_for: frozenset[str]
    why_first: str
    why_alternative: str
    why_not: str
    citations: tuple[Citation, ...]

    def is_first_for(self, cause: str) -> bool:
        return self.first_for is None or cause in self.first_for


@dataclass(frozen=True)
class Pack:
    """All the protocols of one publisher, versioned, with what is needed to read a patient by it.

    family: `uk`, `us`, `nl` …: packs of one family share cut-offs and rules. edition: which text the pack
    follows. gaps: empty, or the sentence that says what the pack cannot offer because its source was not
    read. reviewed_by and reviewed_on stay empty until a clinician has signed the pack.
    """

    code: str
    title: str
    family: str
    version: str
    edition: str
    gaps: str
    default_drug: Drug
    lifelong_why: str
    reviewed_by: str
    reviewed_on: date | None
    bands: Bands
    mma_upper: MmaUpper
    oral: OralRule
    rechecks: tuple[RecheckRule, ...]
    citations: tuple[Citation, ...]
    protocols: tuple[Protocol, ...]

    @cached_property
    def by_code(self) -> dict[str, Protocol]:
        return {protocol.code: protocol for protocol in self.protocols}


def read_citation(node: Node) -> Citation:
    """One citation; raises `Misfit`."""
    field = node.fields(("key", "title", "section", "status"), ("year", "kind"))
    return Citation(
        key=field["key"].text(),
        title=field["title"].text(),
        section=field["section"].text(),
        year=field["year"].optional(lambda node: node.whole(at_least=1900, at_most=9999)),
        status=field["status"].code(Standing),
        kind=field["kind"].optional(lambda node: node.code(OriginKind)) or OriginKind.PUBLISHED,
    )


_SNAPSHOT_FIELDS = (
    "code", "pack", "version", "title", "indication", "causes", "pregnancy", "first_choice", "why", "caution", "maintenance_months",
    "phases", "citations",
)  # fmt: skip


def _read_snapshot(node: Node) -> Protocol:
    field = node.fields(_SNAPSHOT_FIELDS)
    return Protocol(
        code=field["code"].text(),
        pack=field["pack"].text(),
        version=field["version"].text(),
        title=field["title"].text(),
        indication=field["indication"].code(Indication),
        causes=frozenset(cause.code(Cause) for cause in field["causes"].items()),
        pregnancy=field["pregnancy"].flag(),
        first_choice=field["first_choice"].flag(),
        why=field["why"].text(),
        caution=field["caution"].any_text(),
        maintenance_months=tuple(read_days(months) for months in field["maintenance_months"].items()),
        phases=tuple(read_phase(phase) for phase in field["phases"].items()),
        citations=tuple(read_citation(one) for one in field["citations"].items()),
    )
