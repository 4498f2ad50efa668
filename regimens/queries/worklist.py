"""What waits for a clinician: open alerts, new results to review, plans not signed, rechecks overdue."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Case, DateTimeField, F, IntegerField, OrderBy, Q, Value, When

from b12clinic.accounts.models import Clinic, User
from b12clinic.vocabulary import Severity
from monitoring.models import Alert, Recheck
from monitoring.queries.alerts import open_alerts
from monitoring.queries.inbox import Asked as InboxAsked
from monitoring.queries.inbox import InboxPage, inbox_page
from monitoring.queries.lab_files import Waiting, rows_that_wait
from monitoring.queries.rechecks import overdue_rechecks
from regimens.incidents import REACTION_RULES
from regimens.models import Assessment
from regimens.queries.due_list import Asked, Band, due_counts
from regimens.queries.plans import unsigned_assessments

SHOWN = 50
PATIENTS_WITH_RESULTS = 8
"""Each with the most pressing result; the inbox has the rest."""
_EMERGENCY = Q(rule="REACTION_ANAPHYLAXIS")
_URGENT_REACTION = Q(rule__in=REACTION_RULES, severity=Severity.URGENT.value)


@dataclass(frozen=True, slots=True)
class Worklist:
    """What waits, urgent reactions first, then hardest and oldest first, each list cut at a page with its whole count beside it."""

    alerts: list[Alert]
    alert_count: int
    results: InboxPage
    lab_rows: Waiting
    unsigned: list[Assessment]
    rechecks: list[Recheck]
    recheck_count: int
    overdue_injections: int
    due_today: int


def worklist_for(clinic: Clinic, user: User, today: date) -> Worklist:
    """A clinic's worklist on its own day, as `user` counts the results that are theirs."""
    alerts = open_alerts(clinic)
    rechecks = overdue_rechecks(clinic, today)
    counts, _ = due_counts(clinic, Asked(as_of=today))
    return Worklist(
        alerts=list(
            alerts.annotate(rank=_rank())
            .order_by("rank", _newest_reaction(), "raised_at")
            .select_related("patient", "owner")[:SHOWN]
        ),
        alert_count=alerts.count(),
        results=inbox_page(clinic, user, InboxAsked(), patients=PATIENTS_WITH_RESULTS, rows=1),
        lab_rows=rows_that_wait(clinic),
        unsigned=list(unsigned_assessments(clinic)[:SHOWN]),
        rechecks=list(rechecks.select_related("patient").prefetch_related("answers")[:SHOWN]),
        recheck_count=rechecks.count(),
        overdue_injections=counts[Band.LONG_OVERDUE] + counts[Band.OVERDUE],
        due_today=counts[Band.TODAY],
    )


def _rank() -> Case:
    """An anaphylactic reaction before all, then any other urgent reaction, then by how hard the finding speaks."""
    first = [When(_EMERGENCY, then=Value(-2)), When(_URGENT_REACTION, then=Value(-1))]
    whens = [When(severity=severity.value, then=Value(severity.rank)) for severity in Severity]
    return Case(*first, *whens, default=Value(len(whens)), output_field=IntegerField())


def _newest_reaction() -> OrderBy:
    """Of urgent reactions the newest stands first; of all else the oldest does, by what follows."""
    moment = Case(When(_EMERGENCY | _URGENT_REACTION, then=F("raised_at")), output_field=DateTimeField())
    return moment.desc()
