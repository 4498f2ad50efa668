"""What the plans of a clinic have come to on a day: injections due soon or missed, reviews due, plans not signed."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.lookups import Exact

from b12clinic.accounts.models import Clinic
from b12clinic.messages.ladder import PhaseGroup, Step, of_kind
from b12clinic.messages.services.owe_found import found
from b12clinic.vocabulary import PhaseKind
from regimens.models import Assessment, Dose, Phase, RegimenState
from regimens.queries.due_list import all_waited_for
from regimens.queries.plans import unsigned_assessments
from regimens.subjects import INJECTION_DUE, MISSED_INJECTION, REVIEW_DUE, UNSIGNED_REGIMEN

# Asked of each dose by itself, as the due list does: joined, the planner reads whole tables.
_KIND = Subquery(Phase.objects.filter(pk=OuterRef("phase")).order_by().values("kind"))
_IN_GROUP = {
    PhaseGroup.NEUROLOGICAL_LOADING.value: Q(urgent=True),
    PhaseGroup.LOADING.value: Q(urgent=False) & ~Q(Exact(_KIND, PhaseKind.MAINTENANCE.value)),
    PhaseGroup.MAINTENANCE.value: Q(urgent=False) & Q(Exact(_KIND, PhaseKind.MAINTENANCE.value)),
}


def find_owed(clinic: Clinic, ladder: Sequence[Step], today: date) -> list[QuerySet[Any, Any]]:
    """One queryset of messages for each rung that speaks of a plan."""
    return [
        *(found(_missed(clinic, step, today), step, "due_on") for step in of_kind(ladder, MISSED_INJECTION)),
        *(found(_due(clinic, step, today), step, "due_on") for step in of_kind(ladder, INJECTION_DUE)),
        *(_review(clinic, step, today) for step in of_kind(ladder, REVIEW_DUE)),
        *(found(_unsigned(clinic, step, today), step, "as_of") for step in of_kind(ladder, UNSIGNED_REGIMEN)),
    ]


def _missed(clinic: Clinic, step: Step, today: date) -> QuerySet[Dose]:
    """A window ends after its due day, so that the index by due day finds what has left its window.

    Inside its window nothing is missed, whatever the ladder says.
    """
    latest = min(step.cut_off(today), today)
    return all_waited_for(clinic).filter(_IN_GROUP[step.phase], overdue_on__lte=latest, due_on__lt=latest)


def _due(clinic: Clinic, step: Step, today: date) -> QuerySet[Dose]:
    return all_waited_for(clinic).filter(
        _IN_GROUP[step.phase], due_on__lte=step.cut_off(today), due_on__gte=today
    )


def _review(clinic: Clinic, step: Step, today: date) -> QuerySet[Any, Any]:
    phases = Phase.objects.filter(
        regimen__clinic=clinic,
        regimen__state=RegimenState.ACTIVE,
        regimen__patient__died_on=None,
        regimen__patient__moved_on=None,
        finished_on=None,
        review_on__lte=step.cut_off(today),
    )
    return found(phases, step, "review_on", clinic="regimen__clinic_id", patient="regimen__patient")


def _unsigned(clinic: Clinic, step: Step, today: date) -> QuerySet[Assessment]:
    return unsigned_assessments(clinic).select_related(None).filter(as_of__lte=step.cut_off(today))
