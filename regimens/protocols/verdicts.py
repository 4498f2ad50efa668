"""Which protocols of a pack suit a patient, which do not, and why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from b12clinic.vocabulary import Drug
from regimens.protocols.choice_origins import CHOICE
from regimens.protocols.origin import Origin, Source, origins
from regimens.protocols.pack import Indication, Protocol
from regimens.protocols.reading.diagnosis import PROPHYLAXIS_CAUSES
from regimens.protocols.recommendation import Choice
from regimens.protocols.safety.sources import COCHRANE, NEO_CYTAMEN, SMPC, US_LABEL
from regimens.protocols.situation import Situation


@dataclass(frozen=True, slots=True)
class Verdicts:
    """A pack's protocols, judged. `first` is None where the pack has nothing for this patient.

    `replaced` is the protocol that the guideline would have put first, had a finding not barred its drug.
    """

    first: Protocol | None
    replaced: Protocol | None
    alternatives: tuple[Choice, ...]
    excluded: tuple[Choice, ...]


def judge(situation: Situation) -> Verdicts:
    """Judge every protocol of the pack; those that were written for somebody else are left out."""
    relevant = [one for one in situation.pack.protocols if is_relevant(one, situation)]
    against = {one.code: _spoken_against(one, situation) for one in relevant}
    suits = [one for one in relevant if not against[one.code]]
    injection = most_specific([one for one in suits if one.first_choice and not one.is_oral])
    tablets = most_specific([one for one in suits if one.first_choice and one.is_oral])
    first, second = (tablets or injection, injection) if situation.tablets_first else (injection, tablets)
    others = [second] if second is not None and second is not first else []
    others += [
        one for one in suits if not one.first_choice and one.is_oral is (first is not None and first.is_oral)
    ]
    return Verdicts(
        first=first,
        replaced=_barred_tablets(relevant) if situation.tablets_first and tablets is None else None,
        alternatives=tuple(_as_alternative(one, situation) for one in others),
        excluded=tuple(choice for choice in against.values() if choice is not None),
    )


def most_specific(protocols: list[Protocol]) -> Protocol | None:
    """Written for the cause before written for pregnancy before written for all; the pack's order decides a tie."""
    return max(protocols, key=lambda one: (bool(one.causes), one.pregnancy), default=None)


def _barred_tablets(relevant: list[Protocol]) -> Protocol | None:
    return most_specific([one for one in relevant if one.first_choice and one.is_oral])


def is_relevant(protocol: Protocol, situation: Situation) -> bool:
    """Whether a reader would look for this protocol: written for such a cause and such a patient."""
    if protocol.causes and situation.facts.cause not in protocol.causes:
        return False
    if protocol.pregnancy and not situation.is_pregnant_or_breastfeeding:
        return False
    if protocol.indication is Indication.LEBER:
        return situation.leber
    if protocol.indication is Indication.PROPHYLAXIS:
        return situation.facts.cause in PROPHYLAXIS_CAUSES
    return True


def why_not(protocol: Protocol, situation: Situation) -> str:
    """The first reason against a protocol; empty where there is none."""
    against = _spoken_against(protocol, situation)
    return "" if against is None else against.why


def _spoken_against(protocol: Protocol, situation: Situation) -> Choice | None:
    for check, sources in _CHECKS.items():
        if why := check(protocol, situation):
            return Choice(protocol, why, _origins_against(check.__name__, sources, situation))
    return None


def _origins_against(name: str, sources: tuple[Source, ...], situation: Situation) -> tuple[Origin, ...]:
    """Those of the check; where it has none of its own it speaks by the pack's rule for tablets."""
    rule = f"exclusion/{name.lstrip('_')}"
    return origins(rule, *sources) or tuple(one.behind(rule) for one in situation.pack.oral.citations)


def _as_alternative(protocol: Protocol, situation: Situation) -> Choice:
    why = why_as_alternative(protocol, situation)
    if protocol.is_oral and not situation.tablets_first:
        local = origins("alternative/tablets", CHOICE) if situation.against_tablets else ()
        cited = tuple(one.behind("alternative/tablets") for one in situation.pack.oral.citations)
        return Choice(protocol, why, (*local, *cited))
    rule = "alternative/injection" if situation.tablets_first else "alternative/published"
    return Choice(protocol, why, tuple(citation.behind(rule) for citation in protocol.citations))


