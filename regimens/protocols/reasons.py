"""The reasoning in sentences: one per step, each with its source, "local policy" where no guideline says it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from b12clinic.vocabulary import Cause, Drug, Finding, RecheckTest, Route
from monitoring.interpretation.analytes import ANALYTES
from regimens.protocols.course import Course
from regimens.protocols.findings import FindingRaised
from regimens.protocols.pack import Indication, Protocol
from regimens.protocols.phasespec import PhaseSpec
from regimens.protocols.recommendation import RecommendedPhase
from regimens.protocols.situation import Situation
from regimens.protocols.tailoring import swaps_drug
from regimens.protocols.verdicts import sourced
from regimens.protocols.written_dates import written

_NEEDS = {
    Indication.LEBER: "Leber optic neuropathy or tobacco amblyopia: the licensed scheme of hydroxocobalamin comes before any other.",
    Indication.PROPHYLAXIS: "Absorption is lost and nothing shows a deficiency: prophylaxis, without a loading.",
    Indication.STANDARD: "No neurological or optic sign is recorded: the standard scheme.",
}


def why_withheld(situation: Situation, alerts: Sequence[FindingRaised]) -> tuple[str, ...]:
    """Why no plan is made: the class, then what withholds it, in the words of the rules."""
    codes = situation.withheld_by
    said = [
        f"No plan is made: {alert.message.rstrip('.')} ({alert.code}; {alert.source})."
        for alert in alerts
        if alert.code in codes
    ]
    return (*situation.reading.sentences, *said)


def why_nothing_offered(situation: Situation) -> tuple[str, ...]:
    """Why a pack has no scheme although a plan would be allowed."""
    gaps = situation.pack.gaps or f"{situation.pack.title} has no scheme for this patient."
    return (
        *situation.reading.sentences,
        *_need(situation),
        f"{gaps} The clinician decides, or compares another guideline.",
    )


def why_planned(
    situation: Situation,
    protocol: Protocol,
    phases: Sequence[RecommendedPhase],
    course: Course,
    route: Route,
    *,
    chosen_against: str,
    is_first_choice: bool,
) -> tuple[str, ...]:
    """The steps that led to a plan. `chosen_against` is the reason against a protocol that was asked for by name."""
    return (
        *situation.reading.sentences,
        *_need(situation),
        *(_route_by_cause(situation, protocol) if is_first_choice else ()),
        *([f"Chosen although: {chosen_against}"] if chosen_against else []),
        f"{protocol.title}. {sourced(protocol)}",
        *([protocol.caution] if protocol.caution else []),
        *_running(course),
        *(_said_of(phase, route) for phase in phases),
        *_by_mouth(protocol),
        *_swapped(situation, protocol, phases),
        *_barred(situation, route, phases),
        *_requested(situation, phases, protocol),
        *_duration(situation),
        *_unresolved(situation),
        *_baseline(situation),
    )


def _need(situation: Situation) -> Iterator[str]:
    if situation.indication is not Indication.NEUROLOGICAL:
        yield _NEEDS[situation.indication]
        return
    signs = (*situation.reading.signs.neuro_signs, *situation.reading.signs.optic_signs)
    named = ", ".join(Finding.label_of(sign).lower() for sign in signs) or "by the clinician's answer"
    if situation.facts.cause == Cause.NITROUS_OXIDE and not signs:
        named = "nitrous oxide, always treated as such"
    yield f"Neurological involvement ({named}): the neurological scheme, without waiting for further results."


def _route_by_cause(situation: Situation, protocol: Protocol) -> Iterator[str]:
    cause = Cause.label_of(situation.facts.cause)
    if protocol.is_oral:
        yield f"Route: tablets. {situation.pack.oral.why_first}"
    elif situation.injections_begun:
        yield "Route: injection, as the course has begun."
    elif situation.pack.oral.is_first_for(situation.facts.cause) and situation.against_tablets:
        reasons = ", ".join(situation.against_tablets)
        yield f"Route: injection first in spite of the cause ({cause}), because of {reasons} (local policy)."
    else:
        why = (
            "the route is local policy"
            if situation.tablets_may_serve
            else situation.pack.oral.why_not.rstrip(".")
        )
        yield f"Route: injection first for this cause ({cause}): {why}."


def _running(course: Course) -> Iterator[str]:
    if course.count == 1:
        yield "1 dose of this course has been given; it is counted, not repeated."
    elif course.count:
        yield f"{course.count} doses of this course have been given; they are counted, not repeated."
    if course.advice is None or course.next_dose is None:
        return
    if course.is_late:
        yield f"The next dose was due on {written(course.next_dose.due_on)}. {course.advice.sentence}"
    if course.restarted:
        yield "The dates begin the loading again from today; signing them is that decision, one dose and a review the other."


def _said_of(phase: RecommendedPhase, route: Route) -> str:
    spec = phase.spec
    if not spec.is_injected:
        return f"Then by mouth: {spec.drug.label.lower()} {spec.dose_mcg} mcg a day. {spec.ends_when}"
    count = f", {phase.remaining} to give" if phase.remaining is not None else ", open-ended"
    first = f" from {written(phase.doses[0].due_on)}" if phase.doses else f", {_undated(spec, route)}"
    provisional = (
        " (provisional until the check of the first phase)" if any(d.provisional for d in phase.doses) else ""
    )
    start = f"{spec.kind.label}: {spec.drug.label.lower()} {spec.dose_mcg} mcg {spec.rhythm}{count}{first}{provisional}."
    return f"{start} Ends: {spec.ends_when}"


def _undated(spec: PhaseSpec, route: Route) -> str:
    if route is Route.DEFERRED:
        return "undated until an intramuscular injection is safe"
    return "undated until the phase before it is ended by a signed decision"


def _by_mouth(protocol: Protocol) -> Iterator[str]:
    if protocol.is_oral:
        spec = protocol.phases[0]
        yield f"Dose: {spec.drug.label.lower()} {spec.dose_mcg} mcg by mouth every day. {spec.ends_when}"


def _swapped(situation: Situation, protocol: Protocol, phases: Sequence[RecommendedPhase]) -> Iterator[str]:
    injected = any(spec.is_injected and spec.drug is Drug.CYANOCOBALAMIN for spec in protocol.phases)
    if not injected or not swaps_drug(situation):
        return
    why = (
        "Leber optic neuropathy in the family"
        if situation.reading.leber_risk
        else "eGFR below 30 (aluminium)"
    )
    yield f"Hydroxocobalamin takes the place of cyanocobalamin on the same days: {why}."
    if situation.reading.leber_risk and not all(spec.is_injected for spec in protocol.phases):
        yield "Tablets of cyanocobalamin are left out for the same reason: the clinician decides what follows the injections."
    if any(phase.spec.is_injected and phase.spec.dose_mcg < 1000 for phase in phases):
        yield "The dose is that of the scheme for cyanocobalamin; vials of hydroxocobalamin hold 1000 mcg/mL, so check the volume."


def _barred(situation: Situation, route: Route, phases: Sequence[RecommendedPhase]) -> Iterator[str]:
    if route is Route.ORAL or not situation.reading.im_barred:
        return
    bar = "INR above its limit" if situation.reading.inr_high else "Platelets below 25"
    if route is Route.DEFERRED:
        yield f"{bar}: the intramuscular injection waits until it is safe; {_bridge(situation)} (local policy)."
        return
    off_label = phases and phases[0].spec.drug is Drug.HYDROXOCOBALAMIN and situation.pack.family != "nl"
    licence = "off-label for hydroxocobalamin" if off_label else "licensed for this drug"
    yield f"{bar}: no intramuscular injection; the same doses on the same days go deep subcutaneous, {licence} (local policy)."


def _bridge(situation: Situation) -> str:
    """What is given until the injection is safe; tablets are cyanocobalamin, which Leber in the family bars."""
    if situation.reading.leber_risk:
        return (
            "no cyanocobalamin by mouth meanwhile, because of Leber optic neuropathy: a prescriber decides on hydroxocobalamin"
            " deep subcutaneous"
        )
    return "cyanocobalamin 1 mg a day by mouth bridges meanwhile"


def _requested(situation: Situation, phases: Sequence[RecommendedPhase], protocol: Protocol) -> Iterator[str]:
    asked = situation.facts.requested_drug
    planned = phases[0].spec.drug if phases else protocol.drug
    if asked and asked != planned:
        label = Drug.label_of(asked).lower()
        has_one = any(one.drug == asked for one in situation.pack.protocols)
        where = (
            "see what it offers or excludes beside this plan"
            if has_one
            else "it has no scheme with that drug"
        )
        yield f"The prescriber asked for {label}; the guideline's first choice here is {planned.label.lower()}; {where}."


def _duration(situation: Situation) -> Iterator[str]:
    cause = situation.facts.cause
    if situation.reading.irreversible_cause:
        yield f"Lifelong: the cause does not pass. {situation.pack.lifelong_why}"
    elif cause == Cause.MEDICINE_INDUCED:
        yield "Not lifelong: B12 continues while the medicine is taken; review whether it is still needed."
    elif cause == Cause.NITROUS_OXIDE:
        yield "Not lifelong: no maintenance while abstinent; stopping nitrous oxide is essential."
    elif cause == Cause.DIET:
        yield "Not lifelong unless the diet stays without B12."
    else:
        yield "Duration: as long as the cause lasts; reviewed every year."


def _unresolved(situation: Situation) -> Iterator[str]:
    if situation.reading.signs.neuro_unanswered and not situation.reading.neurological:
        yield (
            "Drafted on the scheme without neurological involvement; it cannot be signed until the clinician answers whether the"
            " nervous system is involved (local policy)."
        )


def _baseline(situation: Situation) -> Iterator[str]:
    missing = [test for test in situation.reading.missing if test != "age"]
    if missing and not situation.injections_begun:
        named = ", ".join(_test_name(test) for test in missing)
        yield f"Baseline still to draw before the first dose, without delaying it: {named}."


def _test_name(test: str) -> str:
    if test in ANALYTES:
        return ANALYTES[test].label
    return RecheckTest.label_of(test)
