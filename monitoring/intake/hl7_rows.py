"""Results of HL7 v2 messages ORU^R01: one row for each OBX, with the patient of the PID and the order of the OBR above it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import hl7

from .bounds import MOST_ROWS
from .fates import Fate
from .hl7_messages import Message, messages_of, part, repetitions_of
from .limits import limits_of
from .repeats import number_at, shared_number
from .rows import FileRefused, Identifiers, LabRow, Layout, RowError, Said
from .understand import row_error, understood

_SCHEMES = {
    "NHS": "nhs_number", "NH": "nhs_number", "NHSNMBR": "nhs_number", "CHI": "chi_number", "BSN": "bsn",
    "NLMINBIZA": "bsn", "MR": "medical_record", "PI": "medical_record", "PT": "medical_record",
}  # fmt: skip
_DOCUMENTS = frozenset({"ED", "RP"})
_MOST_IDENTIFIERS = 6
HEADER_PLACES = (3, 4, 5, 6, 10, 11, 12)


class Answerable(NamedTuple):
    """What an answer to a message needs: fields of its header by place, why it was not read, and the numbers of its rows."""

    header: dict[int, str]
    problem: str
    first: int
    last: int


@dataclass
class _Place:
    """Where in a message one is: the patient, the order, and the tests met in it."""

    sender: str = ""
    identifiers: Identifiers = ()
    name: str = ""
    born_on: str = ""
    order: str = ""
    taken_on: str = ""
    status: str = ""
    met: Counter[str] = field(default_factory=Counter)


def hl7_rows(content: bytes, layout: Layout) -> Iterator[LabRow | RowError]:
    """Every OBX of every message; a message that is not read is one row that says why. Raises FileRefused."""
    for _, rows in _by_message(content, layout):
        yield from rows


def answerable(content: bytes, layout: Layout) -> Iterator[Answerable]:
    """Every message, for its answer. Raises FileRefused."""
    for message, rows in _by_message(content, layout):
        numbers = [row.number for row in rows]
        header = {place: message.told(place) for place in HEADER_PLACES}
        yield Answerable(header, message.problem, numbers[0] if numbers else 0, numbers[-1] if numbers else 0)


def _by_message(content: bytes, layout: Layout) -> Iterator[tuple[Message, list[LabRow | RowError]]]:
    number = 0
    for message in messages_of(content, layout):
        if message.problem:
            number += 1
            yield message, [row_error(number, Said(), Fate.UNREADABLE, message.problem)]
            continue
        rows = list(_rows(message, number + 1, layout))
        number += len(rows)
        if number > MOST_ROWS:
            raise FileRefused(f"The file has more than {MOST_ROWS:,} results; ask for it in parts.")
        yield message, rows


def _rows(message: Message, first: int, layout: Layout) -> Iterator[LabRow | RowError]:
    results = list(_results(message))
    shared = Counter(shared_number(said.source_id) for said, _ in results)
    for number, result in enumerate(results, start=first):
        row = _row(number, result, layout)
        number_of_several = shared_number(result[0].source_id)
        if isinstance(row, LabRow) and number_of_several and shared[number_of_several] > 1:
            row = row._replace(among_several=True)
        yield row


def _results(message: Message) -> Iterator[tuple[Said, str]]:
    place = _Place(sender=message.told(4) or message.told(3))
    for segment in message.segments:
        name = str(segment[0])
        if name == "PID":
            place = _Place(sender=place.sender)
            place.identifiers, place.name, place.born_on = _who(segment)
        elif name == "OBR":
            place.order = part(segment, 3) or part(segment, 2)
            place.taken_on, place.status = part(segment, 7), part(segment, 25)
            place.met = Counter()
        elif name == "OBX":
            yield _result(segment, place)


def _who(pid: hl7.Segment) -> tuple[Identifiers, str, str]:
    """(numbers, name, date of birth). PID-2 is the patient's number in v2.3, read where the list that took its place is empty."""
    identifiers = _numbers(pid, 3) or _numbers(pid, 2)
    name = " ".join(each for each in (part(pid, 5, 1), part(pid, 5, 0)) if each)
    return identifiers, name, part(pid, 7)


def _numbers(pid: hl7.Segment, place: int) -> Identifiers:
    identifiers = []
    for at in range(min(repetitions_of(pid, place), _MOST_IDENTIFIERS)):
        number = part(pid, place, 0, at)
        told = [part(pid, place, 3, at).split("&")[0].upper(), part(pid, place, 4, at).upper()]
        scheme = next((_SCHEMES[each] for each in told if each in _SCHEMES), "")
        if number:
            identifiers.append((scheme, number))
    return tuple(identifiers)


def _result(obx: hl7.Segment, place: _Place) -> tuple[Said, str]:
    code, test, system = _test(obx)
    comparator, value, problem = _value(obx)
    low, high = limits_of(part(obx, 7))
    place.met[code] += 1
    said = Said(
        identifiers=place.identifiers,
        name=place.name,
        born_on=place.born_on,
        code=code,
        test=test,
        system=system,
        value=value,
        comparator=comparator,
        unit=part(obx, 6),
        taken_on=part(obx, 14) or place.taken_on,
        low=low,
        high=high,
        source_id=_source(place, code, part(obx, 4)),
        status=part(obx, 11) or place.status,
        flag=part(obx, 8),
    )
    return said, problem


def _test(obx: hl7.Segment) -> tuple[str, str, str]:
    """(code, name, system) of OBX-3: the half that is LOINC, else the first."""
    for at in (0, 3):
        if part(obx, 3, at + 2).upper() in ("LN", "LOINC"):
            return part(obx, 3, at), part(obx, 3, at + 1) or part(obx, 3, 4 - at), "LN"
    return part(obx, 3, 0), part(obx, 3, 1), part(obx, 3, 2)


def _value(obx: hl7.Segment) -> tuple[str, str, str]:
    """(comparator, value, problem) of OBX-5 by the type in OBX-2."""
    kind = part(obx, 2).upper()
    if kind in _DOCUMENTS:
        return "", "", "This result is a document, not a value."
    if repetitions_of(obx, 5) > 1:
        return "", str(obx[5])[:60], "This result has several values; each needs an OBX of its own."
    if kind == "SN":
        comparator, number, between, other = (part(obx, 5, at) for at in range(4))
        said = f"{number}{between}{other}"
        return ("" if comparator == "=" else comparator), said, ""
    if kind in ("CE", "CWE", "CNE"):
        return "", part(obx, 5, 1) or part(obx, 5, 0), ""
    return "", part(obx, 5), ""


def _source(place: _Place, code: str, sub_id: str) -> str:
    """The laboratory's number of the result: sender, order, test, sub-id, and which of several without one."""
    if not place.order:
        return ""
    number = f"{place.sender}|{place.order}|{code}|{sub_id}"
    return number if sub_id else number_at(number, place.met[code])


def _row(number: int, result: tuple[Said, str], layout: Layout) -> LabRow | RowError:
    said, problem = result
    if problem:
        return row_error(number, said, Fate.BAD_VALUE, problem)
    return understood(number, _own_scheme(said, layout), layout)


def _own_scheme(said: Said, layout: Layout) -> Said:
    """Numbers without a scheme are of the kind that the profile says."""
    if not layout.scheme:
        return said
    return said._replace(
        identifiers=tuple((scheme or layout.scheme, number) for scheme, number in said.identifiers)
    )
