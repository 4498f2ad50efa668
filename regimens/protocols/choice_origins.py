"""Where the choices of a plan come from: its scheme, its route, its drug, and whether it is lifelong (evidence section 5a)."""

from __future__ import annotations

from collections.abc import Iterator

from b12clinic.vocabulary import Cause, Drug, Route
from regimens.protocols.origin import LOCAL, Origin, origins
from regimens.protocols.pack import Protocol
from regimens.protocols.safety.rule import REGISTER
from regimens.protocols.safety.sources import CKS, NG239, PARIS_2023
from regimens.protocols.situation import Situation
from regimens.protocols.tailoring import swaps_drug

CHOICE = LOCAL.within("evidence section 5a")
_BY_CAUSE = LOCAL.within("evidence section 1b")

Chosen = dict[str, tuple[Origin, ...]]


def scheme_origins(situation: Situation, protocol: Protocol) -> tuple[Origin, ...]:
    """Why a protocol of this indication, and who published it."""
    return (CHOICE.behind(f"scheme/{situation.indication}"), *protocol.origins)


def choices_of(situation: Situation, protocol: Protocol, route: Route | None, *, is_first: bool) -> Chosen:
    """The origins of route, drug and duration, by name. is_first: the plan is the guideline's first choice here."""
    return {
        "route": tuple(_route(situation, protocol, route, is_first)),
        "drug": _drug(situation, protocol),
        "lifelong": _duration(situation),
    }


def _route(situation: Situation, protocol: Protocol, route: Route | None, is_first: bool) -> Iterator[Origin]:
    yield from _route_by_cause(situation, protocol) if is_first else protocol.origins
    if route is Route.ORAL or not situation.reading.im_barred:
        return
    yield CHOICE.behind("route/waits" if route is Route.DEFERRED else "route/deep_subcutaneous")
    yield from REGISTER["INR_HIGH" if situation.reading.inr_high else "PLT_LOW_BLOCK_IM"].origins


def _route_by_cause(situation: Situation, protocol: Protocol) -> tuple[Origin, ...]:
    oral = situation.pack.oral
    if protocol.is_oral:
        return tuple(citation.behind("route/tablets_first") for citation in oral.citations)
    if situation.injections_begun:
        return origins("route/course_has_begun", CHOICE)
    if oral.is_first_for(situation.facts.cause) and situation.against_tablets:
        return origins("route/against_tablets", CHOICE)
    if situation.tablets_may_serve:
        return origins("route/injection_first", CHOICE)
    return tuple(citation.behind("route/injection_first") for citation in oral.citations)


def _drug(situation: Situation, protocol: Protocol) -> tuple[Origin, ...]:
    injected = any(spec.is_injected and spec.drug is Drug.CYANOCOBALAMIN for spec in protocol.phases)
    if injected and swaps_drug(situation):
        return REGISTER["LHON_CYANO" if situation.reading.leber_risk else "RENAL_ALU"].origins
    return protocol.origins


def _duration(situation: Situation) -> tuple[Origin, ...]:
    if situation.reading.irreversible_cause:
        return REGISTER["LIFELONG"].origins
    return _DURATIONS.get(situation.facts.cause, origins("duration/as_long_as_the_cause", _BY_CAUSE))


_DURATIONS: dict[str, tuple[Origin, ...]] = {
    Cause.MEDICINE_INDUCED: origins("duration/while_exposed", NG239.within("1.5")),
    Cause.NITROUS_OXIDE: origins("duration/while_abstinent", PARIS_2023, LOCAL.within("evidence section 1d")),
    Cause.DIET: origins("duration/diet", CKS, _BY_CAUSE),
}
