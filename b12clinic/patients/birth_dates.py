"""A date of birth as people type it into a search box. Plain Python."""

import re
from calendar import monthrange
from datetime import date

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH_WORD = "(?P<word>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_SHAPES = [
    re.compile(shape, re.IGNORECASE)
    for shape in (
        r"(?<!\d)(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})(?!\d)",
        r"(?<!\d)(?P<first>\d{1,2})[-/.](?P<second>\d{1,2})[-/.](?P<year>\d{4}|\d{2})(?!\d)",
        rf"(?<!\d)(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[ .-]*{_MONTH_WORD}[ .,-]*(?P<year>\d{{4}}|\d{{2}})(?!\d)",
        rf"\b{_MONTH_WORD}[ .]*(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[ ,]+(?P<year>\d{{4}}|\d{{2}})(?!\d)",
    )
]


def split_birth_date(text: str, today: date, *, month_first: bool = False) -> tuple[date | None, str]:
    """The date written in a text, and the text without it: "smith 2 Mar 1948" is (2 March 1948, "smith").

    `month_first` reads 02/03/1948 as 3 February, as in the United States; a number over 12 is a day wherever it
    stands. A year of two digits is the latest one that is not after `today`. No date in the text: (None, text).
    """
    for shape in _SHAPES:
        found = shape.search(text)
        born_on = _date_in(found.groupdict(), today, month_first) if found else None
        if found and born_on:
            return born_on, f"{text[: found.start()]} {text[found.end() :]}".strip()
    return None, text


def turned(day: date) -> date | None:
    """The same date with day and month changed over, where that is another date: 2 March is 3 February."""
    if day.day > 12 or day.day == day.month:
        return None
    return date(day.year, day.day, day.month)


def _date_in(parts: dict[str, str | None], today: date, month_first: bool) -> date | None:
    year = _full_year(parts["year"] or "", today)
    if parts.get("word"):
        month, day = _MONTHS.index((parts["word"] or "").lower()) + 1, int(parts["day"] or 0)
    elif parts.get("month"):
        month, day = int(parts["month"] or 0), int(parts["day"] or 0)
    else:
        month, day = _in_order(int(parts["first"] or 0), int(parts["second"] or 0), month_first)
    if not (1 <= month <= 12 and year >= 1 and 1 <= day <= monthrange(year, month)[1]):
        return None
    return date(year, month, day)


def _in_order(first: int, second: int, month_first: bool) -> tuple[int, int]:
    """Month and day of two numbers."""
    month, day = (first, second) if month_first else (second, first)
    return (day, month) if month > 12 else (month, day)


def _full_year(digits: str, today: date) -> int:
    if len(digits) == 4:
        return int(digits)
    year = today.year - today.year % 100 + int(digits)
    return year if year <= today.year else year - 100
