"""Which protocol for this patient: the recommendation, the candidates beside it, and any protocol by its code.

Order of precedence: what withholds a plan; Leber; neurological involvement; prophylaxis; standard. The route follows the
cause, and what stands against tablets (evidence section 5a, "Which scheme", "Which route").
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from b12clinic.vocabulary import Drug, Route
from regimens.protocols.choice_origins import CHOICE
from regimens.protocols.course import Course, course_of
from regimens.protocols.facts import PatientFacts
from regimens.protocols.findings import FindingRaised
from regimens.protocols.need_reviews import need_reviews
from regimens.protocols.origin import LOCAL
from regimens.protocols.pack import Indication, Pack, Protocol
from regimens.protocols.phasespec import PhaseSpec
from regimens.protocols.policy import DEFAULT, Policy
from regimens.protocols.reading import PlanDraft
from regimens.protocols.reasons import why_nothing_offered, why_planned, why_withheld
from regimens.protocols.rechecks import Plan, rechecks_for
from regimens.protocols.recommendation import Candidate, Choice, Recommendation, RecommendedPhase
from regimens.protocols.safety import find
from regimens.protocols.schedule import PhaseForecast, forecast
from regimens.protocols.situation import Situation
from regimens.protocols.tailoring import by_route, from_here, in_force, route_of
from regimens.protocols.verdicts import Verdicts, judge, sourced, why_as_alternative, why_not

Packs = Mapping[str, Pack]

NERVES_ALSO_IN = {"us-label": "us-practice"}
"""With neurological signs the other pack's scheme is the first alternative: the label has none of its own."""


def recommend(facts: PatientFacts, packs: Packs, policy: Policy = DEFAULT) -> Recommendation:
    """The plan by the guideline that `facts` name. Raises KeyError for a guideline that is not among the packs."""
    situation = Situation.of(facts, packs[facts.guideline], policy)
    verdicts = judge(situation)
    return _answer(situation, verdicts.first, verdicts, packs)


def candidates(facts: PatientFacts, packs: Packs, policy: Policy = DEFAULT) -> tuple[Candidate, ...]:
    """Every pack's first choice, then its alternatives, each laid out from `facts.as_of`."""
    return tuple(candidate for pack in packs.values() for candidate in _of_pack(facts, pack, packs, policy))


def _of_pack(facts: PatientFacts, pack: Pack, packs: Packs, policy: Policy) -> list[Candidate]:
    situation = Situation.of(replace(facts, guideline=pack.code), pack, policy)
    verdicts = judge(situation)
    found = [Candidate(_answer(situation, verdicts.first, verdicts, packs), True)]
    if situation.withheld_by:
        return found
    others = (choice.protocol for choice in verdicts.alternatives)
    return found + [Candidate(_answer(situation, other, verdicts, packs), False) for other in others]


def recommend_protocol(
    facts: PatientFacts, packs: Packs, protocol_code: str, policy: Policy = DEFAULT
) -> Recommendation:
    """One protocol by its code, laid out for the patient, whatever speaks against it; `because` says what does.

    Raises KeyError for a code that no pack holds.
    """
    pack = packs[protocol_code.partition("/")[0]]
    situation = Situation.of(replace(facts, guideline=pack.code), pack, policy)
    return _answer(situation, pack.by_code[protocol_code], judge(situation), packs)


def _answer(
    situation: Situation, protocol: Protocol | None, verdicts: Verdicts, packs: Packs
) -> Recommendation:
    if situation.withheld_by:
        return _withheld(situation, protocol)
    if protocol is None:
        return _nothing_offered(situation, verdicts)
    return _planned(situation, protocol, verdicts, packs)


def _withheld(situation: Situation, protocol: Protocol | None) -> Recommendation:
    """No plan; the alerts are those of the plan as it would have been drafted."""
    laid_out = _lay_out(situation, protocol) if protocol is not None else None
    draft = _draft(situation, laid_out, replaced=None, allowed=False) if laid_out is not None else None
    alerts = find(situation.reading, draft)
    return _no_plan(situation, alerts, why_withheld(situation, alerts), allowed=False)


def _nothing_offered(situation: Situation, verdicts: Verdicts) -> Recommendation:
    alerts = find(situation.reading, _no_draft(situation))
    nothing = _no_plan(situation, alerts, why_nothing_offered(situation), allowed=True)
    return replace(nothing, alternatives=verdicts.alternatives, excluded=verdicts.excluded)


def _no_draft(situation: Situation) -> PlanDraft:
    """A plan may be made but the pack has none: the findings that ask for an allowed plan, or for the pack's drug, still speak."""
    return PlanDraft(
        pack_code=situation.pack.code,
        drug=situation.pack.default_drug,
        route=Route.DEFERRED,
        parenteral=False,
        allowed=True,
    )


def _no_plan(
    situation: Situation, alerts: tuple[FindingRaised, ...], because: tuple[str, ...], *, allowed: bool
) -> Recommendation:
    return Recommendation(
        as_of=situation.facts.as_of,
        pack=situation.pack,
        plan_allowed=allowed,
        classification=situation.reading.classification,
        protocol=None,
        drug=None,
        route=None,
        lifelong=allowed and situation.reading.irreversible_cause,
        phases=(),
        rechecks=(),
        alerts=alerts,
        alternatives=(),
        excluded=(),
        because=because,
        citations=situation.pack.citations,
        situation=situation,
    )


