"""The last word on a dose: what was said of it last, by a call or by a try that led to no injection.

Local policy. The later day counts, and of one day what was recorded later; what was entered in error was never said. A last
word that names a day postpones the dose until that day has passed, and nobody is reminded of it until then. A wrong number
postpones nothing: nobody was reached by it. Whoever is removed from the calls is left to prescribers and the clinic.
"""

from datetime import date
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.lookups import IsNull

from regimens.models import Administration, ContactAttempt, Outcome
from regimens.protocols.vocabulary import ContactOutcome
from regimens.queries.contacts import LAST_OF_DOSE

_TRIES = Administration.objects.filter(
    outcome=Outcome.NOT_GIVEN, dose__isnull=False, corrected_by__isnull=True, entered_in_error=False
)
_LAST_TRY = _TRIES.filter(dose=OuterRef("dose")).order_by("-given_on", "-id").values("pk")[:1]

_CALLED_SINCE = ContactAttempt.objects.filter(
    Q(on__gt=OuterRef("given_on")) | Q(on=OuterRef("given_on"), at__gte=OuterRef("recorded_at")),
    dose=OuterRef("dose"),
)
_TRIED_SINCE = _TRIES.filter(
    Q(given_on__gt=OuterRef("on")) | Q(given_on=OuterRef("on"), recorded_at__gt=OuterRef("at")),
    dose=OuterRef("dose"),
)


def _none_of(rows: QuerySet[Any]) -> IsNull:
    """Asked of each of the few rows by itself: joined, the planner reads whole tables."""
    return IsNull(Subquery(rows.order_by().values("pk")[:1]), True)


_LAST_CALLS = ContactAttempt.objects.filter(_none_of(_TRIED_SINCE), pk=Subquery(LAST_OF_DOSE))
_LAST_TRIES = _TRIES.filter(_none_of(_CALLED_SINCE), pk=Subquery(_LAST_TRY))


def postponed(today: date, **of: Any) -> QuerySet[Any, Any]:
    """The keys of the doses that rest on a day, among those `of` a clinic or one dose: few, found by the days that were named."""
    named = {"next_action_on__gte": today} | of
    calls = _LAST_CALLS.filter(**named).exclude(outcome=ContactOutcome.WRONG_NUMBER.value)
    tries = _LAST_TRIES.filter(**named)
    return calls.order_by().values_list("dose").union(tries.order_by().values_list("dose"), all=True)


def not_to_be_called(**of: Any) -> QuerySet[Any, Any]:
    """The keys of the doses whose patients were removed from the calls about them, likewise."""
    removed = _LAST_CALLS.filter(outcome=ContactOutcome.REMOVED.value, **of)
    return removed.order_by().values_list("dose")
