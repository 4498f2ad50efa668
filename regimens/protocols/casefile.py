"""Reads a case file of the recommend contract into `PatientFacts`, strictly: a typing slip is named, never guessed away.

Codes of symptoms, conditions, medicines, allergies and analytes that nobody knows are kept and fire nothing; everything
else must fit. The loader of YAML or JSON is the caller's: this takes the plain data.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from pathlib import PurePath
from typing import Any

from b12clinic.vocabulary import Cause, Certainty, PhaseKind, Pregnancy, Route, Sex
from regimens.protocols.facts import AllergyNoted, DoseGiven, LabValue, MedicationTaken, PatientFacts
from regimens.protocols.strict import Misfit, Node

_REQUIRED = ("guideline", "as_of", "patient", "cause")
_IGNORED = ("title", "expected", "source", "note")
_OPTIONAL = (
    "id",
    "cause_certainty",
    "cause_detail",
    "findings",
    "conditions",
    "medications",
    "allergies",
    "labs",
    "doses_given",
    "requested_drug",
    "neurological_involvement",
    "symptoms_unchanged",
)
COMPARATORS = ("<", "<=", ">", ">=")
_LONGEST_FIRST = sorted(COMPARATORS, key=len, reverse=True)


class CaseError(ValueError):
    """A case file that does not fit: the file, the field, and what was expected there."""

    def __init__(self, file: str, field: str, expected: str) -> None:
        super().__init__(f"{file}: {field}: {expected}")
        self.file = file
        self.field = field
        self.expected = expected


@dataclass(frozen=True, slots=True)
class Case:
    """One case: its name in answers (without one, the file's), and the facts."""

    id: str
    facts: PatientFacts


def case_from_dict(data: Any, *, file: str, guidelines: Collection[str]) -> Case:
    """The case in `data`; raises `CaseError`. `guidelines` are the packs that the build knows."""
    try:
        return _read_case(Node(data), guidelines, name=PurePath(file).stem)
    except Misfit as misfit:
        raise CaseError(file, misfit.path, misfit.reason) from misfit


def _read_case(node: Node, guidelines: Collection[str], *, name: str) -> Case:
    field = node.fields(_REQUIRED, (*_OPTIONAL, *_IGNORED))
    patient = field["patient"].fields(("age",), ("sex", "weight_kg", "pregnancy", "gestation_weeks"))
    facts = PatientFacts(
        guideline=field["guideline"].one_of(guidelines),
        as_of=field["as_of"].day(),
        age=patient["age"].number(at_least=Decimal(0)),
        sex=patient["sex"].optional(lambda node: node.code(Sex)) or Sex.UNKNOWN,
        weight_kg=patient["weight_kg"].optional(lambda node: node.number(at_least=Decimal(1))),
        pregnancy=patient["pregnancy"].optional(lambda node: node.code(Pregnancy)) or Pregnancy.NONE,
        gestation_weeks=patient["gestation_weeks"].optional(lambda node: node.number(at_least=Decimal(0))),
        cause=field["cause"].code(Cause),
        certainty=field["cause_certainty"].optional(lambda node: node.code(Certainty)) or Certainty.UNKNOWN,
        cause_detail=field["cause_detail"].optional(Node.text),
        findings=_codes(field["findings"]),
        conditions=_codes(field["conditions"]),
        medications=tuple(_medication(one) for one in _entries(field["medications"])),
        allergies=tuple(_allergy(one) for one in _entries(field["allergies"])),
        labs=tuple(_lab(one) for one in _entries(field["labs"])),
        doses_given=tuple(_dose(one) for one in _entries(field["doses_given"])),
        requested_drug=field["requested_drug"].optional(Node.text),
        neuro_answer=field["neurological_involvement"].optional(Node.flag),
        symptoms_unchanged=field["symptoms_unchanged"].optional(Node.flag),
    )
    return Case(field["id"].optional(_name) or name, facts)


def _name(node: Node) -> str:
    """Free text; a bare number in YAML is taken as its digits."""
    return (
        str(node.value) if isinstance(node.value, int) and not isinstance(node.value, bool) else node.text()
    )


def _entries(node: Node) -> list[Node]:
    return [] if node.is_absent else list(node.items())


def _codes(node: Node) -> frozenset[str]:
    return frozenset(one.text() for one in _entries(node))


def _medication(node: Node) -> MedicationTaken:
    field = node.fields(("code",), ("dose", "since", "inr_target"))
    return MedicationTaken(
        code=field["code"].text(),
        dose=field["dose"].optional(Node.text),
        since=field["since"].optional(Node.day),
        inr_target=field["inr_target"].optional(_pair),
    )


def _pair(node: Node) -> tuple[Decimal, Decimal]:
    figures = [figure.number(at_least=Decimal(0)) for figure in node.items()]
    if len(figures) != 2 or figures[0] > figures[1]:
        node.fail("expected two figures, the lower first")
    return figures[0], figures[1]


def _allergy(node: Node) -> AllergyNoted:
    field = node.fields(("substance",), ("reaction",))
    return AllergyNoted(field["substance"].text(), _codes(field["reaction"]))


def _lab(node: Node) -> LabValue:
    field = node.fields(("analyte", "value", "taken_on"), ("unit", "reference_range", "comparator"))
    low, high = field["reference_range"].optional(_pair) or (None, None)
    value, text, sign = _reported(field["value"])
    return LabValue(
        analyte=field["analyte"].text(),
        value=value,
        text=text,
        unit=field["unit"].optional(Node.text),
        taken_on=field["taken_on"].day(),
        low=low,
        high=high,
        comparator=field["comparator"].optional(lambda node: node.one_of(COMPARATORS)) or sign,
    )


def _reported(node: Node) -> tuple[Decimal | None, str, str | None]:
    """A result as number, as words, and the comparator that a laboratory put before it (`<30`); words have no number."""
    if not isinstance(node.value, str):
        return node.number(), str(node.value), None
    text = node.text()
    sign = next((one for one in _LONGEST_FIRST if text.startswith(one)), None)
    digits = text.removeprefix(sign or "").strip()
    if not digits.lstrip("+-")[:1].isdigit():
        return None, text, None
    return Node(digits, node.path).number(), text, sign


def _dose(node: Node) -> DoseGiven:
    field = node.fields(("given_on", "drug", "dose_mcg", "phase"), ("route",))
    return DoseGiven(
        given_on=field["given_on"].day(),
        drug=field["drug"].text(),
        dose_mcg=field["dose_mcg"].number(at_least=Decimal(1)),
        phase=field["phase"].code(PhaseKind),
        route=field["route"].optional(lambda node: node.code(Route)),
    )
