"""Where a finding, a date or a choice comes from: one vocabulary for every answer.

A source is written down once, as data; an origin is that source as one rule uses it. A section or year that the evidence does
not give is None: the page says so, nothing is filled in.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any


class OriginKind(StrEnum):
    """What stands behind a rule. `published` is a source kept before its kind was."""

    GUIDELINE = "guideline"
    LABEL = "label"
    LITERATURE = "literature"
    SECONDARY = "secondary"
    PUBLISHED = "published"
    LOCAL_POLICY = "local_policy"
    CALENDAR = "calendar"
    CLINICIAN = "clinician"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    OriginKind.GUIDELINE: "Guideline",
    OriginKind.LABEL: "Product label",
    OriginKind.LITERATURE: "Literature",
    OriginKind.SECONDARY: "Secondary summary",
    OriginKind.PUBLISHED: "Published source",
    OriginKind.LOCAL_POLICY: "Local policy",
    OriginKind.CALENDAR: "Clinic's calendar",
    OriginKind.CLINICIAN: "Clinician",
}


_PUBLISHED = frozenset(OriginKind) - {OriginKind.LOCAL_POLICY, OriginKind.CALENDAR, OriginKind.CLINICIAN}


@dataclass(frozen=True, slots=True)
class Origin:
    """One rule and one source behind it. `section` and `year` are None where the evidence gives none."""

    rule: str
    kind: OriginKind
    source: str
    section: str | None = None
    year: int | None = None

    @property
    def place(self) -> str:
        """Where in the source, in words; a publication says which of section and year the evidence does not give."""
        published = self.kind in _PUBLISHED
        section = self.section or ("no section given" if published else "")
        year = str(self.year) if self.year else ("no year given" if published else "")
        return ", ".join(filter(None, (section, year)))

    def to_json(self) -> dict[str, Any]:
        return {
            "rule": self.rule,
            "kind": self.kind.value,
            "source": self.source,
            "section": self.section,
            "year": self.year,
        }


@dataclass(frozen=True, slots=True)
class Source:
    """A source of rules. key: its short name. spoken: how a sentence names it. title: its full name.

    `at`, `on` and `noting` give the same source as a rule cites it: at a section, for one part of the rule, with a remark.
    """

    key: str
    spoken: str
    title: str
    kind: OriginKind
    section: str | None = None
    year: int | None = None

    def __str__(self) -> str:
        return self.spoken

    def at(self, section: str) -> Source:
        """The source at a section that the sentence names."""
        return replace(self, spoken=f"{self.spoken}, {section}", section=section)

    def within(self, section: str) -> Source:
        """The source at a section that the sentence leaves out."""
        return replace(self, section=section)

    def on(self, part: str) -> Source:
        """The source of one part of a rule: `limits local policy`."""
        return replace(self, spoken=f"{part} {self.spoken}")

    def noting(self, remark: str) -> Source:
        """The source with a remark set behind its name as it stands."""
        return replace(self, spoken=f"{self.spoken}{remark}")

    def behind(self, rule: str) -> Origin:
        return Origin(rule, self.kind, self.title, self.section, self.year)


def spoken(sources: Iterable[Source]) -> str:
    """Sources as one sentence names them."""
    return "; ".join(source.spoken for source in sources)


def to_json(given: Iterable[Origin]) -> list[dict[str, Any]]:
    """Origins as they stand in an answer."""
    return [origin.to_json() for origin in given]


def origins(rule: str, *sources: Source) -> tuple[Origin, ...]:
    """The origins of one rule."""
    return tuple(source.behind(rule) for source in sources)


LOCAL = Source(
    "Local policy",
    "local policy",
    "Local policy of the clinic",
    OriginKind.LOCAL_POLICY,
    "evidence section 6",
)
"""What no guideline says; `within` names the part of the evidence that holds the clinic's default."""
