"""The worklist in words."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.urls import NoReverseMatch, reverse

from monitoring.presenters.words import tests_in_words
from regimens.presenters.words import day, days
from regimens.queries.worklist import Worklist


def worklist_page(worklist: Worklist, today: date, now: datetime) -> dict[str, Any]:
    """Alerts, unsigned plans and overdue rechecks as rows ready to print."""
    return {
        "alerts": [
            {
                "severity": alert.severity,
                "sentence": alert.sentence,
                "source": alert.source,
                "patient": alert.patient.name,
                "chart_url": reverse("regimens:chart", args=[alert.patient.public_id]),
                "age": age(alert.raised_at, now),
                "owner": alert.owner.display_name if alert.owner else "nobody yet",
                "end_url": end_alert_url(alert.public_id),
            }
            for alert in worklist.alerts
        ],
        "unsigned": [
            {
                "patient": assessment.patient.name,
                "cause": assessment.get_cause_display(),
                "by": assessment.by.display_name,
                "age": age(assessment.at, now),
                "url": reverse("regimens:compare", args=[assessment.public_id]),
            }
            for assessment in worklist.unsigned
        ],
        "rechecks": [
            {
                "patient": recheck.patient.name,
                "chart_url": reverse("regimens:chart", args=[recheck.patient.public_id]),
                "tests": tests_in_words(recheck.tests),
                "when": f"Overdue {days((today - recheck.due_on).days)}",
                "due": f"due {day(recheck.due_on, today)}",
                "enter_url": reverse("monitoring:enter", args=[recheck.patient.public_id]),
            }
            for recheck in worklist.rechecks
        ],
    }


def end_alert_url(alert_id: UUID) -> str:
    """Where an alert is ended."""
    try:
        return reverse("monitoring:end_alert", args=[alert_id])
    except NoReverseMatch:
        return ""


def age(since: datetime, now: datetime) -> str:
    """How long something has waited: "3 hours", "2 days"."""
    waited = max(now - since, timedelta())
    if waited.days:
        return days(waited.days)
    hours = waited.seconds // 3600
    return f"{hours} hour{'' if hours == 1 else 's'}" if hours else "under an hour"
