"""Why somebody who was searched for is not on the due list, in one line each."""

from datetime import date
from uuid import UUID

from django.urls import reverse

from regimens.models import RegimenState
from regimens.presenters.words import day
from regimens.queries.due_absent import Absent
from regimens.queries.due_rows import Back


def absent_lines(absent: list[Absent], today: date, query: str) -> list[dict[str, str]]:
    """Name, reason and the way to the chart; `query` goes with the chart's address."""
    return [
        {
            "name": one.name,
            "why": why_absent(one, today),
            "url": reverse("regimens:chart", args=[one.public_id]) + query,
        }
        for one in absent
    ]


def back_lines(back: list[Back], today: date, query: str) -> list[dict[str, str]]:
    """Name, the day on which the pause ends and the way to the chart."""
    return [
        {
            "name": one.name,
            "why": f"paused until {day(one.on, today)}",
            "url": reverse("regimens:chart", args=[UUID(one.public_id)]) + query,
        }
        for one in back
    ]


def why_absent(one: Absent, today: date) -> str:
    """What speaks first: the patient's leaving, then the plan's state, then what it waits for."""
    if one.died_on:
        return f"died on {day(one.died_on, today)}"
    if one.moved_on:
        return f"moved away on {day(one.moved_on, today)}"
    if one.state is None:
        return "no plan is signed"
    if one.state == RegimenState.PAUSED:
        return f"paused until {day(one.paused_until, today) if one.paused_until else 'a prescriber decides'}"
    if one.ended_on:
        return f"plan {RegimenState(one.state).label.lower()} on {day(one.ended_on, today)}"
    if one.waits_on:
        return f"due {day(one.waits_on, today)}, outside these filters"
    return "on tablets, no injection is planned" if one.by_mouth else "no injection is planned"
