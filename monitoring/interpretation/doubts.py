"""Doubts about a value typed by hand: a unit that the value or the reference range speaks against (evidence 2b).

A value that fits two units is not doubted where the laboratory's own range tells which one it is [local policy].
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from b12clinic.vocabulary import Severity

from .analytes import ANALYTES, Analyte
from .units import (
    FITS_TWO_UNITS,
    MASS_UNITS,
    UNIT_AMBIGUOUS,
    UnitFinding,
    check_reported,
    fits_two_units,
    normalise_unit,
    to_canonical,
)

# The upper limit of a haemoglobin range is about 11 in mmol/L and 15 or more in g/dL; nothing lies between [local policy].
_HB_MMOL_HIGH_UP_TO, _HB_G_PER_DL_HIGH_FROM = Decimal(12), Decimal(14)
_HB_FITS_TWO_FROM, _HB_FITS_TWO_TO = Decimal(7), Decimal(11)
_HB_OTHER = {"g/dL": "mmol/L", "mmol/L": "g/dL"}


@dataclass(frozen=True, slots=True)
class Range:
    """The laboratory's reference range in the unit of the value; either end may be missing."""

    low: Decimal | None
    high: Decimal | None

    def __str__(self) -> str:
        if self.low is None:
            return f"up to {self.high}"
        return f"from {self.low}" if self.high is None else f"{self.low} to {self.high}"


def doubts_about(
    analyte: str, value: Decimal, unit: str, limits: Range, *, on_treatment: bool = False
) -> list[UnitFinding]:
    """What must be confirmed with a reason before this value is kept; empty where nothing speaks against it.

    `on_treatment`: the sample follows a dose of B12, so that no serum B12 is too high to be true.
    """
    one = ANALYTES[analyte]
    if one.keeps_any_unit:
        return []
    found = check_reported(analyte, value, unit, (limits.low, limits.high), on_treatment=on_treatment)
    if not any(finding.code == UNIT_AMBIGUOUS for finding in found):
        found += _range_of_another_unit(one, value, unit, limits)
    return found or _fits_two(one, value, unit, limits)


def _range_of_another_unit(one: Analyte, value: Decimal, unit: str, limits: Range) -> list[UnitFinding]:
    """A reference range whose upper end is no possible value in the unit belongs to another unit."""
    if limits.high is None or unit in one.own_units:
        return []
    high = to_canonical(one.code, limits.high, unit)
    too_low = one.plausible_low is not None and high < one.plausible_low
    too_high = one.plausible_high is not None and high > one.plausible_high
    if not (too_low or too_high or _hb_range_reads_as(one, limits) == _HB_OTHER.get(unit, "")):
        return []
    sentence = (
        f"{one.label} {value} is given in {unit}, but its reference range {limits} is not in {unit}: "
        "settle the unit with the laboratory before the result is used."
    )
    return [UnitFinding(UNIT_AMBIGUOUS, Severity.BLOCK, sentence)]


def _fits_two(one: Analyte, value: Decimal, unit: str, limits: Range) -> list[UnitFinding]:
    if one.code == "haemoglobin":
        return _hb_fits_two(one, value, unit, limits)
    finding = fits_two_units(one.code, value, unit)
    if finding is None or _b12_range_settles(value, unit, limits):
        return []
    return [finding]


def _b12_range_settles(value: Decimal, unit: str, limits: Range) -> bool:
    """Whether the range would speak against the other unit, had the value been given in that."""
    other = "pmol/L" if normalise_unit("total_b12", unit) in MASS_UNITS else "pg/mL"
    against = check_reported("total_b12", value, other, (limits.low, limits.high))
    return any(finding.code == UNIT_AMBIGUOUS for finding in against)


def _hb_fits_two(one: Analyte, value: Decimal, unit: str, limits: Range) -> list[UnitFinding]:
    other = _HB_OTHER.get(unit)
    if other is None or not _HB_FITS_TWO_FROM <= value <= _HB_FITS_TWO_TO:
        return []
    if _hb_range_reads_as(one, limits) == unit:
        return []
    sentence = f"{one.label} {value} is possible in {unit} and in {other}: check the unit on the laboratory's report."
    return [UnitFinding(FITS_TWO_UNITS, Severity.WARN, sentence)]


def _hb_range_reads_as(one: Analyte, limits: Range) -> str | None:
    if one.code != "haemoglobin" or limits.high is None:
        return None
    if limits.high <= _HB_MMOL_HIGH_UP_TO:
        return "mmol/L"
    return "g/dL" if _HB_G_PER_DL_HIGH_FROM <= limits.high <= Decimal(25) else None
