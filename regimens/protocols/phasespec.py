"""One phase of a published schedule."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from b12clinic.vocabulary import Drug, IntervalUnit, PhaseKind, Route
from regimens.protocols.intervals import Interval
from regimens.protocols.strict import Node

OPEN_ENDED_HORIZON = 2
"""Doses listed of an open-ended phase that does not say otherwise."""


@dataclass(frozen=True, slots=True)
class PhaseSpec:
    """What a phase gives, how often, and when it ends.

    interval: the nominal gap; it places a phase in the table of late doses and says how the phase is spoken
    of. gaps: days between doses, taken in turn from the first dose of the phase; empty: `interval` each time.
    lead: gap from the last dose of the previous phase to the first of this one; None: `interval`. doses: how
    many; None: open-ended, ended by a signed decision. horizon: how many doses of an open-ended phase are
    listed ahead. ends_when: one sentence for people. review_after_days: day of the phase on which an
    open-ended phase must be reviewed. starts_by_decision: lists no dose until the phase before it was ended
    by a decision. gate_day: a check on this day of the phase must pass before the next phase; until it has,
    later doses are provisional.
    """

    kind: PhaseKind
    drug: Drug
    dose_mcg: int
    route: Route
    interval: Interval
    gaps: tuple[int, ...] = ()
    lead: Interval | None = None
    doses: int | None = None
    horizon: int = OPEN_ENDED_HORIZON
    ends_when: str = ""
    review_after_days: int | None = None
    starts_by_decision: bool = False
    gate_day: int | None = None

    @property
    def is_open_ended(self) -> bool:
        return self.doses is None

    @property
    def is_injected(self) -> bool:
        return self.kind is not PhaseKind.ORAL

    @property
    def into(self) -> Interval:
        """The gap from the previous phase's last dose to this one's first."""
        return self.lead or self.interval

    @property
    def days_listed(self) -> int:
        """About how many days the doses that are listed take, with the gap that leads into them."""
        longest = max(self.gaps, default=self.interval.nominal_days)
        return self.into.nominal_days + longest * (self.doses or self.horizon)

    @property
    def rhythm(self) -> str:
        """How often, in words: `three times a week`, `daily`, `every 3 months`."""
        return _RHYTHMS.get(tuple(sorted(self.gaps))) or self.interval.phrase

    def to_dict(self) -> dict[str, Any]:
        """A JSON-safe snapshot that `from_dict` reads back exactly."""
        return {
            "kind": self.kind.value,
            "drug": self.drug.value,
            "dose_mcg": self.dose_mcg,
            "route": self.route.value,
            "interval": self.interval.to_dict(),
            "gaps": list(self.gaps),
            "lead": self.lead.to_dict() if self.lead else None,
            "doses": self.doses,
            "horizon": self.horizon,
            "ends_when": self.ends_when,
            "review_after_days": self.review_after_days,
            "starts_by_decision": self.starts_by_decision,
            "gate_day": self.gate_day,
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> PhaseSpec:
        """Raises `Misfit` where the snapshot does not fit."""
        return read_phase(Node(data))


_RHYTHMS = {(2, 2, 3): "three times a week", (3, 4): "every 3 to 4 days", (2, 3): "every 2 to 3 days"}

LONGEST_DAYS = 30_000
"""No figure of a schedule reaches further than some eighty years: a slip of the pen, not a clinical limit."""

LARGEST_DOSE_MCG = 1_000_000
"""One gram, to catch a slip of the pen; the clinical limits are the safety rules' own."""

_REQUIRED = ("kind", "drug", "dose_mcg", "route", "interval", "ends_when")
_OPTIONAL = ("gaps", "lead", "doses", "horizon", "review_after_days", "starts_by_decision", "gate_day")


def read_interval(node: Node) -> Interval:
    field = node.fields(("count", "unit"))
    return Interval(read_days(field["count"]), field["unit"].code(IntervalUnit))


def read_days(node: Node) -> int:
    """A count of days, or of what takes at least a day each; raises `Misfit`."""
    return node.whole(at_least=1, at_most=LONGEST_DAYS)


def read_phase(node: Node) -> PhaseSpec:
    """A phase from its mapping; raises `Misfit`."""
    field = node.fields(_REQUIRED, _OPTIONAL)
    spec = PhaseSpec(
        kind=field["kind"].code(PhaseKind),
        drug=field["drug"].code(Drug),
        dose_mcg=field["dose_mcg"].whole(at_least=1, at_most=LARGEST_DOSE_MCG),
        route=field["route"].code(Route),
        interval=read_interval(field["interval"]),
        gaps=tuple(read_days(gap) for gap in field["gaps"].optional(Node.items) or ()),
        lead=field["lead"].optional(read_interval),
        doses=field["doses"].optional(read_days),
        horizon=field["horizon"].optional(read_days) or OPEN_ENDED_HORIZON,
        ends_when=field["ends_when"].text(),
        review_after_days=field["review_after_days"].optional(read_days),
        starts_by_decision=field["starts_by_decision"].optional(Node.flag) or False,
        gate_day=field["gate_day"].optional(read_days),
    )
    _check_sense(node, spec)
    return spec


def _check_sense(node: Node, spec: PhaseSpec) -> None:
    if spec.gaps and spec.interval.in_months:
        node.fail("gaps in days do not go with an interval in months")
    if spec.gaps and min(spec.gaps) < spec.interval.nominal_days:
        node.fail("a gap is shorter than the interval, by which the phase is judged")
    if spec.days_listed > LONGEST_DAYS:
        node.fail(f"its doses take more than {LONGEST_DAYS} days")
    if (spec.kind is PhaseKind.ORAL) != (spec.route is Route.ORAL):
        node.fail("the route 'oral' and the kind 'oral' go together")
    if spec.route is Route.DEFERRED:
        node.fail("'deferred' is an answer for one patient, not the route of a published phase")
