"""Units: exact conversion, and the doubts that a reported unit raises (evidence 2b and section 6)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from b12clinic.vocabulary import Severity

from .analytes import ANALYTES, Analyte

UNIT_AMBIGUOUS = "UNIT_AMBIGUOUS"
UNIT_IMPLAUSIBLE = "UNIT_IMPLAUSIBLE"
FITS_TWO_UNITS = "FITS_TWO_UNITS"

MASS_UNITS = frozenset({"ng/L", "pg/mL"})
ReferenceRange = tuple[Decimal | None, Decimal | None]

_MOLAR_RANGE_LOW_BELOW = Decimal(160)
_MASS_RANGE_LOW_FROM = Decimal(180)
_RANGE_HIGH_ABOVE = Decimal(700)
_FITS_TWO_FROM, _FITS_TWO_TO = Decimal(150), Decimal(400)


class UnknownUnit(ValueError):
    """The unit is not one in which this analyte may be reported."""

    def __init__(self, analyte: str, unit: str | None) -> None:
        accepted = " or ".join(ANALYTES[analyte].accepted_units)
        said = f"{unit!r}" if unit else "no unit"
        super().__init__(f"{ANALYTES[analyte].label}: {said} is not accepted; report it in {accepted}")
        self.analyte = analyte
        self.unit = unit


@dataclass(frozen=True, slots=True)
class UnitFinding:
    """A doubt about a reported value: which, how hard it speaks, and one sentence.

    `unusable`: until the doubt is settled, no rule reads the number (its unit is not sure).
    """

    code: str
    severity: Severity
    sentence: str
    unusable: bool = True


@lru_cache(maxsize=512)
def _fold(unit: str) -> str:
    """One spelling for the many ways of writing a unit: micro signs, powers of ten, case."""
    folded = unit.strip().replace("\u00b5", "u").replace("\u03bc", "u").replace("mcg", "ug")
    folded = folded.replace("^", "*").replace("x10", "10").replace("\u00d710", "10").replace(" ", "")
    return folded.casefold()


_ALIASES: dict[str, dict[str, str]] = {
    "haemoglobin": {"mmol/l(fe)": "mmol/L"},
    "egfr": {"ml/min/1.73m2": "mL/min/{1.73_m2}", "ml/min/1.73m*2": "mL/min/{1.73_m2}"},
    "tsh": {"mu/l": "m[IU]/L", "miu/l": "m[IU]/L", "uiu/ml": "u[IU]/mL", "uu/ml": "u[IU]/mL"},
    "ldh": {"iu/l": "U/L"},
    "red_cells": {"10*12/l": "10*12/L"},
    "inr": {"": "1", "ratio": "1", "{inr}": "1"},
}

_UNITS: dict[str, dict[str, str]] = {
    code: {_fold(unit): unit for unit in one.accepted_units} | _ALIASES.get(code, {})
    for code, one in ANALYTES.items()
}


def normalise_unit(analyte: str, unit: str | None) -> str | None:
    """The UCUM spelling of a reported unit; None where this analyte does not accept it. KeyError: unknown analyte."""
    one = ANALYTES[analyte]
    if one.keeps_any_unit:
        return unit or ""
    if unit is None:
        return "1" if one.dimensionless else None
    return _UNITS[analyte].get(_fold(unit))


def canonical_unit_for(analyte: str, unit: str) -> str:
    """The unit in which a value reported in `unit` is kept: the canonical one, or its own where no factor exists."""
    one = ANALYTES[analyte]
    if one.keeps_any_unit:
        return unit
    known = _known(analyte, unit)
    return known if known in one.own_units else one.canonical_unit


def to_canonical(analyte: str, value: Decimal, unit: str) -> Decimal:
    """The value in its canonical unit (`canonical_unit_for`), unrounded. UnknownUnit where the unit is not accepted."""
    one = ANALYTES[analyte]
    if one.keeps_any_unit:
        return value
    known = _known(analyte, unit)
    return value if known in one.own_units else value * one.units[known]


def convert(analyte: str, value: Decimal, from_unit: str, to_unit: str) -> Decimal:
    """The value in another unit of the same analyte, unrounded. UnknownUnit where no factor leads there."""
    one = ANALYTES[analyte]
    known_from, known_to = _known(analyte, from_unit), _known(analyte, to_unit)
    if known_from == known_to:
        return value
    if known_from in one.own_units or known_to in one.own_units:
        raise UnknownUnit(analyte, to_unit)
    return value * one.units[known_from] / one.units[known_to]


def reticulocytes_absolute(percent: Decimal, red_cells: Decimal) -> Decimal:
    """Reticulocytes in 10*9/L from a percentage and red cells in 10*12/L."""
    return percent / 100 * red_cells * 1000


def rounded(analyte: str, value: Decimal, unit: str) -> Decimal:
    """The value as it is shown in `unit`, to the analyte's decimals, halves away from zero."""
    one = ANALYTES[analyte]
    places = one.unit_decimals.get(unit, one.decimals)
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def conversions_shown(analyte: str, value: Decimal, unit: str) -> str:
    """One line with the value as reported and in every other unit: `150 pg/mL = 111 pmol/L = 150 ng/L`."""
    one = ANALYTES[analyte]
    if one.keeps_any_unit:
        return f"{value} {unit}".strip()
    known = _known(analyte, unit)
    if one.dimensionless:
        return str(value)
    others = [other for other in one.units if other != known and known not in one.own_units]
    shown = [f"{rounded(analyte, convert(analyte, value, known, other), other)} {other}" for other in others]
    return " = ".join([f"{value} {known}", *shown])


