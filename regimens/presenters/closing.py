"""What closing days would move, in words."""

from collections.abc import Iterable
from datetime import date

from b12clinic.accounts.presenters.closed_days import in_words
from regimens.presenters.words import day, days
from regimens.services.close_days_moving_doses import Closing, Moved


def closing_lines(wanted: dict[date, str], closing: Closing) -> list[dict[str, object]]:
    """Each day that is asked for, with why; marked when it is closed already."""
    fresh = set(closing.fresh)
    return [
        {"on": on.isoformat(), "why": why, "words": in_words(on), "already": on not in fresh}
        for on, why in sorted(wanted.items())
    ]


def move_lines(moved: Iterable[Moved], today: date) -> list[dict[str, str]]:
    """Old dates against new, one line a dose."""
    return [
        {
            "what": move.dose.patient.name,
            "was": day(move.was_due_on, today),
            "becomes": day(move.due_on, today),
            "note": _note(move),
        }
        for move in moved
    ]


def _note(move: Moved) -> str:
    shift = (move.due_on - move.was_due_on).days
    words = f"{days(abs(shift))} {'later' if shift > 0 else 'earlier'}"
    return "".join(
        (words, ", outside its window" if move.late else "", "; plan paused" if move.paused else "")
    )


def closed_words(closing: Closing) -> str:
    """What was done, for the message afterwards."""
    closed = "1 day" if len(closing.fresh) == 1 else f"{len(closing.fresh)} days"
    moved = "1 dose" if len(closing.moved) == 1 else f"{len(closing.moved)} doses"
    return f"{closed} added to the closed days; {moved} moved."
