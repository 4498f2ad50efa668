"""Units, values, tests and days in words, the same on every page about labs."""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from b12clinic.vocabulary import RecheckTest
from monitoring.interpretation.analytes import ANALYTES
from monitoring.interpretation.clinic_ranges import ClinicRange
from monitoring.interpretation.units import convert, normalise_unit, rounded

_ON_SCREEN = {
    "10*9/L": "×10⁹/L",
    "10*3/uL": "×10³/µL",
    "10*12/L": "×10¹²/L",
    "10*6/uL": "×10⁶/µL",
    "mL/min/{1.73_m2}": "mL/min/1.73 m²",
    "m[IU]/L": "mIU/L",
    "u[IU]/mL": "µIU/mL",
    "umol/L": "µmol/L",
    "ug/L": "µg/L",
    "ug/mL": "µg/mL",
    "ukat/L": "µkat/L",
    "1": "",
}
_LONGER_FIRST = sorted((unit for unit in _ON_SCREEN if unit != "1"), key=len, reverse=True)
_UNITS = re.compile(r"(?<![\w/*])(" + "|".join(re.escape(unit) for unit in _LONGER_FIRST) + r")(?![\w/])")


def unit_on_screen(unit: str) -> str:
    """A UCUM unit as people write it: "×10⁹/L" for "10*9/L"; a ratio has none."""
    return _ON_SCREEN.get(unit, unit)


def units_on_screen(sentence: str) -> str:
    """A sentence with each UCUM unit in it as people write it."""
    return _UNITS.sub(lambda found: _ON_SCREEN[found[0]], sentence)


def with_unit(number: str, unit: str) -> str:
    """ "205 pg/mL", or the number alone for a ratio; a percentage stands close."""
    shown = unit_on_screen(unit)
    return f"{number} {shown}".strip() if shown != "%" else f"{number}%"


def value_in_words(text: str, comparator: str, unit: str, coded: str = "") -> str:
    """A value as reported: "<150 pmol/L", "Positive"."""
    return coded.capitalize() if coded else with_unit(f"{comparator}{text}", unit)


def conversions(analyte: str, number: Decimal | None, unit: str, comparator: str = "") -> str:
    """The value in the analyte's other units, "151 pmol/L" for 205 pg/mL; empty where there is none.

    A unit of the same size says nothing new and is left out.
    """
    one = ANALYTES.get(analyte)
    known = normalise_unit(analyte, unit) if one else None
    if number is None or one is None or known is None or known not in one.units:
        return ""
    sizes = {one.units[known]}
    shown: list[str] = []
    for other, size in one.units.items():
        if size not in sizes:
            sizes.add(size)
            converted = rounded(analyte, convert(analyte, number, known, other), other)
            shown.append(with_unit(f"{comparator}{converted}", other))
    return " = ".join(shown)


def test_in_words(test: str) -> str:
    """The label of an analyte, a panel or a review; a code that no list holds is shown as it is."""
    return ANALYTES[test].label if test in ANALYTES else RecheckTest.label_of(test)


def tests_in_words(tests: Sequence[str]) -> str:
    """ "Full blood count, ferritin, serum folate": the first with its capital, the rest as they run on."""
    shown = ", ".join(_running_on(test_in_words(test)) for test in tests)
    return shown[:1].upper() + shown[1:] if shown[1:2] != shown[1:2].upper() else shown


def _running_on(label: str) -> str:
    """A label within a sentence: "serum folate" for "Folate, serum"; an abbreviation keeps its capitals."""
    head, _, tail = label.partition(", ")
    lowered = head[0].lower() + head[1:] if head[1:2].islower() else head
    return f"{tail} {lowered}" if tail else lowered


def day(on: date, today: date | None = None) -> str:
    """ "Tue 17 Nov", with the year when it is not today's."""
    short = f"{on:%a} {on.day} {on:%b}"
    return short if today is not None and on.year == today.year else f"{short} {on.year}"


def sampled(on: date, at: datetime | None, zone: str, today: date) -> str:
    """The day of a sample, with the time in the clinic's zone where the laboratory gave one."""
    return day(on, today) if at is None else moment(at, zone, today)


def full_day(on: date) -> str:
    """ "17 Nov 2026"."""
    return f"{on.day} {on:%b %Y}"


def days(number: int) -> str:
    """ "1 day", "5 days"."""
    return "1 day" if number == 1 else f"{number} days"


def age(since: datetime, now: datetime) -> str:
    """How long something has waited: "3 hours", "2 days"."""
    waited = max(now - since, timedelta())
    if waited.days:
        return days(waited.days)
    hours = waited.seconds // 3600
    return f"{hours} hour{'' if hours == 1 else 's'}" if hours else "under an hour"


def moment(at: datetime, zone: str, today: date) -> str:
    """ "Tue 6 Jan at 10:02", in the clinic's zone."""
    local = at.astimezone(ZoneInfo(zone))
    return f"{day(local.date(), today)} at {local:%H:%M}"


def range_in_words(low: Decimal | None, high: Decimal | None) -> str:
    """ "180 to 914", "up to 0.4", "from 115"; empty where the laboratory gave none."""
    if low is None and high is None:
        return ""
    if low is None:
        return f"up to {plain(high)}"
    return f"from {plain(low)}" if high is None else f"{plain(low)} to {plain(high)}"


def clinic_range_in_words(found: ClinicRange, unit: str) -> str:
    """ "from 120 g/L by this clinic's ranges: WHO 2011, 2024", for a value to which the laboratory gave none."""
    told = with_unit(range_in_words(found.low, found.high), unit)
    return f"{told} by this clinic's ranges: {found.source}"


def plain(number: Decimal | None) -> str:
    """A stored decimal without the zeros that only fill its places."""
    if number is None:
        return ""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
