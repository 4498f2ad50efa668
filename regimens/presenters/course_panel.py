"""A prescriber's decisions on a running regimen, in words for the chart."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.urls import reverse

from b12clinic.vocabulary import PhaseKind
from monitoring.models import Alert
from regimens.models import Dose, NeuroReview, Phase, PlannedPause, Regimen
from regimens.presenters.words import day, days, paused_until
from regimens.queries.course_events import CourseEvents


def course_panel(events: CourseEvents, today: date) -> dict[str, Any]:
    """Notices and links: what is paused and until when, which review is due, which late dose waits for a decision."""
    regimen = events.regimen
    return {
        "regimen_id": regimen.public_id,
        "version": regimen.version,
        "paused": _paused(events, today),
        "resume_url": reverse("regimens:resume", args=[regimen.public_id]) if events.pause else "",
        "direction": _direction(events, today),
        "review": review_line(events.loading, today) if events.loading else "",
        "review_due": bool(events.loading and events.loading.review_on and events.loading.review_on <= today),
        "review_url": _review_url(regimen, events.loading) if events.loading else "",
        "reviews": reviews_in_words(events.reviews, today),
        "late_urls": [url for url in map(late_url, events.late) if url],
    }


def is_loading(regimen: Regimen) -> bool:
    """Whether the dose waited for belongs to the loading."""
    return Dose.objects.filter(phase__regimen=regimen, is_next=True, phase__kind=PhaseKind.LOADING).exists()


def review_url(phase: Phase) -> str:
    """Where a loading is reviewed."""
    return _review_url(phase.regimen, phase)


def _review_url(regimen: Regimen, phase: Phase) -> str:
    return reverse("regimens:review_loading", args=[regimen.public_id, phase.ordinal])


def late_url(alert: Alert) -> str:
    """Where the dose that an alert speaks of is decided on."""
    kind, _, dose_id = alert.subject.partition(":")
    return reverse("regimens:decide_late_dose", args=[dose_id]) if kind == "dose" else ""


def review_line(phase: Phase, today: date) -> str:
    """ "Neurological review due Mon 26 Jan, 3 days ago"; empty before the loading has begun."""
    if phase.review_on is None:
        return ""
    ahead = (phase.review_on - today).days
    when = "today" if not ahead else (f"in {days(ahead)}" if ahead > 0 else f"{days(-ahead)} ago")
    return f"Neurological review due {day(phase.review_on, today)}, {when}"


def reviews_in_words(reviews: Iterable[NeuroReview], today: date) -> list[dict[str, str]]:
    """Reviews signed so far, newest first."""
    return [
        {
            "head": f"{day(one.on, today)}: {one.get_change_display().lower()}, {one.by.display_name}",
            "found": f"Symptoms: {one.symptoms} · Signs: {one.signs} · Gait: {one.gait}",
            "changed": one.what_changed,
            "then": f"Next review {day(one.next_review_on, today)}"
            if one.next_review_on
            else "The loading ended",
        }
        for one in reviews
    ]


def planned_line(planned: PlannedPause | None, today: date) -> str:
    """A pause that has not begun: its days, its reason, who signed it; empty without one."""
    if planned is None:
        return ""
    days_of = f"From {day(planned.from_on, today)} until {day(planned.until_on, today)}"
    return f"{days_of}, by {planned.by.display_name}: {planned.reason.rstrip(' .')}."


def _paused(events: CourseEvents, today: date) -> str:
    pause = events.pause
    if pause is None:
        return ""
    return (
        f"{paused_until(pause.until_on, today)}, since {day(pause.from_on, today)}, by {pause.by.display_name}:"
        f" {pause.reason.rstrip(' .')}. Nobody waits for a dose and no reminder goes out until then."
    )


def _direction(events: CourseEvents, today: date) -> str:
    one = events.direction
    if one is None:
        return ""
    over = " It has run out." if one.until_on < today else ""
    return f"{day(one.from_on, today)} to {day(one.until_on, today)}, signed by {one.by.display_name}.{over}"
