"""Results of a FHIR R4 file: one row for each Observation or component of one, with the Patient that it speaks of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

from monitoring.interpretation.typed_value import POINT
from monitoring.interpretation.units import normalise_unit

from .bounds import MOST_ROWS
from .codes import LOINC_SYSTEMS
from .fates import Fate
from .fhir_json import Resource, meant_by, problem_of, resources_of
from .limits import limits_of
from .rows import FileRefused, Identifiers, LabRow, Layout, RowError, Said
from .understand import row_error, understood

_SCHEMES = {
    "https://fhir.nhs.uk/id/nhs-number": "nhs_number",
    "https://fhir.nhs.uk/id/chi-number": "chi_number",
    "http://fhir.nl/fhir/namingsystem/bsn": "bsn",
}
_UCUM = "http://unitsofmeasure.org"
_MOST_IDENTIFIERS = 6


def fhir_rows(content: bytes, layout: Layout) -> Iterator[LabRow | RowError]:
    """Every Observation of the file, in order. Raises FileRefused."""
    layout = replace(layout, decimal_mark=POINT)  # numbers of JSON have one, whatever the laboratory prints
    resources = resources_of(content)
    people = _People(resources)
    number = 0
    for address, resource in resources:
        if resource["resourceType"] != "Observation":
            continue
        problem = problem_of(resource)
        found = [] if problem else list(_said(address, resource, people, layout))
        if not found:
            number += 1
            yield row_error(number, Said(), Fate.UNREADABLE, problem or "The Observation holds no value.")
        for said, human_unit in found:
            number += 1
            if number > MOST_ROWS:
                raise FileRefused(f"The file has more than {MOST_ROWS:,} results; ask for it in parts.")
            yield _one_unit(understood(number, said, layout), said, human_unit)


class _People:
    """The patients of the file, and of which of them a report's observations speak that name none themselves."""

    def __init__(self, resources: list[tuple[str, Resource]]) -> None:
        self._patients: dict[str, Resource] = {}
        self._reported: dict[str, tuple[str, Resource]] = {}
        for address, resource in resources:
            if resource["resourceType"] == "Patient" and not problem_of(resource):
                self._add(address, resource)
                if "#" not in address:
                    self._add(f"Patient/{resource.get('id', '')}", resource)
            if resource["resourceType"] == "DiagnosticReport":
                self._read_report(address, resource)

    def who(self, address: str, observation: Resource, layout: Layout) -> tuple[Identifiers, str, str]:
        """(identifiers, name, date of birth) of the subject."""
        subject, here = _dict(observation.get("subject")), address
        if not subject:
            names = (address, f"Observation/{observation.get('id', '')}" if "#" not in address else address)
            here, subject = next(
                (self._reported[name] for name in names if name in self._reported), (address, {})
            )
        patient = self._patients.get(meant_by(str(subject.get("reference", "")), here)) or {}
        written = _dicts(patient.get("identifier")) or [_dict(subject.get("identifier"))]
        identifiers = tuple(
            _identifier(each, layout) for each in written[:_MOST_IDENTIFIERS] if each.get("value")
        )
        return identifiers, _name(patient), str(patient.get("birthDate", ""))

    def _add(self, name: str, patient: Resource) -> None:
        """Two patients under one address are nobody."""
        known = self._patients.setdefault(name, patient)
        if known != patient:
            self._patients[name] = {}

    def _read_report(self, address: str, report: Resource) -> None:
        subject = _dict(report.get("subject"))
        for result in _dicts(report.get("result")):
            if subject and result.get("reference"):
                self._reported.setdefault(meant_by(str(result["reference"]), address), (address, subject))


def _identifier(written: Resource, layout: Layout) -> tuple[str, str]:
    scheme = _SCHEMES.get(str(written.get("system", "")).casefold(), "")
    kinds = _dicts(_dict(written.get("type")).get("coding"))
    if not scheme and any(kind.get("code") == "MR" for kind in kinds):
        scheme = "medical_record"
    return scheme or layout.scheme, str(written["value"])


def _name(patient: Resource) -> str:
    name = next(iter(_dicts(patient.get("name"))), {})
    given = [str(each) for each in name.get("given") or [] if isinstance(each, str)]
    return str(name.get("text") or " ".join([*given, str(name.get("family", ""))])).strip()


