"""How a date stands in a sentence for people; data keeps ISO 8601."""

from __future__ import annotations

from datetime import date

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def written(day: date) -> str:
    """A date as it is written in British English, whatever the server's locale: `1 March 2025`."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
