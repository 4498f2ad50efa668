"""The ranges that a value is judged by where the laboratory gives none (evidence sections 2a, 3 and 6).

An end that no source gives is open: potassium has no upper one. An analyte that is not in the table is judged by the
laboratory alone. The figures are those that the rules of a plan read by; a test compares the two.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from types import MappingProxyType

from b12clinic.vocabulary import Sex

from .bands import AGE_OF_HIGHER_MMA
from .units import convert

D = Decimal
LOCAL_POLICY = "local policy"
_SHOWN_TO = D("0.01")
NG239, WHO, BSH = "NG239 2024", "WHO 2011, 2024", "BSH 2014"
LABORATORIES = "local policy, after UK laboratories; NG239 gives no number"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClinicRange:
    """A range in `unit`, both ends inside it, either open; of whom it holds, and its source.

    `sex` None: of everybody else. `under_age`: of those younger, in completed years; None: of everybody else. `pregnant`:
    only in pregnancy.
    """

    unit: str
    low: Decimal | None = None
    high: Decimal | None = None
    source: str
    sex: Sex | None = None
    under_age: int | None = None
    pregnant: bool = False

    def is_of(self, sex: str, age: int, *, pregnant: bool) -> bool:
        """Whether it holds for somebody, as far as this range by itself can tell."""
        return (
            (self.sex is None or self.sex == sex)
            and (self.under_age is None or age < self.under_age)
            and (pregnant or not self.pregnant)
        )


def _low(unit: str, low: str, source: str = LOCAL_POLICY) -> ClinicRange:
    return ClinicRange(unit=unit, low=D(low), source=source)


def _high(unit: str, high: str, source: str = LOCAL_POLICY) -> ClinicRange:
    return ClinicRange(unit=unit, high=D(high), source=source)


CLINIC_RANGES: Mapping[str, tuple[ClinicRange, ...]] = MappingProxyType(
    {
        "total_b12": (_low("pmol/L", "133", NG239), _low("ng/L", "180", NG239), _low("pg/mL", "180", NG239)),
        "active_b12": (_low("pmol/L", "25", NG239),),
        "methylmalonic_acid": (
            ClinicRange(unit="nmol/L", high=D(280), under_age=AGE_OF_HIGHER_MMA, source=LABORATORIES),
            _high("nmol/L", "360", LABORATORIES),
        ),
        "homocysteine": (_high("umol/L", "15", "Stabler, NEJM 2013"),),
        "haemoglobin": (
            ClinicRange(unit="g/L", low=D(110), pregnant=True, source=WHO),
            ClinicRange(unit="g/L", low=D(130), sex=Sex.MALE, source=WHO),
            _low("g/L", "120", WHO),
        ),
        "haematocrit": (
            ClinicRange(unit="%", high=D(48), sex=Sex.FEMALE, source=LOCAL_POLICY),
            _high("%", "52"),
        ),
        "mcv": (ClinicRange(unit="fL", low=D(80), high=D(100), source=LOCAL_POLICY),),
        "white_cells": (_low("10*9/L", "4.0"),),
        "neutrophils": (_low("10*9/L", "1.5"),),
        "platelets": (
            ClinicRange(
                unit="10*9/L",
                low=D(150),
                high=D(450),
                source="local policy; upper end: Neo-Cytamen SmPC",
            ),
        ),
        "folate": (
            _low("nmol/L", "7", BSH),
            _low("ug/L", "3", BSH),
            _low("ng/mL", "3", BSH),
        ),
        "ferritin": (_low("ug/L", "30"),),
        "egfr": (_low("mL/min/{1.73_m2}", "60", "local policy; below it methylmalonic acid is unreliable"),),
        "potassium": (_low("mmol/L", "3.5"),),
        "inr": (_high("1", "3.0"),),
    }
)
"""By analyte, the first that holds being the one; the first of all is in the canonical unit."""


def clinic_range(analyte: str, unit: str, *, sex: str, age: int, pregnant: bool) -> ClinicRange | None:
    """The range for a value in `unit`, one of the analyte's; None where there is none for the analyte.

    A limit published in the value's own unit is taken as it is; another is converted, to two places. With the sex unknown
    it is the one beyond which a value is abnormal for either.
    """
    whose = [one for one in CLINIC_RANGES.get(analyte, ()) if one.is_of(sex, age, pregnant=pregnant)]
    own = next((one for one in whose if one.unit == unit), None)
    return own or (_converted(analyte, whose[0], unit) if whose else None)


def _converted(analyte: str, found: ClinicRange, unit: str) -> ClinicRange:
    def end(limit: Decimal | None) -> Decimal | None:
        if limit is None:
            return None
        return convert(analyte, limit, found.unit, unit).quantize(_SHOWN_TO, rounding=ROUND_HALF_UP)

    return ClinicRange(unit=unit, low=end(found.low), high=end(found.high), source=found.source)