def why_as_alternative(protocol: Protocol, situation: Situation) -> str:
    """Why a protocol that was not chosen may be taken, with its source."""
    if protocol.is_oral and not situation.tablets_first:
        reasons = ", ".join(situation.against_tablets)
        because = f"Injections come first because of {reasons} (local policy). " if reasons else ""
        return f"{because}{situation.pack.oral.why_alternative}"
    if situation.tablets_first and not protocol.is_oral:
        return f"Where tablets do not suit or do not work: {sourced(protocol)}"
    return " ".join(filter(None, (sourced(protocol), protocol.caution)))


def sourced(protocol: Protocol) -> str:
    """What commends a protocol, with its source in the sentence."""
    return f"{protocol.why.rstrip('.')} ({protocol.source})."


def _leber_has_its_own(protocol: Protocol, situation: Situation) -> str:
    if not situation.leber or protocol.indication is Indication.LEBER:
        return ""
    if protocol.drug is Drug.CYANOCOBALAMIN:
        return "Cyanocobalamin is not given in Leber optic neuropathy: severe and swift optic atrophy is reported (FDA label)."
    return (
        "Leber optic neuropathy and tobacco amblyopia have a licensed scheme of their own (Neo-Cytamen, 4.2)."
    )


def _no_cyanocobalamin_in_leber_family(protocol: Protocol, situation: Situation) -> str:
    if not situation.reading.leber_risk or protocol.drug is not Drug.CYANOCOBALAMIN:
        return ""
    if protocol.first_choice and not protocol.is_oral:
        return ""  # the guideline's own injections stay, with hydroxocobalamin in them
    return "A family history of Leber optic neuropathy: no cyanocobalamin by any route (FDA label, warnings)."


def _no_cyanocobalamin_in_kidney_failure(protocol: Protocol, situation: Situation) -> str:
    if not situation.reading.renal_aluminium or protocol.drug is not Drug.CYANOCOBALAMIN:
        return ""
    if protocol.first_choice or protocol.is_oral:
        return ""
    limit = situation.policy.egfr_aluminium
    return f"eGFR below {limit}: aluminium from cyanocobalamin vials accumulates, hydroxocobalamin is taken (FDA label)."


def _nerves_need_their_scheme(protocol: Protocol, situation: Situation) -> str:
    if not situation.reading.neurological or protocol.indication in (
        Indication.NEUROLOGICAL,
        Indication.LEBER,
    ):
        return ""
    if protocol.is_oral:
        return "Neurological involvement: trials of tablets hold no good data on nerves, so injections come first (Cochrane 2018)."
    if protocol.indication is Indication.PROPHYLAXIS:
        return "Neurological involvement is treated with a full loading, not with maintenance doses alone."
    return (
        "Neurological involvement asks for the neurological scheme; a standard loading would be too little."
    )


def _no_nerves_recorded(protocol: Protocol, situation: Situation) -> str:
    if situation.reading.neurological or protocol.indication is not Indication.NEUROLOGICAL:
        return ""
    return "No neurological or optic sign is recorded; this scheme applies as soon as there is one."


def _prophylaxis_or_loading(protocol: Protocol, situation: Situation) -> str:
    if situation.reading.prophylaxis and protocol.indication is Indication.STANDARD:
        return "Nothing shows a deficiency, so no loading is needed (product texts of hydroxocobalamin, prophylaxis)."
    if not situation.reading.prophylaxis and protocol.indication is Indication.PROPHYLAXIS:
        return "A deficiency is shown, or a loading has begun: the stores are refilled before they are maintained."
    return ""


def _tablets_do_not_serve(protocol: Protocol, situation: Situation) -> str:
    if protocol.is_oral and not situation.tablets_may_serve:
        return situation.pack.oral.why_not
    return ""


_CHECKS: dict[Callable[[Protocol, Situation], str], tuple[Source, ...]] = {
    _leber_has_its_own: (US_LABEL.within("warnings"), NEO_CYTAMEN.within("4.2")),
    _no_cyanocobalamin_in_leber_family: (US_LABEL.within("warnings"),),
    _no_cyanocobalamin_in_kidney_failure: (US_LABEL.within("aluminium"),),
    _nerves_need_their_scheme: (COCHRANE, CHOICE),
    _no_nerves_recorded: (CHOICE,),
    _prophylaxis_or_loading: (SMPC, CHOICE),
    _tablets_do_not_serve: (),
}
