"""The rows of a laboratory's file beside the register and the results on file, some thousands in a handful of queries."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from b12clinic.accounts.models import Clinic
from b12clinic.patients.identifiers import search_prefixes
from b12clinic.patients.models import PatientIdentifier
from monitoring.intake.fates import Fate
from monitoring.intake.rows import Identifiers
from monitoring.interpretation.entry import Measurement
from monitoring.models import Result

if TYPE_CHECKING:
    from monitoring.lab_check import Ready

LONGEST_KEY = 96
"""Of the column's 120 characters; the rest is for telling one correction from the next."""

NUMBERS_A_QUERY = 10_000

Value = tuple[object, ...]


def stored_key(clinic: Clinic, source_id: str) -> str:
    """The laboratory's number as it is kept: the clinic's own, since two clinics may know one number, and never too long."""
    plain = f"{clinic.pk}:{source_id}"
    return (
        plain
        if len(plain) <= LONGEST_KEY
        else f"{clinic.pk}:{hashlib.sha256(source_id.encode()).hexdigest()}"
    )


def value_of(patient_id: int, taken_on: date, of: Measurement) -> Value:
    """What makes two values the same; of two units the canonical value is compared."""
    return patient_id, of.analyte, taken_on, of.comparator, of.canonical, of.coded


class _Known(NamedTuple):
    scheme: str
    patient_id: int
    born_on: date


class PatientFinder:
    """Patients of one clinic by number and date of birth, never by name."""

    def __init__(self, clinic: Clinic) -> None:
        self.clinic = clinic
        self._known: dict[str, list[_Known]] = {}

    def look_up(self, whose: Iterable[Identifiers]) -> None:
        """Find the numbers of these rows, in one query for thousands of them."""
        numbers = sorted({number for identifiers in whose for number in _numbers(identifiers)})
        self._known = defaultdict(list)
        for at in range(0, len(numbers), NUMBERS_A_QUERY):
            some = numbers[at : at + NUMBERS_A_QUERY]
            found = PatientIdentifier.objects.filter(clinic=self.clinic, value__any_of=some)
            for value, *known in found.values_list("value", "scheme", "patient_id", "patient__born_on"):
                self._known[value].append(_Known._make(known))

    def patient_of(self, identifiers: Identifiers, born_on: date | None) -> tuple[int | None, Fate, str]:
        """The one patient whom every known number names, if the date of birth agrees; else the fate and why."""
        found = {
            (known.patient_id, known.born_on)
            for scheme, number in identifiers
            for written in _written(number)
            for known in self._known.get(written, ())
            if not scheme or scheme == known.scheme
        }
        if len(found) != 1:
            return None, Fate.UNKNOWN_PATIENT, _nobody(identifiers, bool(found))
        [(patient_id, known_born_on)] = found
        if born_on is None:
            return None, Fate.BIRTH_DATE, "The row gives no date of birth, so it is not sure whose it is."
        if born_on != known_born_on:
            return (
                None,
                Fate.BIRTH_DATE,
                "The number is known here with another date of birth: check whose result it is.",
            )
        return patient_id, Fate.NEW, ""


_written = lru_cache(maxsize=20_000)(search_prefixes)


def _numbers(identifiers: Identifiers) -> Iterator[str]:
    for _, number in identifiers:
        yield from _written(number)


def _nobody(identifiers: Identifiers, several: bool) -> str:
    if several:
        return "The row's numbers belong to different patients here."
    if not identifiers:
        return "The row gives no number of the patient; a name alone is not enough."
    return "Nobody with this number is in the clinic's register."


class Standing(NamedTuple):
    """What is on file under a laboratory's number: what it said last, and the row that stands now."""

    value: Value
    tail_id: int
    in_error: bool


_FIELDS = (
    "pk", "patient_id", "analyte", "taken_on", "comparator", "canonical", "coded", "source_id", "entered_in_error",
)  # fmt: skip


class _Row(NamedTuple):
    pk: int
    patient_id: int
    analyte: str
    taken_on: date
    comparator: str
    canonical: Decimal | None
    coded: str
    source_id: str | None
    entered_in_error: bool

    @property
    def value(self) -> Value:
        return self[1:7]


class OnFile:
    """What the clinic has of the patients, days and numbers of some rows."""

    def __init__(self, ready: Sequence["Ready"]) -> None:
        self.by_key: dict[str, Standing] = {}
        self.by_value: dict[Value, list[str | None]] = {}
        self.typed: set[tuple[object, ...]] = set()
        if ready:
            self._read_values(ready)
            self._read_keys({key for one in ready for key in (one.key, *one.beside) if key})

    def _read_values(self, ready: Sequence["Ready"]) -> None:
        days = [one.row.taken_on for one in ready]
        analytes = {one.row.analyte for one in ready}
        rows = Result.objects.live().filter(
            patient__any_of={one.patient_id for one in ready},
            taken_on__range=(min(days), max(days)),
            analyte__in=analytes,
        )
        for row in map(_Row._make, rows.values_list(*_FIELDS).iterator(chunk_size=5_000)):
            self.by_value.setdefault(row.value, []).append(row.source_id)
            if row.source_id is None:
                self.typed.add((row.patient_id, row.analyte, row.taken_on))

    def _read_keys(self, keys: set[str]) -> None:
        chains: dict[str, list[_Row]] = {}
        ends: dict[int, str] = {}
        for row in map(_Row._make, Result.objects.filter(source_id__any_of=keys).values_list(*_FIELDS)):
            chains[str(row.source_id)] = [row]
            ends[row.pk] = str(row.source_id)
        while ends:
            ends = _grown(chains, ends)
        for key, chain in chains.items():
            last = next(row for row in reversed(chain) if row.source_id is not None)
            self.by_key[key] = Standing(last.value, chain[-1].pk, chain[-1].entered_in_error)


def _grown(chains: dict[str, list[_Row]], ends: dict[int, str]) -> dict[int, str]:
    """Each chain of corrections one row longer; the new ends."""
    newer: dict[int, str] = {}
    found: Any = Result.objects.filter(supersedes__in=ends).values_list("supersedes_id", *_FIELDS)
    for supersedes_id, *rest in found:
        row = _Row._make(rest)
        chains[ends[supersedes_id]].append(row)
        newer[row.pk] = ends[supersedes_id]
    return newer
