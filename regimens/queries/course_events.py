"""What prescribers decided on a running regimen besides its dates: pause, direction, reviews, a late dose."""

from collections.abc import Sequence
from dataclasses import dataclass

from monitoring.models import Alert
from regimens.courses import is_neurological_loading
from regimens.incidents import LATE_DOSE
from regimens.models import Direction, NeuroReview, Pause, Phase, Regimen, RegimenState
from regimens.queries.chart import Chart


@dataclass(frozen=True, slots=True)
class CourseEvents:
    """The open pause and direction of a regimen, its loading under review with the reviews so far, and late doses."""

    regimen: Regimen
    pause: Pause | None
    direction: Direction | None
    loading: Phase | None
    reviews: list[NeuroReview]
    late: list[Alert]


def course_events(regimen: Regimen) -> CourseEvents:
    """All of it, read by a fixed number of queries."""
    direction = regimen.directions.filter(ended_on__isnull=True).select_related("by").first()
    alerts = Alert.objects.filter(patient_id=regimen.patient_id, ended_at=None)
    return _events(regimen, list(regimen.phases.all()), list(alerts), direction)


def course_events_on(chart: Chart, regimen: Regimen) -> CourseEvents:
    """The same out of a chart; only a pause and the reviews of a neurological regimen are read."""
    return _events(regimen, chart.phases.get(regimen.pk, []), chart.alerts, chart.direction)


def _events(
    regimen: Regimen, phases: Sequence[Phase], alerts: Sequence[Alert], direction: Direction | None
) -> CourseEvents:
    running = [one for one in phases if one.finished_on is None]
    loading = next((one for one in running if is_neurological_loading(regimen, one)), None)
    reviews = NeuroReview.objects.filter(phase__regimen=regimen).select_related("by")
    return CourseEvents(
        regimen=regimen,
        pause=_open_pause(regimen) if regimen.state == RegimenState.PAUSED else None,
        direction=direction,
        loading=loading if loading and loading.review_on else None,
        reviews=list(reviews) if regimen.neurological else [],
        late=[alert for alert in alerts if alert.rule == LATE_DOSE],
    )


def _open_pause(regimen: Regimen) -> Pause | None:
    return regimen.pauses.filter(ended_on__isnull=True).select_related("by").first()
