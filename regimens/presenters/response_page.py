"""The page of the response: the pictures, the same in figures, and what was concluded so far."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import zip_longest
from typing import Any

from django.urls import reverse

from b12clinic.vocabulary import ResponseDecision
from monitoring.presenters import words
from monitoring.presenters.words import (
    conversions,
    full_day,
    test_in_words,
    units_on_screen,
    value_in_words,
)
from regimens.models import ResponseConclusion
from regimens.presenters.response_picture import MARKERS, response_picture
from regimens.presenters.time_axis import TimeAxis, axis_of
from regimens.protocols.intervals import Interval
from regimens.protocols.policy import DEFAULT
from regimens.protocols.situation import Situation
from regimens.queries.chart import Chart
from regimens.response_check import Standing

SPANS = {"all": "Since the beginning", "start": "First 6 months", "year": "Last 12 months"}
_HALF_A_YEAR, _YEAR = timedelta(days=183), timedelta(days=365)


def picture_of(
    chart: Chart, standing: Standing, today: date, span: str = "all", markers: Sequence[str] = MARKERS
) -> dict[str, Any] | None:
    """The pictures of a treatment that has begun; None before it or without an assessment."""
    axis = _axis(chart, standing, today, span)
    if standing.situation is None or axis is None:
        return None
    return response_picture(chart, standing.situation, chart.scores, axis, markers)


def _axis(chart: Chart, standing: Standing, today: date, span: str) -> TimeAxis | None:
    began_on = standing.situation.facts.treatment_began_on if standing.situation else None
    if began_on is None:
        return None
    sampled = [one.taken_on for one in chart.results] + [one.on for one in chart.scores]
    if span == "start":
        return axis_of(began_on, sampled, min(today, began_on + _HALF_A_YEAR))
    return axis_of(began_on, sampled, today, since=today - _YEAR if span == "year" else None)


def span_tabs(patient_id: Any, current: str) -> list[dict[str, Any]]:
    """The stretches of time that can be looked at."""
    address = reverse("regimens:response", args=[patient_id])
    return [
        {
            "label": label,
            "url": address if span == "all" else f"{address}?span={span}",
            "current": span == current,
        }
        for span, label in SPANS.items()
    ]


def pdf_url(patient_id: Any, span: str) -> str:
    """Where the same stretch of time is made into a PDF."""
    address = reverse("regimens:response_pdf", args=[patient_id])
    return address if span == "all" else f"{address}?span={span}"


def figures_of(situation: Situation | None) -> list[dict[str, Any]]:
    """Every value of the markers that are drawn, newest first, as reported and converted; with why one is not drawn."""
    if situation is None:
        return []
    first = situation.facts.treatment_began_on
    groups = []
    for name in MARKERS:
        values = situation.reading.results.all(name)
        rows = [
            {
                "on": full_day(one.taken_on),
                "day": f"Day {(one.taken_on - first).days}" if first else "",
                "value": value_in_words(one.lab.text, one.lab.comparator or "", one.lab.unit or ""),
                "converted": conversions(name, one.lab.value, one.lab.unit or "", one.lab.comparator or ""),
                "doubt": "not drawn: its unit is in doubt" if one.blocked or one.number is None else "",
            }
            for one in reversed(values)
        ]
        if rows:
            groups.append({"name": test_in_words(name), "rows": rows})
    return groups


def interval_rows(before: Sequence[date], after: Sequence[date], today: date) -> list[dict[str, Any]]:
    """The visits to come, as planned before and after the change."""
    pairs = zip_longest(before, after)
    return [
        {
            "place": place,
            "before": words.day(was, today) if was else "–",
            "after": words.day(now, today) if now else "–",
            "moves": was != now,
        }
        for place, (was, now) in enumerate(pairs, start=1)
    ]


def interval_warning(interval: Interval, standing: Standing) -> str:
    """That injections come closer than the policy's shortest maintenance; empty where they do not."""
    shortest = (standing.situation.policy if standing.situation else DEFAULT).maintenance_min_days
    if interval.nominal_days >= shortest:
        return ""
    return f"Maintenance closer than every {shortest} days needs a reason (local policy)."


def conclusion_rows(conclusions: list[ResponseConclusion], today: date) -> list[dict[str, Any]]:
    """What was concluded, newest first: the decision, why, and what was seen when it was taken."""
    return [
        {
            "day": words.day(one.on, today),
            "decision": ResponseDecision.label_of(one.decision),
            "words": one.words,
            "reason": one.reason,
            "who": one.by.display_name,
            "seen": [units_on_screen(sentence) for sentence in one.seen],
            "open": words.tests_in_words(one.open_tests) if one.open_tests else "",
        }
        for one in conclusions
    ]
