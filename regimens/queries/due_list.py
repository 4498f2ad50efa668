"""The injection due list: one row a patient, the dose waited for, in the order in which they fell due.

Neurological loading that is overdue is pinned above the rest. Counts and rows are read under the same filters, so that
they agree. A list of a day in the past is told by `due_look_back`.
"""

from dataclasses import dataclass, field
from datetime import date
from enum import Enum

from django.db.models import (
    CharField,
    Count,
    Exists,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.lookups import Exact, IsNull

from b12clinic.accounts.models import Clinic
from b12clinic.patients.models import Patient
from b12clinic.patients.queries import described, numbered
from b12clinic.vocabulary import PhaseKind
from regimens.models import ContactAttempt, Dose, Phase, Regimen, RegimenState
from regimens.protocols.due_bands import WEEK, Band, cut_offs
from regimens.protocols.vocabulary import ContactOutcome
from regimens.queries.due_rows import DueDose, rows_of

__all__ = [
    "PAGE",
    "TO_GIVE",
    "WEEK",
    "Asked",
    "Band",
    "Called",
    "DueList",
    "due_counts",
    "due_page",
    "searched",
    "waited_for",
]

TO_GIVE = (Band.LONG_OVERDUE, Band.OVERDUE, Band.TODAY)
"""What a day asks a nurse to give: all that has fallen due."""

PAGE = 50
PINNED = 25
"""At most so many are pinned on a page; more stand among the other rows, where none is lost."""


class Called(str, Enum):
    """What came of trying to reach the patient about the dose, as of the day asked for."""

    NOT_CALLED = "not_called"
    CALLED_TODAY = "called_today"
    AGREED = "agreed"
    CALL_LATER = "call_later"


LAST_WORD = {
    Called.AGREED: ContactOutcome.AGREED_TO_VISIT.value,
    Called.CALL_LATER: ContactOutcome.REMIND_TO_CALL_LATER.value,
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of the due list: the clinic's day, the filters, words to search by, and where the page begins.

    `today` is the clinic's present day; without it the list is never one that looks back. No band asks for what is to be
    given: all that has fallen due; `ahead` adds the next seven days to it. `window_open` leaves out whoever may not have
    the injection yet. `clinic` is what the list's own address names it by; the rows follow from the clinic itself.
    """

    as_of: date
    band: Band | None = None
    text: str = ""
    after: tuple[date, int] | None = None
    today: date | None = None
    kind: str = ""
    drug: str = ""
    route: str = ""
    called: Called | None = None
    ahead: bool = False
    window_open: bool = False
    clinic: str = ""

    @property
    def everywhere(self) -> bool:
        """Whether every band is looked through: words are searched for and no band was chosen."""
        return bool(self.text) and self.band is None and not self.ahead

    @property
    def looks_back(self) -> bool:
        """Whether what happened since must be left out."""
        return self.today is not None and self.as_of < self.today


@dataclass(frozen=True, slots=True)
class DueList:
    """A page: the pinned doses, the others, whether more follow, how many stand in each band, how many could be pinned."""

    pinned: list[DueDose]
    doses: list[DueDose]
    more: bool
    counts: dict[Band, int] = field(default_factory=dict)
    urgent: int = 0

    @property
    def rows(self) -> list[DueDose]:
        """Every row of the page, the pinned ones first."""
        return self.pinned + self.doses


_RUNNING = Regimen.objects.filter(
    phases=OuterRef("phase"),
    state=RegimenState.ACTIVE,
    patient__died_on=None,
    patient__moved_on=None,
).values("pk")

# Asked of each dose by itself: joined, the planner takes the few doses waited for to be many and reads whole tables.
_WAITED_FOR = Dose.objects.filter(IsNull(Subquery(_RUNNING), False), is_next=True)


# By itself for the same reason: only doses that are overdue are asked in which phase they stand.
_IN_MAINTENANCE = Phase.objects.filter(pk=OuterRef("phase"), kind=PhaseKind.MAINTENANCE.value)


def waited_for(clinic: Clinic) -> QuerySet[Dose]:
    """The doses that the clinic's patients wait for: running regimens of people alive and not moved away."""
    return _WAITED_FOR.filter(clinic=clinic)


def due_page(clinic: Clinic, asked: Asked, size: int = PAGE) -> DueList:
    """One page of the list by keyset, `size` rows with the pinned ones; at most three queries whatever the rows."""
    counts, urgent = due_counts(clinic, asked)
    if not _shown(asked, counts):
        return DueList(pinned=[], doses=[], more=False, counts=counts, urgent=urgent)
    matching = _filtered(waited_for(clinic), clinic, asked).filter(_in_band(asked)).order_by("due_on", "id")
    if asked.after is None and urgent <= PINNED and _shown(asked, counts) <= size:
        return _in_one_read(matching[: size + PINNED], asked, counts, urgent)
    pinned: list[DueDose] = []
    if urgent:
        pinned = rows_of(matching.filter(urgent=True, overdue_on__lte=asked.as_of)[:PINNED])
        matching = matching.exclude(pk__in=[dose.id for dose in pinned])
    if asked.after is not None:
        due_on, last_id = asked.after
        matching = matching.filter(due_on__gte=due_on).exclude(due_on=due_on, id__lte=last_id)
    size -= len(pinned)
    rows = rows_of(matching[: size + 1])
    return DueList(pinned=pinned, doses=rows[:size], more=len(rows) > size, counts=counts, urgent=urgent)


def _shown(asked: Asked, counts: dict[Band, int]) -> int:
    return sum(count for band, count in counts.items() if shows(asked, band))


def _in_one_read(matching: QuerySet[Dose], asked: Asked, counts: dict[Band, int], urgent: int) -> DueList:
    """The page where it holds the whole list; `matching` is cut at a page, so that the planner expects no more."""
    pinned: list[DueDose] = []
    others: list[DueDose] = []
    for row in rows_of(matching):
        (pinned if row.urgent and row.overdue_on <= asked.as_of else others).append(row)
    return DueList(pinned=pinned, doses=others, more=False, counts=counts, urgent=urgent)


def due_counts(clinic: Clinic, asked: Asked) -> tuple[dict[Band, int], int]:
    """How many stand in each band under the same filters but the band, and how many of them are urgent and overdue."""
    as_of = asked.as_of
    counted = _filtered(all_waited_for(clinic), clinic, asked).aggregate(
        all=Count("id"),
        overdue=Count("id", filter=Q(overdue_on__lte=as_of)),
        long=Count("id", filter=_band(Band.LONG_OVERDUE, as_of)),
        come=Count("id", filter=Q(due_on__lte=as_of)),
        near=Count("id", filter=Q(due_on__lte=as_of + WEEK)),
        urgent=Count("id", filter=Q(urgent=True, overdue_on__lte=as_of)),
    )
    return {
        Band.LONG_OVERDUE: counted["long"],
        Band.OVERDUE: counted["overdue"] - counted["long"],
        Band.TODAY: counted["come"] - counted["overdue"],
        Band.WEEK: counted["near"] - counted["come"],
        Band.LATER: counted["all"] - counted["near"],
    }, counted["urgent"]


def all_waited_for(clinic: Clinic) -> QuerySet[Dose]:
    """The same doses as `waited_for`, asked of the whole clinic at once: to count later ones every dose is read anyway."""
    left = Patient.objects.filter(clinic=clinic).exclude(died_on=None, moved_on=None)
    at_rest = Phase.objects.filter(regimen__clinic=clinic).exclude(regimen__state=RegimenState.ACTIVE)
    return Dose.objects.filter(
        ~Q(patient__in=left.values("pk")), ~Q(phase__in=at_rest.values("pk")), clinic=clinic, is_next=True
    )


def _filtered(doses: QuerySet[Dose], clinic: Clinic, asked: Asked) -> QuerySet[Dose]:
    doses = searched(doses, clinic, asked.text, asked.today or asked.as_of)
    for name, wanted in (("kind", asked.kind), ("drug", asked.drug), ("route", asked.route)):
        if wanted:
            doses = doses.filter(**{f"phase__{name}": wanted})
    if asked.window_open:
        doses = doses.filter(earliest_on__lte=asked.as_of)
    if asked.called is not None:
        doses = doses.filter(_called(asked.called, min(asked.as_of, asked.today or asked.as_of)))
    return doses


def searched(doses: QuerySet[Dose], clinic: Clinic, text: str, today: date) -> QuerySet[Dose]:
    """The doses of patients found by the text as in the register: the beginning of a name or number, or a date of birth."""
    if not text:
        return doses
    found = Q(patient__in=described(clinic, text, today).values("pk"))
    numbers = numbered(clinic, text)
    if not numbers.query.is_empty():
        found |= Q(patient__in=numbers.values("patient"))
    return doses.filter(found)


def _called(called: Called, day: date) -> Q:
    about = ContactAttempt.objects.filter(dose=OuterRef("pk"))
    if called is Called.NOT_CALLED:
        return ~Q(Exists(about))
    if called is Called.CALLED_TODAY:
        return Q(Exists(about.filter(on=day)))
    last = about.order_by("-on", "-id").values("outcome")[:1]
    return Q(Exact(Subquery(last, output_field=CharField()), LAST_WORD[called]))


def _long_due(as_of: date) -> Q:
    """Due so long ago that an overdue dose counts as long overdue; its phase is looked at only between the two cut-offs."""
    cut = cut_offs(as_of)
    in_maintenance = Q(Exists(_IN_MAINTENANCE))
    by_kind = in_maintenance if cut.maintenance > cut.loading else ~in_maintenance
    earlier, later = sorted((cut.loading, cut.maintenance))
    other = Q(due_on__lte=earlier) | (Q(due_on__lte=later) & by_kind)
    return Q(urgent=True, due_on__lte=cut.neuro_loading) | (Q(urgent=False) & other)


def shows(asked: Asked, band: Band) -> bool:
    """Whether doses of a band are on the list asked for."""
    if asked.band is not None:
        return band is asked.band
    return asked.everywhere or band in TO_GIVE or (asked.ahead and band is Band.WEEK)


def _in_band(asked: Asked) -> Q:
    if asked.band is not None:
        return _band(asked.band, asked.as_of)
    if asked.everywhere:
        return Q()
    return Q(due_on__lte=asked.as_of + WEEK if asked.ahead else asked.as_of)


def _band(band: Band, as_of: date) -> Q:
    if band is Band.LONG_OVERDUE:
        return Q(overdue_on__lte=as_of) & _long_due(as_of)
    if band is Band.OVERDUE:
        return Q(overdue_on__lte=as_of) & ~_long_due(as_of)
    if band is Band.TODAY:
        return Q(due_on__lte=as_of, overdue_on__gt=as_of)
    if band is Band.WEEK:
        return Q(due_on__gt=as_of, due_on__lte=as_of + WEEK)
    return Q(due_on__gt=as_of + WEEK)
