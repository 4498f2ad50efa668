"""What prescribers decided on a running regimen besides its dates: pause, direction, reviews, a late dose."""

from collections.abc import Sequence
from dataclasses import dataclass

from monitoring.models import Alert
from regimens.courses import is_neurological_loading
from regimens.incidents import LATE_DOSE
from regimens.models import Direction, NeuroReview, Pause, Phase, Regimen, RegimenState


@dataclass(frozen=True, slots=True)
class CourseEvents:
    """The open pause and direction of a regimen, its loading under review with the reviews so far, and late doses."""

    regimen: Regimen
    pause: Pause | None
    direction: Direction | None
    loading: Phase | None
    reviews: list[NeuroReview]
    late: list[Alert]


def course_events(
    regimen: Regimen, phases: Sequence[Phase] | None = None, alerts: Sequence[Alert] | None = None
) -> CourseEvents:
    """By three queries at most, where the caller has read the regimen's phases and the patient's open alerts."""
    if alerts is None:
        alerts = list(Alert.objects.filter(patient_id=regimen.patient_id, ended_at=None))
    running = [one for one in phases or regimen.phases.all() if one.finished_on is None]
    loading = next((one for one in running if is_neurological_loading(regimen, one)), None)
    reviews = NeuroReview.objects.filter(phase__regimen=regimen).select_related("by")
    return CourseEvents(
        regimen=regimen,
        pause=_open_pause(regimen) if regimen.state == RegimenState.PAUSED else None,
        direction=regimen.directions.filter(ended_on__isnull=True).select_related("by").first(),
        loading=loading if loading and loading.review_on else None,
        reviews=list(reviews) if regimen.neurological else [],
        late=[alert for alert in alerts if alert.rule == LATE_DOSE],
    )


def _open_pause(regimen: Regimen) -> Pause | None:
    return regimen.pauses.filter(ended_on__isnull=True).select_related("by").first()
