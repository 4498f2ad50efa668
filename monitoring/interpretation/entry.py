"""One line of a results form: what was typed, read into a measurement or stopped with a sentence for each field."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from .analytes import ANALYTES, Analyte
from .doubts import Range, doubts_about
from .typed_value import COMPARATORS, POINT, Unreadable, read_number, read_typed
from .units import UnitFinding, normalise_unit, to_canonical

KEPT_TO = Decimal("0.000001")
LONGEST_UNIT = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A value as typed, every field in the words of the report. `taken_on` None: the day of the visit.

    `confirmed_because` is the reason given for keeping a value in spite of a doubt; `second_sample` says that the same
    value on the same day was measured twice. `decimal_mark` is that of the value, a comma only where a laboratory
    declared it of its files; a range is written with points.
    """

    analyte: str
    value: str
    unit: str = ""
    comparator: str = ""
    taken_on: date | None = None
    low: str = ""
    high: str = ""
    confirmed_because: str = ""
    second_sample: bool = False
    decimal_mark: str = POINT


@dataclass(frozen=True, slots=True)
class Stop:
    """Why a field of an entry is not taken: the field's name, a code, and a sentence that says what to do."""

    field: str
    code: str
    sentence: str


class EntryStopped(ValueError):
    """An entry that cannot be read; `stops` names every field and reason."""

    def __init__(self, *stops: Stop) -> None:
        super().__init__(" ".join(stop.sentence for stop in stops))
        self.stops = stops


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """An entry as read: a number with its unit and its canonical value, or a coded word, never both.

    `text` is what was typed, without the comparator; `canonical` is kept to six decimals, halves away from zero.
    """

    analyte: str
    text: str
    comparator: str = ""
    unit: str = ""
    number: Decimal | None = None
    coded: str = ""
    canonical: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None


def read_entry(entry: Entry) -> Measurement:
    """The measurement that an entry stands for. Raises EntryStopped; nothing is guessed, no unit is assumed."""
    one = ANALYTES.get(entry.analyte)
    if one is None:
        raise EntryStopped(Stop("analyte", "unknown_analyte", f"“{entry.analyte}” is not a test known here."))
    return _read_coded(one, entry) if one.coded else _read_number(one, entry)


def doubts(measurement: Measurement, *, on_treatment: bool = False) -> list[UnitFinding]:
    """What speaks against the measurement's unit or value; a coded word raises no doubt.

    `on_treatment`: the sample follows a dose of B12. It matters to what `hangs_on_treatment` only.
    """
    if measurement.number is None:
        return []
    limits = Range(measurement.low, measurement.high)
    one = measurement
    return doubts_about(one.analyte, measurement.number, one.unit, limits, on_treatment=on_treatment)


def hangs_on_treatment(analyte: str) -> bool:
    """Whether a high value of the analyte is to be expected after a dose of B12."""
    return not ANALYTES[analyte].high_on_treatment


def _read_coded(one: Analyte, entry: Entry) -> Measurement:
    word = entry.value.strip().casefold()
    if word not in one.coded_values:
        choices = ", ".join(one.coded_values[:-1]) + f" or {one.coded_values[-1]}"
        raise EntryStopped(Stop("value", "not_a_word", f"{one.label}: choose {choices}."))
    return Measurement(analyte=one.code, text=entry.value.strip(), coded=word)


def _read_number(one: Analyte, entry: Entry) -> Measurement:
    stops: list[Stop] = []
    text, number, comparator = _value(one, entry, stops)
    unit = _unit(one, entry, stops)
    low, high = _limits(one, entry, stops)
    if stops:
        raise EntryStopped(*stops)
    return Measurement(
        analyte=one.code,
        text=text,
        comparator=comparator,
        unit=unit,
        number=number,
        canonical=to_canonical(one.code, number, unit).quantize(KEPT_TO, rounding=ROUND_HALF_UP),
        low=low,
        high=high,
    )


def _value(one: Analyte, entry: Entry, stops: list[Stop]) -> tuple[str, Decimal, str]:
    try:
        typed = read_typed(entry.value, entry.decimal_mark)
    except Unreadable as unreadable:
        stops.append(Stop("value", "unreadable", f"{one.label}: {unreadable}"))
        return "", Decimal(0), ""
    comparator = entry.comparator or typed.comparator
    if comparator and comparator not in COMPARATORS:
        stops.append(Stop("comparator", "unknown_comparator", f"{one.label}: choose <, >, <= or >=."))
    elif typed.comparator and typed.comparator != comparator:
        sentence = (
            f"{one.label}: “{typed.comparator}” is typed and “{comparator}” is chosen; keep one of them."
        )
        stops.append(Stop("comparator", "two_comparators", sentence))
    return typed.text, typed.number, comparator


def _unit(one: Analyte, entry: Entry, stops: list[Stop]) -> str:
    """The unit in its UCUM spelling; the value has none without one, save for a ratio."""
    said = entry.unit.strip()
    known = normalise_unit(one.code, said or None)
    if known and len(known) <= LONGEST_UNIT:
        return known
    accepted = " or ".join(one.accepted_units)
    if not said:
        where = f" ({accepted})" if accepted else ""
        sentence = f"{one.label} has no unit: choose the one on the laboratory's report{where}."
        stops.append(Stop("unit", "no_unit", sentence))
    else:
        sentence = f"{one.label}: “{said}” is not a unit of this test; the laboratory's report says {accepted or 'which'}."
        stops.append(Stop("unit", "unknown_unit", sentence))
    return ""


def _limits(one: Analyte, entry: Entry, stops: list[Stop]) -> tuple[Decimal | None, Decimal | None]:
    low = _limit(one, "low", entry.low, stops)
    high = _limit(one, "high", entry.high, stops)
    if low is not None and high is not None and low > high:
        sentence = (
            f"{one.label}: the lower end of the reference range, {low}, is above the upper end, {high}."
        )
        stops.append(Stop("low", "range_turned", sentence))
    return low, high


def _limit(one: Analyte, field: str, typed: str, stops: list[Stop]) -> Decimal | None:
    if not typed.strip():
        return None
    try:
        return read_number(typed)
    except Unreadable as unreadable:
        stops.append(Stop(field, "unreadable", f"{one.label}, reference range: {unreadable}"))
        return None
