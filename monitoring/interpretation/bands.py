"""Cut-offs: the bands of serum B12 and the upper limit of methylmalonic acid."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from .measured import Measured, surely_above, surely_below
from .units import MASS_UNITS, convert


@dataclass(frozen=True, slots=True)
class Bands:
    """The published cut-offs of one guideline, per unit: `{"ng/L": (180, 350), "pmol/L": (133, 258)}`.

    Deficient below the low figure, unlikely above the high one, indeterminate in between with both edges inside
    (evidence section 2a). A value is compared in the unit it was reported in, never converted first.
    """

    total_b12: Mapping[str, tuple[Decimal, Decimal]]
    active_b12: Mapping[str, tuple[Decimal, Decimal]]
    source: str


@dataclass(frozen=True, slots=True)
class MmaUpper:
    """The upper limit of methylmalonic acid in nmol/L where the laboratory gives none: under 65 years, and from 65."""

    below_65: Decimal
    from_65: Decimal
    source: str


class Band(Enum):
    """Where a serum B12 lies among the cut-offs."""

    DEFICIENT = "deficient"
    INDETERMINATE = "indeterminate"
    UNLIKELY = "unlikely"


AGE_OF_HIGHER_MMA = 65


def band_of(measured: Measured, bands: Bands) -> Band | None:
    """The band of a total or active B12 in the unit it was reported in; None where it cannot be told.

    A value reported as `<n` or `>n` is banded only as far as that goes: `>150` is never deficient.
    """
    value, unit, comparator = measured.lab.value, measured.reported_unit, measured.lab.comparator
    if value is None or unit is None or measured.blocked:
        return None
    cut_offs = bands.total_b12 if measured.lab.analyte == "total_b12" else bands.active_b12
    if not cut_offs:
        return None
    low, high = _cut_offs_in(measured.lab.analyte, unit, cut_offs)
    if surely_below(value, comparator, low):
        return Band.DEFICIENT
    if surely_above(value, comparator, high):
        return Band.UNLIKELY
    if comparator in (">", ">=") and value < low:
        return None
    if comparator in ("<", "<=") and value > high:
        return None
    return Band.INDETERMINATE


def mma_raised(measured: Measured, upper: MmaUpper, age: int | Decimal | None) -> bool:
    """Whether methylmalonic acid is above its upper limit: the laboratory's own where given, else the guideline's.

    The laboratory's limit is compared in the reported unit. With the age unknown the higher limit is used.
    """
    if measured.lab.value is None or measured.number is None:
        return False
    if measured.lab.high is not None:
        return surely_above(measured.lab.value, measured.lab.comparator, measured.lab.high)
    younger = age is not None and age < AGE_OF_HIGHER_MMA
    return measured.above(upper.below_65 if younger else upper.from_65)


def _cut_offs_in(
    analyte: str, unit: str, published: Mapping[str, tuple[Decimal, Decimal]]
) -> tuple[Decimal, Decimal]:
    """The published cut-offs for the unit; only where none are published in it are they converted."""
    found = published.get(unit)
    if found is not None:
        return found
    for other in (one for one in published if one in MASS_UNITS and unit in MASS_UNITS):
        return published[other]
    other, (low, high) = next(iter(published.items()))
    return convert(analyte, low, other, unit), convert(analyte, high, other, unit)