def _said(address: str, observation: Resource, people: _People, layout: Layout) -> Iterator[tuple[Said, str]]:
    """The words of the observation's own value and of each component's, with the unit as people write it."""
    identifiers, name, born_on = people.who(address, observation, layout)
    about = Said(
        identifiers=identifiers,
        name=name,
        born_on=born_on,
        taken_on=_taken(observation),
        status=str(observation.get("status", "")),
    )
    source = _source(address, observation)
    parts = _dicts(observation.get("component"))
    if any(key.startswith("value") for key in observation) or not parts:
        yield _worded(about, observation, source, layout)
    for part in parts:
        yield _worded(about, part, source, layout, of_component=True)


def _worded(
    about: Said, holder: Resource, source: str, layout: Layout, *, of_component: bool = False
) -> tuple[Said, str]:
    code, test, system = _test(_dict(holder.get("code")), layout)
    comparator, value, unit, human_unit = _value(holder)
    low, high = _range(_dicts(holder.get("referenceRange")))
    status = about.status if value or not holder.get("dataAbsentReason") else "cancelled"
    said = about._replace(
        code=code, test=test, system=system, value=value, comparator=comparator, unit=unit, low=low, high=high,
        source_id=f"{source}|{code}" if source and of_component else source, status=status, flag=_flag(holder),
    )  # fmt: skip
    return said, human_unit


def _test(concept: Resource, layout: Layout) -> tuple[str, str, str]:
    """(code, name, system): what the profile knows goes first, then LOINC."""
    codings = _dicts(concept.get("coding"))
    codings.sort(
        key=lambda each: (each.get("code") not in layout.codes, each.get("system") not in LOINC_SYSTEMS)
    )
    first = codings[0] if codings else {}
    test = str(concept.get("text") or first.get("display") or "")
    return str(first.get("code", "")), test, str(first.get("system", ""))


def _value(holder: Resource) -> tuple[str, str, str, str]:
    """(comparator, value, unit as coded, unit as people write it)."""
    quantity = _dict(holder.get("valueQuantity"))
    if quantity:
        coded = str(quantity.get("code", "")) if quantity.get("system") == _UCUM else ""
        human = str(quantity.get("unit", ""))
        return str(quantity.get("comparator", "")), _number(quantity.get("value")), coded or human, human
    concept = _dict(holder.get("valueCodeableConcept"))
    if concept:
        coding = next(iter(_dicts(concept.get("coding"))), {})
        return "", str(concept.get("text") or coding.get("display") or coding.get("code") or ""), "", ""
    plain = holder.get("valueString", holder.get("valueInteger", ""))
    return "", _number(plain) if isinstance(plain, int) else str(plain), "", ""


def _number(written: Any) -> str:
    """A number as it stands in the file; an exponent, which FHIR allows, is written out."""
    if isinstance(written, Decimal):
        return format(written, "f")
    return "" if written is None or isinstance(written, bool) else str(written)


def _range(ranges: list[Resource]) -> tuple[str, str]:
    """The one reference range; of several it is not sure which is meant."""
    if len(ranges) != 1:
        return "", ""
    low, high = (_number(_dict(ranges[0].get(end)).get("value")) for end in ("low", "high"))
    return (low, high) if low or high else limits_of(str(ranges[0].get("text", "")))


def _taken(observation: Resource) -> str:
    period = _dict(observation.get("effectivePeriod"))
    written = (
        observation.get("effectiveDateTime") or observation.get("effectiveInstant") or period.get("start")
    )
    return str(written or "")


def _source(address: str, observation: Resource) -> str:
    """The laboratory's own number, else the address at which it stands on the laboratory's server."""
    number = next((each for each in _dicts(observation.get("identifier")) if each.get("value")), None)
    if number is not None:
        return f"{number.get('system', '')}|{number['value']}"
    return address if address.startswith("http") else ""


def _flag(holder: Resource) -> str:
    concept = next(iter(_dicts(holder.get("interpretation"))), {})
    return str(next(iter(_dicts(concept.get("coding"))), {}).get("code", ""))


def _one_unit(row: LabRow | RowError, said: Said, human_unit: str) -> LabRow | RowError:
    """A quantity says its unit twice, for people and as a code; where the two differ somebody must settle it."""
    if isinstance(row, RowError) or not human_unit or human_unit == row.unit:
        return row
    coded, read = normalise_unit(row.analyte, row.unit), normalise_unit(row.analyte, human_unit)
    if read is None or coded == read:
        return row
    sentence = f"The unit is coded as {row.unit} and written as {human_unit}: settle it with the laboratory."
    return row_error(row.number, said, Fate.DOUBTED, sentence)


def _dict(value: Any) -> Resource:
    return value if isinstance(value, dict) else {}


def _dicts(value: Any) -> list[Resource]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
