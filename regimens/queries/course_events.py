"""What prescribers decided on a running regimen besides its dates: pause, direction, reviews, a late dose."""

from dataclasses import dataclass

from monitoring.models import Alert
from regimens.courses import is_neurological_loading
from regimens.incidents import LATE_DOSE
from regimens.models import Direction, NeuroReview, Pause, Phase, Regimen


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
    """By a fixed number of queries."""
    phases = list(regimen.phases.filter(finished_on__isnull=True))
    loading = next((one for one in phases if is_neurological_loading(regimen, one)), None)
    reviews = NeuroReview.objects.filter(phase__regimen=regimen).select_related("by")
    return CourseEvents(
        regimen=regimen,
        pause=regimen.pauses.filter(ended_on__isnull=True).select_related("by").first(),
        direction=regimen.directions.filter(ended_on__isnull=True).select_related("by").first(),
        loading=loading if loading and loading.review_on else None,
        reviews=list(reviews) if regimen.neurological else [],
        late=list(Alert.objects.filter(patient_id=regimen.patient_id, rule=LATE_DOSE, ended_at=None)),
    )
