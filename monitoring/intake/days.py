"""Days and times as laboratories write them, read in one way or not at all; the answer is a day of the clinic and a moment."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta, timezone
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_MONTHS = {
    name: place
    for place, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1
    )
}
_TIME = r"(?P<hour>\d{2}):?(?P<minute>\d{2})(?::?(?P<second>\d{2})(?:[.,]\d{1,9})?)?"
_ZONE = r"\s*(?P<zone>Z|[+-]\d{2}:?\d{2})?"
_ISO = re.compile(rf"(?P<year>\d{{4}})-(?P<month>\d{{2}})-(?P<day>\d{{2}})(?:[T ]{_TIME}{_ZONE})?")
_HL7 = re.compile(rf"(?P<year>\d{{4}})(?P<month>\d{{2}})(?P<day>\d{{2}})(?:{_TIME})?{_ZONE}")
_SLASHES = re.compile(
    r"(?P<first>\d{1,2})(?P<mark>[/.-])(?P<second>\d{1,2})(?P=mark)(?P<year>\d{4})"
    rf"(?:[T ]{_TIME.replace('second', 'seconds')}{_ZONE})?"
)

_NAMED = re.compile(
    rf"(?P<day>\d{{1,2}})[ -](?P<word>[A-Za-z]{{3}})[a-z]*[ -](?P<year>\d{{4}})(?:[T ]{_TIME}{_ZONE})?"
)
_OLDEST = 1880


class BadDay(ValueError):
    """What is written is no day, or could be two; the sentence says which."""


class When(NamedTuple):
    """The clinic's own day, and the moment of it in UTC where a time was written."""

    day: date
    moment: datetime | None


def clinic_day(written: str, day_first: bool | None, zone: str, clinic_zone: str) -> date:
    """The clinic's own day of a written day or moment. Raises BadDay."""
    return clinic_when(written, day_first, zone, clinic_zone).day


@lru_cache(maxsize=8192)
def clinic_when(written: str, day_first: bool | None, zone: str, clinic_zone: str) -> When:
    """The clinic's own day and the moment of a written day or time. Raises BadDay.

    A day alone stays that day. A time without a zone is the laboratory's (`zone`), else the clinic's. Midnight to the
    second is how a system writes a day whose time it does not know, so it gives no moment [local policy].
    """
    text = written.strip()
    found = _ISO.fullmatch(text) or _HL7.fullmatch(text) or _NAMED.fullmatch(text)
    parts: dict[str, str | None] = found.groupdict() if found else _slashes(text, day_first)
    try:
        day = date(int(parts["year"] or 0), _month(parts), int(parts["day"] or 0))
        moment = _moment(day, parts, zone or clinic_zone)
        day = day if moment is None else moment.astimezone(ZoneInfo(clinic_zone)).date()
    except (ValueError, OverflowError, ZoneInfoNotFoundError, KeyError):
        raise BadDay(f"“{text[:40]}” is no date that there is.") from None
    if day.year < _OLDEST:
        raise BadDay(f"“{text[:40]}” lies too far back to be meant.")
    if moment is None or moment.time() == time.min:
        return When(day, None)
    return When(day, moment.astimezone(timezone.utc))  # noqa: UP017


def _slashes(text: str, day_first: bool | None) -> dict[str, str | None]:
    """05/01/2026 by the laboratory's order; without one only where a number over 12 settles it. Dots are day first."""
    found = _SLASHES.fullmatch(text)
    if found is None:
        raise BadDay(
            f"“{text[:40]}” is not read as a date; write it as in 2026-01-05."
            if text
            else "The date is missing."
        )
    parts = found.groupdict()
    parts["second"], seconds = parts.pop("second"), parts.pop("seconds")
    first, second = int(parts.pop("first") or 0), int(parts["second"] or 0)
    order = True if parts.pop("mark") == "." else day_first
    if order is None and first <= 12 and second <= 12 and first != second:
        raise BadDay(
            f"“{text[:40]}” could be two dates: say in the laboratory's profile whether the day stands first."
        )
    day_stands_first = order if order is not None else first > 12 or second <= 12
    day, month = (first, second) if day_stands_first else (second, first)
    return parts | {"day": str(day), "month": str(month), "second": seconds}


def _month(parts: dict[str, str | None]) -> int:
    word = parts.get("word")
    return _MONTHS[word.lower()] if word else int(parts["month"] or 0)


def _moment(day: date, parts: dict[str, str | None], zone: str) -> datetime | None:
    if not parts.get("hour"):
        return None
    hour, minute, second = int(parts["hour"] or 0), int(parts["minute"] or 0), int(parts.get("second") or 0)
    naive = datetime(day.year, day.month, day.day, hour, minute, min(second, 59))  # noqa: DTZ001  its zone follows
    written = parts.get("zone")
    if written is None:
        return naive.replace(tzinfo=ZoneInfo(zone))
    if written == "Z":
        return naive.replace(tzinfo=timezone.utc)  # noqa: UP017
    offset = timedelta(hours=int(written[1:3]), minutes=int(written[-2:]))
    return naive.replace(tzinfo=timezone(-offset if written[0] == "-" else offset))