def check_reported(
    analyte: str,
    value: Decimal,
    unit: str | None,
    reference_range: ReferenceRange | None = None,
    *,
    on_treatment: bool = False,
) -> list[UnitFinding]:
    """The doubts of section 6 about a reported number: unit missing or read wrongly, value outside the plausible range.

    `on_treatment`: the sample follows a dose of B12, so that a high serum B12 is expected. A unit that the analyte does
    not accept cannot be read and counts as ambiguous.
    """
    one = ANALYTES[analyte]
    if one.keeps_any_unit:
        return []
    known = normalise_unit(analyte, unit)
    if known is None:
        return [UnitFinding(UNIT_AMBIGUOUS, Severity.BLOCK, _unit_unreadable(one, value, unit))]
    found = _range_speaks_against(one, value, known, reference_range)
    implausible = _implausible(one, value, known, on_treatment=on_treatment)
    return [finding for finding in (found, implausible) if finding is not None]


def fits_two_units(analyte: str, value: Decimal, unit: str | None) -> UnitFinding | None:
    """The doubt to voice when a B12 is typed by hand: 150 to 400 is an everyday value in pg/mL and in pmol/L alike."""
    known = normalise_unit(analyte, unit)
    if analyte != "total_b12" or known is None or not _FITS_TWO_FROM <= value <= _FITS_TWO_TO:
        return None
    other = "pmol/L" if known in MASS_UNITS else "pg/mL"
    return UnitFinding(
        FITS_TWO_UNITS,
        Severity.WARN,
        f"{value} is an everyday B12 in {known} and in {other}: check the unit on the laboratory's report.",
        unusable=False,
    )


def _known(analyte: str, unit: str) -> str:
    known = normalise_unit(analyte, unit)
    if known is None:
        raise UnknownUnit(analyte, unit)
    return known


def _unit_unreadable(one: Analyte, value: Decimal, unit: str | None) -> str:
    accepted = " or ".join(one.accepted_units)
    if unit:
        return f"{one.label} {value}: {unit} is not a unit of this test; ask the laboratory for {accepted}."
    return f"{one.label} {value} has no unit; it cannot be read until the unit is known ({accepted})."


def _range_speaks_against(
    one: Analyte, value: Decimal, unit: str, reference_range: ReferenceRange | None
) -> UnitFinding | None:
    if one.code != "total_b12" or reference_range is None:
        return None
    low, high = reference_range
    if low is None or high is None:
        return None
    if unit in MASS_UNITS and low < _MOLAR_RANGE_LOW_BELOW and high < _RANGE_HIGH_ABOVE:
        other = "pmol/L"
    elif unit not in MASS_UNITS and low >= _MASS_RANGE_LOW_FROM and high >= _RANGE_HIGH_ABOVE:
        other = "pg/mL"
    else:
        return None
    return UnitFinding(
        UNIT_AMBIGUOUS,
        Severity.BLOCK,
        f"{one.label} {value} is given in {unit}, but its reference range {low} to {high} reads as {other}: "
        "settle the unit with the laboratory before the result is used.",
    )


def _implausible(one: Analyte, value: Decimal, unit: str, *, on_treatment: bool) -> UnitFinding | None:
    if unit in one.own_units:
        return None
    canonical = value * one.units[unit]
    side = _beyond(one, canonical, on_treatment=on_treatment)
    if side is None:
        return None
    fitting = _units_that_fit(one, value)
    hint = f"; it would fit {' or '.join(fitting)}" if fitting else ""
    shown = rounded(one.code, canonical, one.canonical_unit)
    return UnitFinding(
        UNIT_IMPLAUSIBLE,
        Severity.BLOCK if one.blocks_when_implausible else Severity.WARN,
        f"{one.label} {value} {unit} ({shown} {one.canonical_unit}) is implausibly {side}{hint}: "
        "check the value and its unit.",
        unusable=one.blocks_when_implausible or bool(fitting),
    )


def _beyond(one: Analyte, canonical: Decimal, *, on_treatment: bool = False) -> str | None:
    """`low` or `high` for a value outside the plausible range, both ends of which are plausible."""
    if one.plausible_low is not None and canonical < one.plausible_low:
        return "low"
    high = one.plausible_high if one.high_on_treatment or not on_treatment else None
    return "high" if high is not None and canonical > high else None


def _units_that_fit(one: Analyte, value: Decimal) -> list[str]:
    """The units in which the same number would be plausible: a slip of the unit, not a strange patient."""
    return [unit for unit, factor in one.units.items() if _beyond(one, value * factor) is None]
