"""A row's value with its unit and range, measured or refused with a fate: the rules of typing by hand, and the code's word.

Laboratories repeat themselves, so what was worked out once for the same words is remembered.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from monitoring.interpretation.analytes import ANALYTES
from monitoring.interpretation.entry import (
    Entry,
    EntryStopped,
    Measurement,
    Stop,
    doubts,
    hangs_on_treatment,
    read_entry,
)
from monitoring.interpretation.measured import NEGATIVE, POSITIVE
from monitoring.interpretation.reference import HIGH, LOW, NO_RANGE, UNCLEAR, against_range
from monitoring.interpretation.typed_value import POINT, Unreadable, read_number
from monitoring.interpretation.units import FITS_TWO_UNITS

from .codes import speaks_of
from .fates import Fate
from .rows import LabRow

_WORDS = {
    "pos": POSITIVE,
    "detected": POSITIVE,
    "reactive": POSITIVE,
    "neg": NEGATIVE,
    "not detected": NEGATIVE,
}
_ABNORMAL_FLAGS = frozenset({"H", "HH", "HU", "L", "LL", "LU", "A", "AA", "POS", ">", "<"})
_NOT_MEASURED = {"no_unit": Fate.NO_UNIT, "unknown_unit": Fate.BAD_UNIT}


class NotMeasured(ValueError):
    """Why a row gives no value; the sentence is for a person, the fate for the list."""

    def __init__(self, fate: Fate, sentence: str) -> None:
        super().__init__(sentence)
        self.fate = fate


class Taken(NamedTuple):
    """A measurement and whether it is abnormal."""

    measurement: Measurement
    abnormal: bool


def taken(row: LabRow, *, on_treatment: bool = False) -> Taken:
    """The measurement of a row. Raises NotMeasured; no unit is assumed, no doubt passed over.

    `on_treatment`: the sample follows a dose of B12, which explains a high one.
    """
    on_treatment = on_treatment and hangs_on_treatment(row.analyte)
    found = _judged(
        row.analyte,
        row.value,
        row.comparator,
        row.unit,
        row.low,
        row.high,
        row.decimal_mark,
        row.code_unit,
        row.flag,
        on_treatment,
    )
    if isinstance(found, Taken):
        return found
    raise NotMeasured(*found)


def is_abnormal(
    number: Decimal | None,
    comparator: str,
    coded: str,
    low: Decimal | None,
    high: Decimal | None,
    flag: str = "",
) -> bool:
    """Outside the laboratory's own range, else by its own mark, else positive.

    What has none of them is not abnormal by itself: the clinic's ranges depend on the patient.
    """
    if number is None:
        return coded != NEGATIVE
    side = against_range(number, comparator, low, high)
    if side == NO_RANGE:
        return flag.strip().upper() in _ABNORMAL_FLAGS
    return side in (LOW, HIGH, UNCLEAR)


def entry_of(
    analyte: str, value: str, comparator: str, unit: str, low: str, high: str, decimal_mark: str = POINT
) -> Entry:
    """The words of a file as if typed by hand; a range that is no number is dropped."""
    return Entry(
        analyte=analyte,
        value=_worded(analyte, value),
        comparator=comparator,
        unit=unit,
        low=_limit(low, decimal_mark),
        high=_limit(high, decimal_mark),
        decimal_mark=decimal_mark,
    )


@lru_cache(maxsize=20_000)
def _judged(
    analyte: str,
    value: str,
    comparator: str,
    unit: str,
    low: str,
    high: str,
    decimal_mark: str,
    code_unit: str,
    flag: str,
    on_treatment: bool,
) -> Taken | tuple[Fate, str]:
    try:
        measurement = read_entry(entry_of(analyte, value, comparator, unit, low, high, decimal_mark))
    except EntryStopped as stopped:
        return _refusal(stopped.stops)
    if measurement.coded:
        return Taken(replace(measurement, text=value.strip()), measurement.coded != NEGATIVE)
    doubt = _doubt(measurement, code_unit, on_treatment)
    if doubt:
        return Fate.DOUBTED, doubt
    one = measurement
    return Taken(one, is_abnormal(one.number, one.comparator, one.coded, one.low, one.high, flag))


def _worded(analyte: str, value: str) -> str:
    word = value.strip().casefold()
    return _WORDS.get(word, word) if analyte in ANALYTES and ANALYTES[analyte].coded else value


def _limit(printed: str, decimal_mark: str) -> str:
    """An end of the range, dropped where it is no number: a range in words says nothing about the unit."""
    try:
        return str(read_number(printed, decimal_mark))
    except Unreadable:
        return ""


def _refusal(stops: tuple[Stop, ...]) -> tuple[Fate, str]:
    fate = next((_NOT_MEASURED[stop.code] for stop in stops if stop.code in _NOT_MEASURED), Fate.BAD_VALUE)
    return fate, " ".join(stop.sentence for stop in stops)


def _doubt(measurement: Measurement, code_unit: str, on_treatment: bool) -> str:
    """What speaks against the unit or value. A LOINC code that names the same kind of unit is a second witness."""
    agrees = speaks_of(measurement.analyte, code_unit, measurement.unit) if code_unit else None
    if agrees is False:
        label = ANALYTES[measurement.analyte].label
        return (
            f"{label} {measurement.text} is given in {measurement.unit}, but its code speaks of {code_unit}: "
            "settle the unit with the laboratory before the result is used."
        )
    raised = doubts(measurement, on_treatment=on_treatment)
    found = [one for one in raised if not (agrees and one.code == FITS_TWO_UNITS)]
    return " ".join(one.sentence for one in found)
