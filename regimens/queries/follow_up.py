"""The follow-up report: one row for each patient the clinic follows on a regimen, as of a day.

Read by name in keyset batches, with the same number of queries for a batch whatever its size, so that an export of
thousands keeps flat memory. For a day in the past, what was recorded for later days is left out; the plan itself (its
phases and dates) is the one that stands now.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from b12clinic.accounts.models import Clinic
from b12clinic.patients.models import Patient
from regimens.models import Dose, Phase, Regimen, RegimenState, Revision, RevisionKind
from regimens.queries import follow_up_details as details

PAGE = 50
BATCH = 500


@dataclass(frozen=True, slots=True)
class FollowUpAsked:
    """What is asked of the report: the clinic's day, a kind of phase or all, only the overdue or everybody.

    `today` is the clinic's present day; `after` is the patient after whom a page begins.
    """

    as_of: date
    today: date
    phase: str = ""
    only_overdue: bool = False
    after: UUID | None = None

    @property
    def looks_back(self) -> bool:
        """Whether what happened since must be left out."""
        return self.as_of < self.today


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpRow:
    """One followed patient. `given` counts the doses of the present phase, `given_in_all` those of the regimen."""

    patient_public_id: UUID
    name: str
    born_on: date
    cause: str
    state: str
    lifelong: bool
    phase: details.PhaseNow | None
    given: int
    given_in_all: int
    not_given: int
    identifier: details.Identifier | None
    protocol: details.SignedProtocol | None
    due_on: date | None
    days_overdue: int
    last: details.LastInjection | None
    recheck: details.NextRecheck | None
    results: dict[str, details.LastResult]


def follow_up_count(clinic: Clinic, asked: FollowUpAsked) -> int:
    """How many rows the whole report has."""
    return _matching(clinic, asked).count()


def follow_up_page(
    clinic: Clinic, asked: FollowUpAsked, size: int = PAGE
) -> tuple[list[FollowUpRow], UUID | None]:
    """One page by name, and the patient after whom the next begins, None on the last."""
    regimens = _after(_matching(clinic, asked), _place_of(clinic, asked.after))
    found = _read(regimens, size + 1)
    rows = _rows(found[:size], asked)
    return rows, rows[-1].patient_public_id if len(found) > size else None


def follow_up_batches(clinic: Clinic, asked: FollowUpAsked, size: int = BATCH) -> Iterator[list[FollowUpRow]]:
    """The whole report in batches."""
    place: tuple[str, int] | None = None
    while True:
        found = _read(_after(_matching(clinic, asked), place), size)
        if found:
            yield _rows(found, asked)
        if len(found) < size:
            return
        place = (found[-1].name_key, found[-1].patient_id)


def _matching(clinic: Clinic, asked: FollowUpAsked) -> QuerySet[Regimen]:
    """The regimens of the report. Only what is asked for is worked out for all of them; the rest waits for the batch."""
    regimens: QuerySet[Regimen] = Regimen.objects.filter(_followed(clinic, asked), clinic=clinic)
    if asked.phase:
        regimens = _in_phase(regimens, asked)
    if asked.only_overdue:
        regimens = regimens.filter(state=RegimenState.ACTIVE)
        regimens = _was_overdue(regimens, asked) if asked.looks_back else _is_overdue(regimens, clinic, asked)
    return regimens.order_by("patient__name_key", "patient_id")


def _is_overdue(regimens: QuerySet[Regimen], clinic: Clinic, asked: FollowUpAsked) -> QuerySet[Regimen]:
    """By the dose that is waited for, which has an index of its own."""
    overdue = Dose.objects.filter(clinic=clinic, is_next=True, overdue_on__lte=asked.as_of)
    return regimens.filter(pk__in=overdue.values("phase__regimen"))


def _was_overdue(regimens: QuerySet[Regimen], asked: FollowUpAsked) -> QuerySet[Regimen]:
    first = _to_give(asked).values("overdue_on")[:1]
    return regimens.annotate(overdue_on=Subquery(first)).filter(overdue_on__lte=asked.as_of)


def _in_phase(regimens: QuerySet[Regimen], asked: FollowUpAsked) -> QuerySet[Regimen]:
    """By the phase of the dose still to give, or the last one where there is none."""
    last = Phase.objects.filter(regimen=OuterRef("pk")).order_by("-ordinal").values("kind")[:1]
    now = Coalesce(Subquery(_to_give(asked).values("phase__kind")[:1]), Subquery(last))
    return regimens.annotate(phase_now=now).filter(phase_now=asked.phase)


def _to_give(asked: FollowUpAsked) -> QuerySet[Dose]:
    """The doses that a regimen had still to give on the day, the next first."""
    still = details.still_to_give(asked.as_of, looks_back=asked.looks_back)
    return Dose.objects.filter(still, phase__regimen=OuterRef("pk")).order_by("phase__ordinal", "number")


def _followed(clinic: Clinic, asked: FollowUpAsked) -> Q:
    """Running regimens of people alive and not moved away, as it was on the day."""
    if not asked.looks_back:
        return Q(ended_on=None, patient__died_on=None, patient__moved_on=None)
    over = datetime.combine(asked.as_of + timedelta(days=1), time.min, tzinfo=ZoneInfo(clinic.time_zone))
    signed = Revision.objects.filter(regimen=OuterRef("pk"), kind=RevisionKind.SIGNED, at__lt=over)
    return (
        Q(Exists(signed))
        & (Q(ended_on=None) | Q(ended_on__gt=asked.as_of))
        & (Q(patient__died_on=None) | Q(patient__died_on__gt=asked.as_of))
        & (Q(patient__moved_on=None) | Q(patient__moved_on__gt=asked.as_of))
    )


class _Found(NamedTuple):
    """A regimen as read, in the order of `_COLUMNS`."""

    regimen_id: int
    patient_id: int
    name_key: str
    public_id: UUID
    name: str
    born_on: date
    cause: str
    state: str
    lifelong: bool


_COLUMNS = (
    "pk",
    "patient_id",
    "patient__name_key",
    "patient__public_id",
    "patient__name",
    "patient__born_on",
    "assessment__cause",
    "state",
    "lifelong",
)


def _read(regimens: QuerySet[Regimen], limit: int) -> list[_Found]:
    return [_Found(*row) for row in regimens.values_list(*_COLUMNS)[:limit]]


def _place_of(clinic: Clinic, public_id: UUID | None) -> tuple[str, int] | None:
    """Where in the list a patient of the clinic stands; the top for anybody else."""
    patients = (
        Patient.objects.filter(clinic=clinic, public_id=public_id) if public_id else Patient.objects.none()
    )
    return patients.values_list("name_key", "pk").first()


def _after(regimens: QuerySet[Regimen], place: tuple[str, int] | None) -> QuerySet[Regimen]:
    if place is None:
        return regimens
    name_key, patient_id = place
    return regimens.filter(
        Q(patient__name_key__gt=name_key) | Q(patient__name_key=name_key, patient_id__gt=patient_id)
    )


def _rows(found: list[_Found], asked: FollowUpAsked) -> list[FollowUpRow]:
    """The rows with what stands beside them, by one query each for the whole batch."""
    regimens, patients = [row.regimen_id for row in found], [row.patient_id for row in found]
    as_of = asked.as_of
    to_give = details.next_doses(regimens, details.still_to_give(as_of, looks_back=asked.looks_back))
    phases = details.phases(regimens)
    given = details.doses_given(regimens, as_of)
    not_given = details.attempts_not_given(patients, as_of)
    protocols = details.signed_protocols(regimens)
    identifiers = details.identifiers(patients)
    last = details.last_injections(patients, as_of)
    rechecks = details.next_rechecks(patients, as_of)
    results = details.last_results(patients, as_of)
    rows = []
    for row in found:
        dose, counted = to_give.get(row.regimen_id), given.get(row.regimen_id, {})
        phase = details.phase_now(phases.get(row.regimen_id, []), dose)
        waits = dose if row.state == RegimenState.ACTIVE else None  # nobody waits on a paused regimen
        rows.append(
            FollowUpRow(
                patient_public_id=row.public_id,
                name=row.name,
                born_on=row.born_on,
                cause=row.cause,
                state=row.state,
                lifelong=row.lifelong,
                phase=phase,
                given=counted.get(phase.key, 0) if phase else 0,
                given_in_all=sum(counted.values()),
                not_given=not_given.get(row.regimen_id, 0),
                identifier=identifiers.get(row.patient_id),
                protocol=protocols.get(row.regimen_id),
                due_on=waits.due_on if waits else None,
                days_overdue=waits.days_overdue(as_of) if waits else 0,
                last=last.get(row.patient_id),
                recheck=rechecks.get(row.patient_id),
                results=results.get(row.patient_id, {}),
            )
        )
    return rows
