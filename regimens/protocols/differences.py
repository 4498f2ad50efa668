"""Where guideline packs differ for one situation: what each gives first to a patient whom nothing else sets apart.

Published figures only, before a clinic's own choices; what one patient is offered is said by `selection`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from b12clinic.vocabulary import Cause, PhaseKind, Route
from regimens.protocols.pack import Indication, Pack, Protocol
from regimens.protocols.phasespec import PhaseSpec
from regimens.protocols.reading.diagnosis import PROPHYLAXIS_CAUSES
from regimens.protocols.verdicts import most_specific

NOTHING = "nothing offered"
NONE = "none"
_TABLETS_MAY_COME_FIRST = (Indication.STANDARD, Indication.PROPHYLAXIS)


class Aspect(StrEnum):
    """What is set side by side, in the order in which it is shown."""

    DRUG = "drug"
    ROUTE = "route"
    DOSE = "dose"
    LOADING = "loading"
    MAINTENANCE = "maintenance"
    DURATION = "duration"
    SOURCE = "source"

    @property
    def label(self) -> str:
        return self.value.capitalize()


@dataclass(frozen=True, slots=True)
class PackAnswer:
    """What one pack says. pack: its code. protocol: the code of the protocol that speaks; None: it offers nothing."""

    pack: str
    protocol: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One row: an aspect with the answer of every pack, in the order of the packs."""

    aspect: Aspect
    answers: tuple[PackAnswer, ...]

    @property
    def differs(self) -> bool:
        """Whether two packs say different things here."""
        return len({answer.text for answer in self.answers}) > 1


def differences(
    packs: Mapping[str, Pack], indication: Indication, cause: str, *, tablets_suit: bool = True
) -> tuple[Difference, ...]:
    """A row for every aspect, alike or not; `Difference.differs` tells them apart.

    indication: what the patient needs. cause: a code of `Cause`; some packs have schedules of their own for a cause.
    tablets_suit: whether a pack that puts tablets first may do so; False compares the injections.
    """
    chosen = {
        code: protocol_for(pack, indication, cause, tablets_suit=tablets_suit) for code, pack in packs.items()
    }
    return tuple(
        Difference(aspect, tuple(_answer(code, protocol, say) for code, protocol in chosen.items()))
        for aspect, say in _ASPECTS.items()
    )


def protocol_for(
    pack: Pack, indication: Indication, cause: str, *, tablets_suit: bool = True
) -> Protocol | None:
    """The pack's first choice for an adult who is not pregnant; None: it has none.

    Nitrous oxide always takes the neurological scheme, as it does in the reading of a patient.
    """
    if indication is Indication.STANDARD and cause == Cause.NITROUS_OXIDE:
        indication = Indication.NEUROLOGICAL
    if indication is Indication.PROPHYLAXIS and cause not in PROPHYLAXIS_CAUSES:
        return None
    if indication is Indication.ORAL:
        return _first(pack, Indication.ORAL, cause) if tablets_suit and _tablets_serve(pack, cause) else None
    injection = _first(pack, indication, cause)
    if tablets_suit and indication in _TABLETS_MAY_COME_FIRST and pack.oral.is_first_for(cause):
        return _first(pack, Indication.ORAL, cause) or injection
    return injection


def _first(pack: Pack, indication: Indication, cause: str) -> Protocol | None:
    return most_specific(
        [
            one
            for one in pack.protocols
            if one.first_choice
            and one.indication is indication
            and not one.pregnancy
            and (not one.causes or cause in one.causes)
        ]
    )


def _tablets_serve(pack: Pack, cause: str) -> bool:
    return pack.oral.is_first_for(cause) or cause in pack.oral.alternative_for


def _answer(pack: str, protocol: Protocol | None, say: Callable[[Protocol], str]) -> PackAnswer:
    if protocol is None:
        return PackAnswer(pack, None, NOTHING)
    return PackAnswer(pack, protocol.code, say(protocol))


def _in_turn(words: Iterable[str]) -> str:
    """Each word once, in the order of the phases."""
    return ", then ".join(dict.fromkeys(words))


def _drug(protocol: Protocol) -> str:
    return _in_turn(spec.drug.label.lower() for spec in protocol.phases)


def _route(protocol: Protocol) -> str:
    return _in_turn(Route.label_of(spec.route).lower() for spec in protocol.phases)


def _dose(protocol: Protocol) -> str:
    return _in_turn(f"{spec.dose_mcg:,} mcg" for spec in protocol.phases)


def _loading(protocol: Protocol) -> str:
    counted = (PhaseKind.LOADING, PhaseKind.TAPER)
    return _in_turn(_rhythm_and_count(spec) for spec in protocol.phases if spec.kind in counted) or NONE


def _rhythm_and_count(spec: PhaseSpec) -> str:
    if spec.doses is not None:
        return f"{spec.rhythm}, {spec.doses} dose{'' if spec.doses == 1 else 's'}"
    return f"{spec.rhythm} until a review ends it"


def _maintenance(protocol: Protocol) -> str:
    kept = (PhaseKind.MAINTENANCE, PhaseKind.ORAL)
    return _in_turn(_kept_up(spec, protocol) for spec in protocol.phases if spec.kind in kept) or NONE


def _kept_up(spec: PhaseSpec, protocol: Protocol) -> str:
    if spec.kind is PhaseKind.ORAL:
        return f"{spec.rhythm} by mouth"
    if protocol.maintenance_months:
        return f"every {' or '.join(str(months) for months in protocol.maintenance_months)} months"
    return spec.rhythm


def _duration(protocol: Protocol) -> str:
    return protocol.phases[-1].ends_when


def _source(protocol: Protocol) -> str:
    return protocol.source


_ASPECTS: dict[Aspect, Callable[[Protocol], str]] = {
    Aspect.DRUG: _drug,
    Aspect.ROUTE: _route,
    Aspect.DOSE: _dose,
    Aspect.LOADING: _loading,
    Aspect.MAINTENANCE: _maintenance,
    Aspect.DURATION: _duration,
    Aspect.SOURCE: _source,
}
