"""Which test a laboratory's code stands for: by its profile, by LOINC, or by our own name of the test."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from monitoring.interpretation.analytes import ANALYTES, Loinc
from monitoring.interpretation.units import normalise_unit

LOINC_SYSTEMS = frozenset({"", "ln", "loinc", "lnc", "http://loinc.org", "urn:oid:2.16.840.1.113883.6.1"})


class UnknownTest(ValueError):
    """No analyte follows from the code; the sentence says what can be done."""


class Named(NamedTuple):
    """The analyte, empty for a test that the profile leaves out, and the unit that its LOINC code speaks of."""

    analyte: str
    code_unit: str = ""


_BY_LOINC: dict[str, tuple[str, Loinc]] = {
    loinc.code: (one.code, loinc) for one in ANALYTES.values() for loinc in one.loinc
}
_BY_NAME = {one.code: one.code for one in ANALYTES.values()} | {
    one.label.casefold(): one.code for one in ANALYTES.values()
}


def named_by(code: str, test: str, system: str, codes: Mapping[str, str]) -> Named:
    """The analyte that a code and a name stand for. Raises UnknownTest.

    What somebody settled in the profile goes first. A LOINC code that our table has not confirmed counts only where
    the laboratory's name of the test says the same.
    """
    for written in (code, test):
        if written in codes:
            return _settled(codes[written], code)
    found = _by_loinc(code, test) if system.casefold() in LOINC_SYSTEMS else None
    if found is not None:
        return found
    for written in (code, test):
        if written.strip().casefold() in _BY_NAME:
            return Named(_BY_NAME[written.strip().casefold()])
    shown = f"{code} {test}".strip()[:60]
    raise UnknownTest(f"“{shown}” is not a test known here; name it in the laboratory's profile.")


def _settled(analyte: str, code: str) -> Named:
    if analyte and analyte not in ANALYTES:
        raise UnknownTest(
            f"The laboratory's profile says “{analyte}” for {code}, which is not a test known here."
        )
    return Named(analyte)


def _by_loinc(code: str, test: str) -> Named | None:
    if code not in _BY_LOINC:
        return None
    analyte, loinc = _BY_LOINC[code]
    label = ANALYTES[analyte].label
    if not loinc.seen and label.split(",")[0].casefold() not in test.casefold():
        raise UnknownTest(
            f"{code} is thought to be {label}, which nobody has confirmed: name it in the laboratory's profile."
        )
    return Named(analyte, loinc.unit or "")


@lru_cache(maxsize=512)
def speaks_of(analyte: str, code_unit: str, unit: str) -> bool:
    """Whether a unit is of the kind that a LOINC code names: mass with mass in any power of ten, not mass with moles."""
    one = ANALYTES[analyte]
    told, coded = normalise_unit(analyte, unit), normalise_unit(analyte, code_unit)
    if told is None or coded is None:
        return False
    if told in one.own_units or coded in one.own_units:
        return told == coded
    return one.units[told].normalize().as_tuple().digits == one.units[coded].normalize().as_tuple().digits