def _planned(situation: Situation, protocol: Protocol, verdicts: Verdicts, packs: Packs) -> Recommendation:
    is_first = verdicts.first is not None and protocol.code == verdicts.first.code
    replaced = verdicts.replaced if is_first else None
    laid_out = _lay_out(situation, protocol)
    alerts = find(situation.reading, _draft(situation, laid_out, replaced=replaced, allowed=True))
    phases, route = laid_out.phases, laid_out.route
    codes = frozenset(alert.code for alert in alerts)
    plan = Plan(situation, replaced or protocol, phases, laid_out.course, codes)
    return Recommendation(
        as_of=situation.facts.as_of,
        pack=situation.pack,
        plan_allowed=True,
        classification=situation.reading.classification,
        protocol=protocol,
        drug=laid_out.drug,
        route=route,
        lifelong=situation.reading.irreversible_cause,
        phases=() if protocol.is_oral else phases,
        rechecks=rechecks_for(plan),
        reviews=need_reviews(situation, injected=not protocol.is_oral),
        alerts=alerts,
        alternatives=_alternatives(situation, protocol, verdicts, packs),
        excluded=tuple(choice for choice in verdicts.excluded if choice.protocol.code != protocol.code),
        because=why_planned(
            situation,
            protocol,
            () if protocol.is_oral else phases,
            laid_out.course,
            route,
            chosen_against=why_not(protocol, situation),
            is_first_choice=is_first,
        ),
        citations=protocol.citations,
        situation=situation,
        late=laid_out.course.spoken_of,
        is_first=is_first,
    )


@dataclass(frozen=True, slots=True)
class _LaidOut:
    """A protocol on days: its phases in force, the course behind it, the route of the plan."""

    protocol: Protocol
    specs: tuple[PhaseSpec, ...]
    phases: tuple[RecommendedPhase, ...]
    course: Course
    route: Route

    @property
    def drug(self) -> Drug:
        return self.phases[0].spec.drug if self.phases else self.specs[0].drug


def _lay_out(situation: Situation, protocol: Protocol) -> _LaidOut:
    specs = in_force(protocol, situation)
    course = course_of(protocol, specs, situation)
    to_give = _forecast(specs, course, situation)
    route = route_of(specs, [phase.spec for phase in to_give], situation)
    phases = tuple(
        RecommendedPhase(
            from_here(by_route(phase.spec, route), phase.doses),
            () if route is Route.DEFERRED else phase.doses,
            _remaining(phase.spec, course.given.get(phase.ordinal, ())),
        )
        for phase in to_give
    )
    return _LaidOut(protocol, specs, phases, course, route)


def _forecast(
    specs: tuple[PhaseSpec, ...], course: Course, situation: Situation
) -> tuple[PhaseForecast, ...]:
    today = situation.facts.as_of
    return forecast(
        specs,
        start_on=today,
        given=course.given,
        finished=course.finished,
        not_before=today,
        policy=situation.policy,
    )


def _remaining(spec: PhaseSpec, given: Sequence[date]) -> int | None:
    return None if spec.doses is None else spec.doses - len(given)


def _draft(
    situation: Situation, laid_out: _LaidOut, *, replaced: Protocol | None, allowed: bool
) -> PlanDraft:
    """The plan as the safety rules look at it; a plan that a finding changed keeps the marks of the one it replaced."""
    was = replaced or laid_out.protocol
    specs = tuple(phase.spec for phase in laid_out.phases)
    next_dose, dates = laid_out.course.next_dose, [dose.due_on for p in laid_out.phases for dose in p.doses]
    advice = laid_out.course.advice
    return PlanDraft(
        pack_code=situation.pack.code,
        drug=laid_out.drug,
        route=laid_out.route,
        parenteral=not was.is_oral,
        allowed=allowed,
        specs=specs,
        default_drug=situation.drug_but_for_leber if was.indication is Indication.LEBER else was.drug,
        first_due_on=min(dates, default=None),
        running_kind=next_dose.spec.kind if next_dose else None,
        running_due_on=next_dose.due_on if next_dose else None,
        running_overdue_on=next_dose.overdue_on if next_dose else None,
        running_advice=advice.unmarked if advice else "",
    )


def _alternatives(
    situation: Situation, protocol: Protocol, verdicts: Verdicts, packs: Packs
) -> tuple[Choice, ...]:
    """The pack's own alternatives, the neighbouring pack's first where the pack has none for the nerves."""
    own = [choice for choice in verdicts.alternatives if choice.protocol.code != protocol.code]
    first = verdicts.first
    if first is not None and first.code != protocol.code:
        own.insert(
            0,
            Choice(
                first,
                f"The guideline's first choice here: {why_as_alternative(first, situation)}",
                (CHOICE.behind("alternative/first_choice"), *first.origins),
            ),
        )
    return (*_neighbours(situation, packs), *own)


def _neighbours(situation: Situation, packs: Packs) -> tuple[Choice, ...]:
    neighbour = packs.get(NERVES_ALSO_IN.get(situation.pack.code, ""))
    if neighbour is None or situation.indication is not Indication.NEUROLOGICAL:
        return ()
    beside = judge(replace(situation, pack=neighbour)).first
    if beside is None:
        return ()
    why = f"Ten times the label's dose, which is the practice where nerves are involved: {sourced(beside)}"
    beside_it = LOCAL.within("evidence section 1d").behind("alternative/neighbouring_pack")
    return (Choice(beside, why, (beside_it, *beside.origins)),)
