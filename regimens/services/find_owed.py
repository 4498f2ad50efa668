"""What the plans of a clinic have come to on a day: injections due soon or missed, reviews due, plans not signed."""

from collections.abc import Sequence
from datetime import date
from functools import partial

from django.db.models import Case, CharField, OuterRef, Subquery, Value, When
from django.db.models.lookups import Exact

from b12clinic.accounts.models import Clinic
from b12clinic.messages.ladder import PhaseGroup, Step, of_kind
from b12clinic.messages.services.owe_found import Found, Unless
from b12clinic.vocabulary import PhaseKind
from regimens.models import Phase
from regimens.queries.due_list import all_waited_for
from regimens.queries.last_word import not_to_be_called, postponed
from regimens.queries.plans import open_reviews, unsigned_assessments
from regimens.services.withhold_reminders import CALLERS
from regimens.subjects import INJECTION_DUE, MISSED_INJECTION, OF_A_DOSE, REVIEW_DUE, UNSIGNED_REGIMEN

# Asked of each dose by itself, as the due list does: joined, the planner reads whole tables.
_KIND = Subquery(Phase.objects.filter(pk=OuterRef("phase")).order_by().values("kind"))
_GROUP = Case(
    When(urgent=True, then=Value(PhaseGroup.NEUROLOGICAL_LOADING.value)),
    When(Exact(_KIND, PhaseKind.MAINTENANCE.value), then=Value(PhaseGroup.MAINTENANCE.value)),
    default=Value(PhaseGroup.LOADING.value),
    output_field=CharField(),
)


def find_owed(clinic: Clinic, ladder: Sequence[Step], today: date) -> list[Found | Unless]:
    """What the rungs that speak of a plan have reached, and the doses of which the last word on them lets nobody speak."""
    return [
        _missed(clinic, of_kind(ladder, MISSED_INJECTION), today),
        _due(clinic, of_kind(ladder, INJECTION_DUE), today),
        _review(clinic, of_kind(ladder, REVIEW_DUE), today),
        _unsigned(clinic, of_kind(ladder, UNSIGNED_REGIMEN), today),
        Unless(OF_A_DOSE, postponed(today, clinic=clinic)),
        Unless(OF_A_DOSE, not_to_be_called(clinic=clinic), CALLERS),
    ]


def _missed(clinic: Clinic, rungs: Sequence[Step], today: date) -> Found:
    """A window ends after its due day, so that the index by due day finds what has left its window.

    Inside its window nothing is missed, whatever the ladder says.
    """

    def reached_by(step: Step) -> date:
        return min(step.cut_off(today), today)

    doses = all_waited_for(clinic).filter(due_on__lt=today)
    return Found(
        rows=doses, rungs=rungs, about="due_on", counted="overdue_on", group=_GROUP, reached_by=reached_by
    )


def _due(clinic: Clinic, rungs: Sequence[Step], today: date) -> Found:
    return Found(
        rows=all_waited_for(clinic).filter(due_on__gte=today),
        rungs=rungs,
        about="due_on",
        group=_GROUP,
        reached_by=partial(Step.cut_off, today=today),
    )


def _review(clinic: Clinic, rungs: Sequence[Step], today: date) -> Found:
    return Found(
        rows=open_reviews(clinic),
        rungs=rungs,
        about="review_on",
        clinic="regimen__clinic_id",
        patient="regimen__patient",
        reached_by=partial(Step.cut_off, today=today),
    )


def _unsigned(clinic: Clinic, rungs: Sequence[Step], today: date) -> Found:
    return Found(
        rows=unsigned_assessments(clinic).select_related(None),
        rungs=rungs,
        about="as_of",
        reached_by=partial(Step.cut_off, today=today),
    )
