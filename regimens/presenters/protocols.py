"""The protocol library: each guideline pack and each of its protocols in words and as a picture."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from b12clinic.vocabulary import Cause, Drug, Route
from monitoring.presenters.words import unit_on_screen
from regimens.presenters.schedule_picture import picture_of_phases
from regimens.protocols.pack import Citation, Indication, Pack, Protocol, Standing
from regimens.protocols.phasespec import PhaseSpec

INDICATIONS = {
    Indication.LEBER: "Leber optic neuropathy, known or in the family",
    Indication.NEUROLOGICAL: "Neurological involvement",
    Indication.PROPHYLAXIS: "Prevention, before a deficiency",
    Indication.ORAL: "By mouth",
    Indication.STANDARD: "Without neurological involvement",
}
STANDINGS = {
    Standing.SEEN: "read at the source",
    Standing.KNOWN: "known of, not read at the source",
    Standing.LOCAL_POLICY: "local policy",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseLine:
    """One phase in the columns of the table."""

    kind: str
    dose: str
    rhythm: str
    doses: str
    ends_when: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtocolEntry:
    """One protocol as the library shows it."""

    code: str
    anchor: str
    title: str
    first_choice: bool
    pregnancy: bool
    causes: str
    why: str
    caution: str
    phases: list[PhaseLine]
    picture: dict[str, Any]
    sources: list[dict[str, Any]]


def pack_tabs(packs: Mapping[str, Pack], shown: Pack) -> list[dict[str, Any]]:
    """One tab a pack, with the number of its protocols."""
    return [
        {
            "label": pack.title,
            "url": f"?pack={pack.code}",
            "current": pack.code == shown.code,
            "count": len(pack.protocols),
        }
        for pack in packs.values()
    ]


def pack_facts(pack: Pack) -> list[dict[str, str]]:
    """What is to be known of a pack, as names and values."""
    return [
        {"label": "Version", "value": pack.version},
        {"label": "Follows", "value": pack.edition},
        {"label": "Usual drug", "value": Drug.label_of(pack.default_drug)},
        {"label": "Clinical review", "value": _review(pack)},
        {
            "label": "Total B12 in doubt",
            "value": _in_doubt(pack.bands.total_b12),
            "second": f"Below is deficient, above is unlikely. Source: {pack.bands.source}",
        },
        {"label": "Active B12 in doubt", "value": _in_doubt(pack.bands.active_b12)},
    ]


def sections_of(pack: Pack) -> list[dict[str, Any]]:
    """The pack's protocols under what they are for, in the order in which the indications take precedence."""
    return [
        {"heading": heading, "protocols": entries}
        for indication, heading in INDICATIONS.items()
        if (entries := [entry_of(one) for one in pack.protocols if one.indication is indication])
    ]


def entry_of(protocol: Protocol) -> ProtocolEntry:
    """One protocol in words."""
    return ProtocolEntry(
        code=protocol.code,
        anchor=protocol.code.replace("/", "-"),
        title=protocol.title,
        first_choice=protocol.first_choice,
        pregnancy=protocol.pregnancy,
        causes=", ".join(sorted(Cause.label_of(cause) for cause in protocol.causes)) or "any cause",
        why=protocol.why,
        caution=protocol.caution,
        phases=[_phase_line(spec) for spec in protocol.phases],
        picture=picture_of_phases(protocol.phases),
        sources=[_source(citation) for citation in protocol.citations],
    )


def _phase_line(spec: PhaseSpec) -> PhaseLine:
    notes = ["Begins when a clinician decides."] if spec.starts_by_decision else []
    if spec.review_after_days:
        notes.append(f"Reviewed on day {spec.review_after_days}.")
    if spec.gate_day:
        notes.append(f"A check on day {spec.gate_day} comes before the next phase.")
    return PhaseLine(
        kind=spec.kind.label,
        dose=f"{spec.drug.label} {spec.dose_mcg:,} mcg, {Route.label_of(spec.route).lower()}",
        rhythm=spec.rhythm,
        doses="" if not spec.is_injected else str(spec.doses) if spec.doses else "open-ended",
        ends_when=spec.ends_when,
        note=" ".join(notes),
    )


def _source(citation: Citation) -> dict[str, Any]:
    return {
        "title": citation.title,
        "section": citation.section,
        "year": citation.year,
        "standing": STANDINGS[citation.status],
        "is_known": citation.status is Standing.KNOWN,
        "is_local": citation.status is Standing.LOCAL_POLICY,
    }


def _review(pack: Pack) -> str:
    if pack.reviewed_on is None:
        return "Not yet clinically reviewed"
    day = pack.reviewed_on
    return f"{pack.reviewed_by}, {day.day} {day:%b %Y}"


def _in_doubt(bands: Mapping[str, tuple[Any, Any]]) -> str:
    """ "180 to 350 ng/L or pg/mL; 133 to 258 pmol/L": units with the same figures together."""
    units: dict[tuple[Any, Any], list[str]] = {}
    for unit, figures in bands.items():
        units.setdefault(figures, []).append(unit_on_screen(unit))
    return "; ".join(f"{low} to {high} {' or '.join(same)}" for (low, high), same in units.items())
