"""Say on an open alert that the value it speaks of no longer stands, and what does: ending it stays with a person."""

from collections.abc import Collection
from datetime import datetime
from zoneinfo import ZoneInfo

from b12clinic.accounts.models import AuditEvent, Clinic, User
from b12clinic.accounts.services import audit
from monitoring.models import Alert, Result
from monitoring.queries.alerts import OF_A_RESULT


def tell_corrections(
    *, clinic: Clinic, patients: Collection[int], superseded: Collection[int], by: User | None, at: datetime
) -> None:
    """Put in front of each open alert on one of the superseded results, or on one that they had replaced, what stands now.

    Call it under the patients' locks, in the transaction that writes the corrections.
    """
    found = Alert.objects.filter(
        clinic=clinic, patient__any_of=patients, ended_at=None, subject__startswith=OF_A_RESULT
    )
    alerts = list(found) if superseded else []
    events = [
        _told(alert, stands, clinic, by=by, at=at) for alert, stands in _corrected(alerts, set(superseded))
    ]
    audit.note_all(events)


def _corrected(alerts: list[Alert], superseded: set[int]) -> list[tuple[Alert, Result]]:
    """The alerts whose chain of corrections leads over a superseded result, each with the row at the end of it."""
    by_subject = {alert.subject.removeprefix(OF_A_RESULT): alert for alert in alerts}
    results = Result.objects.filter(public_id__in=by_subject).only("pk", "public_id")
    ends = {result.pk: by_subject[str(result.public_id)] for result in results}
    stands: dict[int, Result] = {}
    concerned: set[int] = set()
    while ends:
        concerned |= {alert.pk for pk, alert in ends.items() if pk in superseded}
        newer = {
            row: ends[row.supersedes_id or 0]
            for row in Result.objects.filter(supersedes__in=ends).select_related("recorded_by")
        }
        stands |= {alert.pk: row for row, alert in newer.items()}
        ends = {row.pk: alert for row, alert in newer.items()}
    return [(alert, stands[alert.pk]) for alert in alerts if alert.pk in concerned]


def _told(alert: Alert, stands: Result, clinic: Clinic, *, by: User | None, at: datetime) -> AuditEvent:
    before = alert.sentence
    alert.sentence = f"{_in_words(stands, clinic, at)}. Before that: {before}"
    alert.save(update_fields=["sentence"])
    return audit.event(
        at=at,
        clinic=clinic,
        by=by,
        action="alert.value_corrected",
        subject=f"alert:{alert.pk} {alert.rule}",
        patient_id=alert.patient_id,
        before={"sentence": before},
        after={"sentence": alert.sentence},
    )


def _in_words(stands: Result, clinic: Clinic, at: datetime) -> str:
    """ "Corrected to 4.6 mmol/L by the laboratory, 14 Jan 2026 at 16:00": the moment is that of the correction."""
    by_whom = (
        stands.recorded_by.display_name if stands.recorded_by and not stands.file_id else "the laboratory"
    )
    local = at.astimezone(ZoneInfo(clinic.time_zone))
    when = f"{local.day} {local:%b %Y} at {local:%H:%M}"
    if stands.entered_in_error:
        return f"Marked as entered in error by {by_whom}, {when}"
    return f"Corrected to {stands.comparator}{stands.reported_value} {stands.unit} by {by_whom}, {when}"
