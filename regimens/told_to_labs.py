"""What labs ask of plans: on which days a patient is pregnant."""

from collections.abc import Collection
from datetime import timedelta

from b12clinic.vocabulary import Pregnancy
from monitoring.told import PREGNANT, Span
from regimens.models import Assessment

PREGNANCY_WEEKS = 40
"""How long a pregnancy is taken to last when nothing later has been said of it [local policy]."""


@PREGNANT.answered_by
def days_pregnant(patient_ids: Collection[int]) -> dict[int, list[Span]]:
    """From what the last assessment says: since the weeks it names, until term; a later one that says no ends it."""
    found: dict[int, list[Span]] = {}
    last_first = Assessment.objects.filter(patient__in=patient_ids).order_by("-id")
    for patient_id, pregnancy, weeks, as_of in last_first.values_list(
        "patient_id", "pregnancy", "gestation_weeks", "as_of"
    ):
        if patient_id not in found:
            gone = timedelta(weeks=weeks or 0)
            term = as_of - gone + timedelta(weeks=PREGNANCY_WEEKS)
            found[patient_id] = [Span(as_of - gone, term)] if pregnancy == Pregnancy.PREGNANT else []
    return found
