"""What an analyte is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Loinc:
    """A LOINC code for results in `unit` (None: any). `seen` is false where the code must be checked before use."""

    code: str
    unit: str | None
    seen: bool


@dataclass(frozen=True, slots=True)
class Analyte:
    """One analyte.

    `units` maps each accepted UCUM unit to the factor that multiplies a value into `canonical_unit`; a factor that is more
    than a shift of the decimal point has its source in `factor_sources`. `own_units` are
    accepted and kept apart, since no factor leads to the canonical unit (reticulocytes in %). With no unit at all,
    any unit is kept as reported and nothing is converted. `plausible_low` and `plausible_high` are in the canonical
    unit, both ends plausible [local policy]; `high_on_treatment` is false where the upper end holds off B12 only.
    `blocks_when_implausible` says that the class hangs on the value. `decimals` are shown places in the canonical unit.
    `response_marker` says that the value follows treatment: serum B12 does not.
    """

    code: str
    label: str
    canonical_unit: str
    units: Mapping[str, Decimal]
    decimals: int = 1
    plausible_low: Decimal | None = None
    plausible_high: Decimal | None = None
    high_on_treatment: bool = True
    blocks_when_implausible: bool = False
    coded: bool = False
    coded_values: tuple[str, ...] = ()
    own_units: tuple[str, ...] = ()
    dimensionless: bool = False
    loinc: tuple[Loinc, ...] = ()
    response_marker: bool = False
    unit_decimals: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    factor_sources: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def accepted_units(self) -> tuple[str, ...]:
        """Every unit that a value may be reported in, the canonical one first; empty where any unit is kept."""
        return (*self.units, *self.own_units)

    @property
    def keeps_any_unit(self) -> bool:
        """Whether a value stays in whatever unit the laboratory uses, unconverted."""
        return not self.units
