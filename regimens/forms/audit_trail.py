"""What the address of the audit trail asks for."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from urllib.parse import urlencode
from uuid import UUID

from b12clinic.accounts.models import AuditEvent
from regimens.queries.audit_trail import AuditAsked

EARLIEST, LATEST = date(2000, 1, 1), date(2100, 12, 31)


def read_asked(given: Mapping[str, str]) -> tuple[AuditAsked, str]:
    """What is asked, and a sentence for a date that could not be read and was left out."""
    days = {name: _day(given.get(name, "")) for name in ("since", "until")}
    unreadable = [given[name][:20] for name, day in days.items() if given.get(name) and day is None]
    asked = AuditAsked(
        person=_uuid(given.get("person", "")),
        action=given.get("action", "").replace("\x00", "")[:48],
        patient=_uuid(given.get("patient", "")),
        since=days["since"],
        until=days["until"],
        before=_place(given.get("before", "")),
    )
    return (
        asked,
        f"“{unreadable[0]}” is not a date that can be asked for; it was left out." if unreadable else "",
    )


def filters_of(asked: AuditAsked) -> dict[str, str]:
    """The filters as they stand in the address and in the trail itself."""
    filters = {
        "person": asked.person,
        "action": asked.action,
        "patient": asked.patient,
        "since": asked.since,
        "until": asked.until,
    }
    return {name: str(value) for name, value in filters.items() if value}


def query_of(asked: AuditAsked, **more: str) -> str:
    """The address's part after the path; a filter given as empty is left out."""
    wanted = {name: value for name, value in (filters_of(asked) | more).items() if value}
    return f"?{urlencode(wanted)}"


def place_of(event: AuditEvent) -> str:
    """An event's place in the trail, as it stands in the address."""
    return f"{event.at.astimezone(UTC):%Y%m%dT%H%M%S.%f}-{event.pk}"


def _place(text: str) -> tuple[datetime, int] | None:
    moment, _, key = text.partition("-")
    try:
        return datetime.strptime(moment, "%Y%m%dT%H%M%S.%f").replace(tzinfo=UTC), int(key)
    except (ValueError, OverflowError):
        return None


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if EARLIEST <= day <= LATEST else None


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
