"""A reference range as laboratories print it, split into its two ends as text."""

from __future__ import annotations

import re
from functools import lru_cache

_NUMBER = r"\d{1,9}(?:[.,]\d{1,6})?"
_BETWEEN = re.compile(rf"\(?\[?\s*({_NUMBER})\s*(?:-|–|to|\.\.)\s*({_NUMBER})\s*\]?\)?", re.I)
_UP_TO = re.compile(rf"(?:<|<=|=<|≤|up to)\s*({_NUMBER})", re.I)
_FROM = re.compile(rf"(?:>|>=|=>|≥|from)\s*({_NUMBER})", re.I)


@lru_cache(maxsize=4096)
def limits_of(printed: str) -> tuple[str, str]:
    """(low, high) of `115-165`, `<5` or `> 3,5` as printed; both empty where the range is in other words, which say nothing."""
    text = printed.strip()
    if between := _BETWEEN.fullmatch(text):
        return between[1], between[2]
    if up_to := _UP_TO.fullmatch(text):
        return "", up_to[1]
    if above := _FROM.fullmatch(text):
        return above[1], ""
    return "", ""
