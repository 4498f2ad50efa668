"""What the address of the follow-up report asks for."""

from collections.abc import Mapping
from datetime import date
from urllib.parse import urlencode
from uuid import UUID

from b12clinic.vocabulary import PhaseKind
from regimens.queries.follow_up import FollowUpAsked

EARLIEST = date(2000, 1, 1)
LATEST_YEAR = 2100


def read_asked(given: Mapping[str, str], today: date) -> tuple[FollowUpAsked, str]:
    """What is asked, and a sentence for what could not be read and was left out."""
    as_of, unreadable = _day(given.get("as_of", ""), today)
    phase = given.get("phase", "")
    return (
        FollowUpAsked(
            as_of=as_of,
            today=today,
            phase=phase if phase in {kind.value for kind in PhaseKind} else "",
            only_overdue=given.get("overdue") == "1",
            after=_uuid(given.get("after", "")),
        ),
        unreadable,
    )


def filters_of(asked: FollowUpAsked) -> dict[str, str]:
    """The filters as they stand in the address; today and "all" are left out."""
    filters = {"as_of": asked.as_of.isoformat()} if asked.as_of != asked.today else {}
    if asked.phase:
        filters["phase"] = asked.phase
    if asked.only_overdue:
        filters["overdue"] = "1"
    return filters


def query_of(asked: FollowUpAsked, **more: str) -> str:
    """The address's part after the path, empty where nothing is asked."""
    asked_for = urlencode(filters_of(asked) | more)
    return f"?{asked_for}" if asked_for else ""


def _day(text: str, today: date) -> tuple[date, str]:
    if not text:
        return today, ""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return today, f"“{text[:20]}” is not a date; the report shows today."
    if day < EARLIEST or day.year > LATEST_YEAR:
        return today, "That day is out of reach; the report shows today."
    return day, ""


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
