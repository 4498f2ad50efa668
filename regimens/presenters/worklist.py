"""The worklist in words."""

from typing import Any
from uuid import UUID

from django.urls import NoReverseMatch, reverse

from b12clinic.patients.presenters.lines import left_care
from monitoring.models import Alert
from monitoring.presenters.inbox import Now, address, owner_in_words, patients_of
from monitoring.presenters.rechecks import recheck_line
from monitoring.presenters.words import age, units_on_screen
from monitoring.queries.inbox import Asked, InboxPage, Show
from regimens.queries.worklist import Worklist


def worklist_page(worklist: Worklist, now: Now) -> dict[str, Any]:
    """Alerts, unsigned plans and overdue rechecks as rows ready to print."""
    return {
        "alerts": [
            {
                "severity": alert.severity,
                "sentence": units_on_screen(alert.sentence),
                "source": alert.source,
                "patient": alert.patient.name,
                "left": left_care(alert.patient),
                "chart_url": reverse("regimens:chart", args=[alert.patient.public_id]),
                "age": age(alert.raised_at, now.at),
                "owner": owner_in_words(alert.owner, now.user),
                "take_url": take_alert_url(alert),
                "end_url": end_alert_url(alert.public_id),
            }
            for alert in worklist.alerts
        ],
        "unsigned": [
            {
                "patient": assessment.patient.name,
                "cause": assessment.get_cause_display(),
                "by": assessment.by.display_name,
                "age": age(assessment.at, now.at),
                "url": reverse("regimens:compare", args=[assessment.public_id]),
            }
            for assessment in worklist.unsigned
        ],
        "rechecks": [recheck_line(recheck, now.today) for recheck in worklist.rechecks],
    }


def new_results(page: InboxPage, now: Now) -> dict[str, Any]:
    """Patients with results that nobody has acknowledged, each with the most pressing one, and the way to the inbox."""
    counts = page.counts
    told = [
        (counts[Show.CRITICAL], "critical"),
        (counts[Show.ABNORMAL], "abnormal"),
        (counts[Show.MINE], "yours"),
    ]
    return {
        "count": counts[Show.EVERYTHING],
        "told": ", ".join(f"{count} {what}" for count, what in told if count),
        "url": address(Asked()),
        "patients": patients_of(page, now),
        "more": page.after is not None,
    }


def take_alert_url(alert: Alert) -> str:
    """Where an alert is taken that nobody has; empty for one that somebody does."""
    return "" if alert.owner_id else reverse("monitoring:take_alert", args=[alert.public_id])


def end_alert_url(alert_id: UUID) -> str:
    """Where an alert is ended."""
    try:
        return reverse("monitoring:end_alert", args=[alert_id])
    except NoReverseMatch:
        return ""
