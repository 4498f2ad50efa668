"""Reads guideline packs and protocol snapshots strictly.

`pack_from_dict` reads a whole pack or raises `PackError` naming the file, the path inside it and the reason;
nothing is half-loaded.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from b12clinic.vocabulary import Cause, Drug, RecheckTest
from monitoring.interpretation.analytes import ANALYTES
from monitoring.interpretation.bands import Bands, MmaUpper
from regimens.protocols.intervals import Interval
from regimens.protocols.origin import OriginKind
from regimens.protocols.pack import (
    Citation,
    CountsFrom,
    Indication,
    OralRule,
    Pack,
    Protocol,
    RecheckRule,
    RecheckWhen,
    read_citation,
)
from regimens.protocols.phasespec import LONGEST_DAYS, PhaseSpec, read_days, read_phase
from regimens.protocols.strict import Misfit, Node

__all__ = [
    "Citation",
    "Interval",
    "Pack",
    "PackError",
    "PhaseSpec",
    "Protocol",
    "pack_from_dict",
]

ANY_CAUSE = "any"
"""Stands in a pack for every cause."""

TESTS = frozenset(ANALYTES) | RecheckTest.codes()
"""What a recheck may ask for."""

LARGEST_FIGURE = Decimal(1_000_000)
"""No cut-off of any analyte, in any of its units, comes near it: a slip of the pen."""

_PACK_FIELDS = (
    "code", "title", "family", "version", "edition", "gaps", "default_drug", "lifelong_why", "reviewed_by",
    "reviewed_on", "bands", "mma_upper", "oral", "rechecks", "citations", "protocols",
)  # fmt: skip


_CODE_LETTERS = _VERSION_LETTERS = 24
_NAME_LETTERS = 39
"""What the record of a regimen keeps: 24 letters of a pack's code and version, 64 of a protocol's `<pack>/<name>`."""


class PackError(ValueError):
    """A pack that cannot be used: the file, the path inside it, and why."""

    def __init__(self, file: str, path: str, reason: str) -> None:
        super().__init__(f"{file}: {path}: {reason}")
        self.file = file
        self.path = path
        self.reason = reason


def pack_from_dict(data: Any, *, file: str) -> Pack:
    """The pack in `data`; raises `PackError` and leaves nothing behind where it does not fit."""
    try:
        return _read_pack(Node(data))
    except Misfit as misfit:
        raise PackError(file, misfit.path, misfit.reason) from misfit


def _read_pack(node: Node) -> Pack:
    field = node.fields(_PACK_FIELDS)
    citations = _read_citations(field["citations"])
    code, version = field["code"].slug(_CODE_LETTERS), field["version"].text(_VERSION_LETTERS)
    protocols = tuple(_read_protocol(one, code, version, citations) for one in field["protocols"].items())
    _refuse_twins(field["protocols"], [protocol.code for protocol in protocols])
    return Pack(
        code=code,
        title=field["title"].text(),
        family=field["family"].text(),
        version=version,
        edition=field["edition"].text(),
        gaps=field["gaps"].any_text(),
        default_drug=field["default_drug"].code(Drug),
        lifelong_why=field["lifelong_why"].text(),
        reviewed_by=field["reviewed_by"].any_text(),
        reviewed_on=field["reviewed_on"].optional(Node.day),
        bands=_read_bands(field["bands"]),
        mma_upper=_read_mma_upper(field["mma_upper"]),
        oral=_read_oral(field["oral"], citations),
        rechecks=tuple(_read_recheck(one) for one in field["rechecks"].items()),
        citations=tuple(citations.values()),
        protocols=protocols,
    )


def _read_citations(node: Node) -> dict[str, Citation]:
    citations: dict[str, Citation] = {}
    for name, entry in node.entries():
        citations[name] = read_citation(entry)
        if citations[name].kind is OriginKind.PUBLISHED:
            entry.fail("a citation says of what kind its source is")
    return citations


def _read_protocol(node: Node, pack: str, version: str, citations: Mapping[str, Citation]) -> Protocol:
    field = node.fields(
        ("name", "title", "indication", "why", "phases", "citations"),
        ("causes", "pregnancy", "first_choice", "caution", "maintenance_months"),
    )
    phases = tuple(read_phase(phase) for phase in field["phases"].items())
    _check_phases(field["phases"], phases)
    wanted = "a protocol names its source, if only local policy"
    return Protocol(
        code=f"{pack}/{field['name'].slug(_NAME_LETTERS)}",
        pack=pack,
        version=version,
        title=field["title"].text(),
        indication=field["indication"].code(Indication),
        causes=_read_written_for(field["causes"]),
        pregnancy=field["pregnancy"].optional(Node.flag) or False,
        first_choice=field["first_choice"].value is None or field["first_choice"].flag(),
        why=field["why"].text(),
        caution=field["caution"].optional(Node.text) or "",
        maintenance_months=_read_range(field["maintenance_months"]),
        phases=phases,
        citations=_read_sources(field["citations"], citations, wanted),
    )


def _read_range(node: Node) -> tuple[int, ...]:
    return () if node.is_absent else tuple(read_days(months) for months in node.items())


def _check_phases(node: Node, phases: tuple[PhaseSpec, ...]) -> None:
    if not phases:
        node.fail("a protocol has at least one phase")
    if phases[0].starts_by_decision:
        node.fail("the first phase waits for a decision on the phase before it, and there is none")
    if sum(phase.days_listed for phase in phases) > LONGEST_DAYS:
        node.fail(f"the doses take more than {LONGEST_DAYS} days")


def _refuse_twins(node: Node, codes: list[str]) -> None:
    for place, code in enumerate(codes):
        if code in codes[:place]:
            node.fail(f"two protocols have the code '{code}'")


def _read_written_for(node: Node) -> frozenset[str]:
    """The causes that a protocol is written for; empty: any. A list left empty by mistake must not mean every cause."""
    causes = _read_causes(node)
    if causes is not None and not causes:
        node.fail(f"expected causes, or '{ANY_CAUSE}'")
    return causes or frozenset()


def _read_causes(node: Node) -> frozenset[str] | None:
    """The causes listed; None where nothing is written or `any` stands."""
    if node.is_absent or node.value == ANY_CAUSE:
        return None
    return frozenset(cause.code(Cause) for cause in node.items())


def _read_bands(node: Node) -> Bands:
    field = node.fields(("total_b12", "active_b12", "source"))
    total, active = (
        _read_cut_offs("total_b12", field["total_b12"]),
        _read_cut_offs("active_b12", field["active_b12"]),
    )
    return Bands(total_b12=total, active_b12=active, source=field["source"].text())


def _read_cut_offs(analyte: str, node: Node) -> dict[str, tuple[Decimal, Decimal]]:
    cut_offs: dict[str, tuple[Decimal, Decimal]] = {}
    for unit, edges in node.entries():
        Node(unit, edges.path).one_of(ANALYTES[analyte].units)
        figures = [edge.number(at_least=Decimal(0), at_most=LARGEST_FIGURE) for edge in edges.items()]
        if len(figures) != 2 or figures[0] >= figures[1]:
            edges.fail("expected two figures, the lower first")
        cut_offs[unit] = (figures[0], figures[1])
    if not cut_offs:
        node.fail("expected cut-offs in at least one unit")
    return cut_offs


def _read_mma_upper(node: Node) -> MmaUpper:
    field = node.fields(("below_65", "from_65", "source"))
    return MmaUpper(
        below_65=field["below_65"].number(at_least=Decimal(1), at_most=LARGEST_FIGURE),
        from_65=field["from_65"].number(at_least=Decimal(1), at_most=LARGEST_FIGURE),
        source=field["source"].text(),
    )


def _read_oral(node: Node, citations: Mapping[str, Citation]) -> OralRule:
    field = node.fields(
        ("first_for", "alternative_for", "why_first", "why_alternative", "why_not", "citations")
    )
    return OralRule(
        first_for=_read_causes(field["first_for"]),
        alternative_for=frozenset(cause.code(Cause) for cause in field["alternative_for"].items()),
        why_first=field["why_first"].text(),
        why_alternative=field["why_alternative"].text(),
        why_not=field["why_not"].text(),
        citations=_read_sources(field["citations"], citations, "the rule for tablets names its source"),
    )


def _read_sources(node: Node, citations: Mapping[str, Citation], wanted: str) -> tuple[Citation, ...]:
    """Citations by the names that the pack gives them, at least one."""
    sources = tuple(citations[name.one_of(citations)] for name in node.items())
    if not sources:
        node.fail(wanted)
    return sources


def _read_recheck(node: Node) -> RecheckRule:
    field = node.fields(("when", "day", "tests", "counts_from", "why", "source"))
    return RecheckRule(
        when=tuple(one.code(RecheckWhen) for one in field["when"].items()),
        day=read_days(field["day"]),
        tests=_read_tests(field["tests"]),
        counts_from=field["counts_from"].code(CountsFrom),
        why=field["why"].text(),
        source=field["source"].text(),
    )


def _read_tests(node: Node) -> tuple[str, ...]:
    tests = tuple(test.one_of(TESTS) for test in node.items())
    if not tests:
        node.fail("a recheck asks for at least one test")
    return tests
