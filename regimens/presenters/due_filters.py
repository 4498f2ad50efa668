"""The bands, filters and days of the due list as links and choices, each an address that keeps the rest of what is asked."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.urls import reverse

from b12clinic.vocabulary import Drug, PhaseKind, Route
from regimens.forms.due_list import (
    AHEAD,
    INJECTED_KINDS,
    INJECTED_ROUTES,
    filters_of,
    query_of,
    read_asked,
    without,
)
from regimens.presenters.words import day, days
from regimens.protocols.clinic_calendar import ClinicCalendar
from regimens.queries.due_list import TO_GIVE, Asked, Band, Called, DueList

ONE_DAY = timedelta(days=1)
ALL_TO_GIVE, EVERYWHERE, UP_TO_A_WEEK = "To give", "All bands", "Up to 7 days"
BAND_LABELS = {
    Band.LONG_OVERDUE: "Long overdue",
    Band.OVERDUE: "Overdue",
    Band.TODAY: "Due today",
    Band.WEEK: "Next 7 days",
    Band.LATER: "Later",
}
CALLED_LABELS = {
    Called.NOT_CALLED: "Not called",
    Called.CALLED_TODAY: "Called today",
    Called.AGREED: "Agreed to come",
    Called.CALL_LATER: "Call again later",
}
_NAMES = {"kind": "Phase", "drug": "Drug", "route": "Route", "called": "Calls", "q": "Search"}


def address(asked: Asked) -> str:
    """The list's address with everything asked in it, so that it can be shared and is never lost."""
    return f"{reverse('regimens:due_list')}{query_of(asked)}"


def tabs_of(asked: Asked, counts: dict[Band, int]) -> list[dict[str, object]]:
    """What is to be given, one tab a band, and all up to a week ahead; each with its count under the same filters and day.

    Where words are searched for the first tab is that of all bands.
    """
    to_give = sum(counts[band] for band in TO_GIVE)
    first = _tab(asked, EVERYWHERE, sum(counts.values())) if asked.text else _tab(asked, ALL_TO_GIVE, to_give)
    return [
        first,
        *(_tab(asked, BAND_LABELS[band], counts[band], band=band) for band in Band),
        _tab(asked, UP_TO_A_WEEK, to_give + counts[Band.WEEK], ahead=True),
    ]


def _tab(
    asked: Asked, label: str, count: int, *, band: Band | None = None, ahead: bool = False
) -> dict[str, object]:
    wanted = replace(asked, band=band, ahead=ahead, after=None)
    current = (asked.band, asked.ahead) == (band, ahead)
    return {"label": label, "url": address(wanted), "current": current, "count": count}


def choices_of(asked: Asked) -> list[dict[str, Any]]:
    """The selects of the filter bar, each with what is chosen in it."""
    offered: dict[str, list[tuple[str, str]]] = {
        "kind": [(kind.value, kind.label) for kind in INJECTED_KINDS],
        "drug": Drug.choices(),
        "route": [(route.value, route.label) for route in INJECTED_ROUTES],
        "called": [(called.value, label) for called, label in CALLED_LABELS.items()],
    }
    chosen = filters_of(asked)
    return [
        {
            "name": name,
            "label": _NAMES[name],
            "options": [(value, label, chosen.get(name) == value) for value, label in options],
        }
        for name, options in offered.items()
    ]


def drops_of(asked: Asked) -> list[dict[str, str]]:
    """Each thing that narrows the list, in words, with the address of the list without it."""
    told = filters_of(asked) | (
        {"as_of": day(asked.as_of, asked.today)} if asked.as_of != asked.today else {}
    )
    return [
        {"label": _told(name, value), "url": address(without(asked, name))} for name, value in told.items()
    ]


def _told(name: str, value: str) -> str:
    if name == "as_of":
        return f"As of {value}"
    if name == "band":
        return UP_TO_A_WEEK if value == AHEAD else BAND_LABELS[Band(value)]
    if name == "called":
        return CALLED_LABELS[Called(value)]
    labels: dict[str, Any] = {"kind": PhaseKind.label_of, "drug": Drug.label_of, "route": Route.label_of}
    return labels[name](value) if name in labels else f"Search “{value}”"


def told_filters(asked: Asked) -> str:
    """What narrows the list, in one line."""
    return " · ".join(_told(name, value) for name, value in filters_of(asked).items())


def saved_lines(views: Iterable[tuple[int, str, str]], today: date, clinic: str) -> list[dict[str, object]]:
    """A person's views with what each asks, in words."""
    return [
        {
            "id": key,
            "name": name,
            "url": view_address(query, clinic),
            "told": told_filters(read_asked(dict(parse_qsl(query)), today)[0]),
        }
        for key, name, query in views
    ]


def view_address(query: str, clinic: str) -> str:
    """The address of the list with the filters of a view, in the clinic that the view belongs to."""
    asks = "&".join(part for part in (query, urlencode({"clinic": clinic}) if clinic else "") if part)
    return f"{reverse('regimens:due_list')}{'?' + asks if asks else ''}"


def views_of(asked: Asked, views: list[tuple[str, str]]) -> dict[str, object]:
    """The saved views as links above the list, and where to keep or change them."""
    now = urlencode(filters_of(asked))
    whose = urlencode({"clinic": asked.clinic}) if asked.clinic else ""
    kept = "&".join(part for part in (now, whose) if part)
    return {
        "views": [
            {"name": name, "url": view_address(query, asked.clinic), "current": query == now}
            for name, query in views
        ],
        "views_url": f"{reverse('regimens:saved_views')}{'?' + kept if kept else ''}",
        "clear_url": view_address("", asked.clinic),
        "can_save": bool(now) and all(query != now for _, query in views),
    }


def days_of(asked: Asked, opening: ClinicCalendar) -> list[dict[str, object]]:
    """Yesterday, today and tomorrow, as links, closed days marked; where tomorrow is closed, the next clinic day too."""
    today = asked.today or asked.as_of
    tomorrow = today + ONE_DAY
    steps = [("Yesterday", today - ONE_DAY), ("Today", today), ("Tomorrow", tomorrow)]
    if not opening.is_open(tomorrow):
        following = opening.next_open(tomorrow)
        steps += [(f"Next clinic day, {day(following, today)}", following)] if following else []
    return [
        {
            "label": label,
            "url": address(replace(asked, as_of=as_of, after=None)),
            "current": as_of == asked.as_of,
            "closed": not opening.is_open(as_of),
        }
        for label, as_of in steps
    ]


def looking(asked: Asked) -> dict[str, str]:
    """Which way the list looks: a word for its mark and a sentence that says what it means; empty for today."""
    if asked.today is None or asked.as_of == asked.today:
        return {"mark": "today", "sentence": ""}
    away = days(abs((asked.as_of - asked.today).days))
    if asked.looks_back:
        return {
            "mark": f"looking back {away}",
            "sentence": "This is the list as it stood when that day began: what was given on it or later still waits here,"
            " with the dates of then. What happened since is said in the row; you can still record from it.",
        }
    return {
        "mark": f"{away} ahead",
        "sentence": "This is what today's plans say of that day. Whatever is recorded until then changes it.",
    }


def elsewhere(asked: Asked, page: DueList) -> dict[str, str] | None:
    """Neurological loading that is overdue but stands outside the band shown, so that no band hides it."""
    if not page.urgent or asked.band in (None, Band.LONG_OVERDUE, Band.OVERDUE):
        return None
    number = f"{page.urgent} neurological loading {'dose is' if page.urgent == 1 else 'doses are'} overdue."
    return {"text": number, "url": address(replace(asked, band=None, ahead=False, after=None))}
