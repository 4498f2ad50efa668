"""A published protocol as it is in force for one patient: the clinic's figures, the drug and the route that findings leave.

Leber in patient or family, and kidneys that hold aluminium, change cyanocobalamin injections into hydroxocobalamin on the
same days. With intramuscular injections barred a loading goes deep subcutaneous on the same days, and maintenance without
neurological signs waits (evidence section 5a).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import cycle, islice, pairwise

from b12clinic.vocabulary import Drug, IntervalUnit, PhaseKind, Route
from regimens.protocols.intervals import ALTERNATE_DAYS, Interval
from regimens.protocols.pack import Protocol
from regimens.protocols.phasespec import PhaseSpec
from regimens.protocols.schedule import PlannedDose
from regimens.protocols.situation import Situation


def in_force(protocol: Protocol, situation: Situation) -> tuple[PhaseSpec, ...]:
    """The protocol's phases with the clinic's figures and the drug that the patient may have.

    Tablets that would follow injections are left out where Leber bars them: there are none of hydroxocobalamin.
    """
    barred = situation.reading.leber_risk and not protocol.is_oral
    specs = (spec for spec in protocol.phases if spec.is_injected or not barred)
    return tuple(_drug_allowed(_by_policy(spec, protocol, situation), situation) for spec in specs)


def _by_policy(spec: PhaseSpec, protocol: Protocol, situation: Situation) -> PhaseSpec:
    policy = situation.policy
    if spec.kind is PhaseKind.MAINTENANCE:
        interval = _upkeep_interval(spec, protocol, situation)
        return replace(spec, interval=interval, horizon=policy.maintenance_horizon_doses)
    if spec.gate_day is not None:
        return replace(spec, doses=policy.label_daily_doses)
    if spec.is_open_ended and spec.interval == ALTERNATE_DAYS:
        return replace(spec, horizon=policy.neuro_horizon_doses, review_after_days=policy.neuro_review_day)
    if spec.is_open_ended and spec.gaps:
        return replace(spec, horizon=policy.twice_weekly_horizon_doses)
    return spec


def _upkeep_interval(spec: PhaseSpec, protocol: Protocol, situation: Situation) -> Interval:
    """The clinic's choice where the guideline gives a range, booked in months or in weeks as the clinic does."""
    months, weeks = situation.policy.uk_maintenance_months, situation.policy.weeks_booked_per_month
    chosen = situation.pack.family == "uk" and months in protocol.maintenance_months
    interval = Interval(months, IntervalUnit.MONTH) if chosen else spec.interval
    if weeks and interval.in_months and interval.count > 1:
        return Interval(interval.count * weeks, IntervalUnit.WEEK)
    return interval


def swaps_drug(situation: Situation) -> bool:
    """Whether an injection of cyanocobalamin becomes one of hydroxocobalamin."""
    return situation.reading.leber_risk or situation.reading.renal_aluminium


def _drug_allowed(spec: PhaseSpec, situation: Situation) -> PhaseSpec:
    if spec.is_injected and spec.drug is Drug.CYANOCOBALAMIN and swaps_drug(situation):
        return replace(spec, drug=Drug.HYDROXOCOBALAMIN)
    return spec


def route_of(specs: Sequence[PhaseSpec], to_give: Sequence[PhaseSpec], situation: Situation) -> Route:
    """The route of the plan: by its first phase still to give, and by what bars an intramuscular injection."""
    if not specs[0].is_injected:
        return Route.ORAL
    if not situation.reading.im_barred:
        return specs[0].route
    loads = bool(to_give) and to_give[0].kind is not PhaseKind.MAINTENANCE
    return Route.SC if loads or situation.reading.neurological else Route.DEFERRED


def by_route(spec: PhaseSpec, route: Route) -> PhaseSpec:
    """A phase by the route of the plan: deep subcutaneous, or waiting for a decision where it is deferred."""
    if route is Route.SC and spec.is_injected:
        return replace(spec, route=Route.SC)
    return replace(spec, starts_by_decision=True) if route is Route.DEFERRED else spec


def from_here(spec: PhaseSpec, doses: Sequence[PlannedDose]) -> PhaseSpec:
    """A phase whose pattern of gaps begins with the doses still to give, so that signing it gives the same days."""
    if not spec.gaps:
        return spec
    between = [(later.due_on - earlier.due_on).days for earlier, later in pairwise(doses)]
    turns = (spec.gaps[place:] + spec.gaps[:place] for place in range(len(spec.gaps)))
    turned = next((gaps for gaps in turns if between == list(islice(cycle(gaps), len(between)))), spec.gaps)
    return replace(spec, gaps=turned)
