"""What waits for a prescriber, as rows of the worklist."""

from datetime import date, datetime
from typing import Any

from django.urls import reverse

from monitoring.presenters.words import age
from regimens.models import Regimen
from regimens.presenters.course_panel import late_url, review_line, review_url
from regimens.presenters.words import day, paused_until
from regimens.queries.decisions import Decisions


def decision_rows(waiting: Decisions, today: date, now: datetime) -> list[dict[str, Any]]:
    """Late doses first, then reviews, pauses and people gone; each with its sentence and where it is answered."""
    late = [
        {
            "patient": alert.patient,
            "what": "Late dose",
            "sentence": alert.sentence,
            "when": f"waiting {age(alert.raised_at, now)}",
            "url": late_url(alert),
            "act": "Decide",
        }
        for alert in waiting.late
    ]
    reviews = [
        {
            "patient": phase.regimen.patient,
            "what": "Neurological review",
            "sentence": review_line(phase, today),
            "when": "",
            "url": review_url(phase),
            "act": "Review",
        }
        for phase in waiting.reviews
    ]
    pauses: list[dict[str, Any]] = [
        {
            "patient": pause.regimen.patient,
            "what": "Pause ends" if pause.until_on else "Pause to decide on",
            "sentence": f"{paused_until(pause.until_on, today)}: {pause.reason}",
            "when": "",
            "url": reverse("regimens:resume", args=[pause.regimen.public_id]),
            "act": "Resume",
        }
        for pause in waiting.pauses
    ]
    gone = [_gone(regimen, today) for regimen in waiting.gone]
    return [_row(one) for one in (*late, *reviews, *pauses, *gone)]


def _gone(regimen: Regimen, today: date) -> dict[str, Any]:
    patient = regimen.patient
    died = patient.died_on is not None
    left_on = patient.died_on or patient.moved_on or today
    return {
        "patient": patient,
        "what": "Left our care",
        "sentence": f"{'Died' if died else 'Moved away'} on {day(left_on, today)}; the regimen is still running.",
        "when": "",
        "url": reverse("regimens:stop", args=[regimen.public_id]),
        "act": "Stop",
    }


def _row(one: dict[str, Any]) -> dict[str, Any]:
    patient = one["patient"]
    return one | {"patient": patient.name, "chart_url": reverse("regimens:chart", args=[patient.public_id])}
