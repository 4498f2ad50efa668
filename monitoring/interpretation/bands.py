"""Cut-offs: the bands of serum B12 and the upper limit of methylmalonic acid."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal


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
