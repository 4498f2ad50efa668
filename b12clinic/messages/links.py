"""What a mail program or a telephone makes a link of: addresses with and without `http`, and bare domains."""

import re

_LINK = re.compile(r"\b[a-z][a-z+.-]*:/\S*|\bwww\.\S*|\b[\w-]+(?:\.[\w-]+)*\.[^\W\d_]{2,}\b", re.IGNORECASE)


def link_in(text: str) -> str:
    """The first link of a text; empty when there is none. A placeholder beside a dot counts as a word."""
    found = _LINK.search(re.sub(r"\{[^{}]*\}", "x", text))
    return found[0] if found else ""


def has_link(text: str) -> bool:
    return bool(link_in(text))
