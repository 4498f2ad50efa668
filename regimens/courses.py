"""A regimen's rows as the plain course that the core reads, and what was first signed of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from b12clinic.prepared import Prepared
from b12clinic.vocabulary import PhaseKind
from regimens.calendars import calendar_for
from regimens.models import Administration, Outcome, Phase, Regimen, Revision
from regimens.policies import policy_of
from regimens.protocols.late_decision import Course
from regimens.protocols.phasespec import PhaseSpec
from regimens.protocols.policy import Policy
from regimens.protocols.schedule import ClinicCalendar
from regimens.protocols.windows import minimum_gap_days


@dataclass(frozen=True, slots=True)
class Given:
    """The days of a regimen's injections that stand, oldest first: by the ordinal of their phase, and on top of the plan."""

    by_phase: Mapping[int, tuple[date, ...]]
    extra: tuple[date, ...] = ()

    @property
    def last(self) -> date | None:
        """The last day on which a dose of the plan was given."""
        return max((days[-1] for days in self.by_phase.values()), default=None)

    def with_dose(self, ordinal: int, on: date) -> "Given":
        """The same with one more dose of a phase."""
        days = tuple(sorted((*self.by_phase.get(ordinal, ()), on)))
        return replace(self, by_phase={**self.by_phase, ordinal: days})


def given_of(regimen: Regimen) -> Given:
    """What was given in a regimen, read at once."""
    return given_among(_GIVEN.rows(regimen.pk))


def given_among(rows: Iterable[tuple[int | None, int | None, date]]) -> Given:
    """The same of rows read: the dose it was recorded for, the ordinal of the phase whose dose it fulfils, the day; oldest first."""
    days: dict[int, tuple[date, ...]] = {}
    extra: tuple[date, ...] = ()
    for dose_id, ordinal, given_on in rows:
        if ordinal is not None:
            days[ordinal] = (*days.get(ordinal, ()), given_on)
        elif dose_id is None:
            extra = (*extra, given_on)
    return Given(days, extra)


_GIVEN = Prepared(
    lambda regimen: (
        Administration.objects.filter(
            regimen=regimen, outcome=Outcome.GIVEN, entered_in_error=False, corrected_by__isnull=True
        )
        .order_by("given_on", "id")
        .values_list("dose_id", "fulfils__phase__ordinal", "given_on")
    )
)


def course_of(
    regimen: Regimen,
    phases: Sequence[Phase] | None = None,
    policy: Policy | None = None,
    calendar: ClinicCalendar | None = None,
    given: Given | None = None,
) -> Course:
    """The running course of a regimen; what is not handed in is read."""
    phases = list(regimen.phases.order_by("ordinal")) if phases is None else phases
    policy = policy or policy_of(regimen)
    given = given or given_of(regimen)
    specs = tuple(PhaseSpec.from_dict(phase.spec) for phase in phases)
    return Course(
        specs=specs,
        start_on=regimen.starts_on,
        given=given.by_phase,
        neurological=regimen.neurological,
        finished=frozenset(phase.ordinal for phase in phases if phase.finished_on is not None),
        starts=_starts(phases, specs, given, policy),
        reaches={phase.ordinal: phase.review_on for phase in phases if phase.review_on is not None},
        calendar=calendar or calendar_for(regimen),
        policy=policy,
    )


def _starts(
    phases: Sequence[Phase], specs: Sequence[PhaseSpec], given: Given, policy: Policy
) -> dict[int, date]:
    """The day before which no dose of a phase is planned: the one decided on, and the minimum gap after an extra injection."""
    starts = {phase.ordinal: phase.starts_on for phase in phases if phase.starts_on is not None}
    if given.extra:
        for phase, spec in zip(phases, specs, strict=True):
            rested = given.extra[-1] + timedelta(days=minimum_gap_days(spec, policy))
            starts[phase.ordinal] = max(starts.get(phase.ordinal, rested), rested)
    return starts


def is_neurological_loading(regimen: Regimen, phase: Phase) -> bool:
    """Whether a phase goes on until a neurological review ends it."""
    return regimen.neurological and phase.kind == PhaseKind.LOADING and phase.doses_wanted is None


def first_review_on(spec: PhaseSpec, given: Iterable[date], policy: Policy) -> date | None:
    """The day of a loading's first neurological review, counted from its first dose; None before that (evidence 1d, 5a)."""
    first = min(given, default=None)
    if first is None:
        return None
    days = spec.review_after_days or policy.neuro_review_day
    return first + timedelta(days=days)


def signed_specs(regimen: Regimen) -> tuple[PhaseSpec, ...]:
    """The phases as signed, with the protocol's own number of doses where some had been given before the signature."""
    kept = (
        Revision.objects.filter(regimen=regimen, protocol_snapshot__isnull=False)
        .order_by("-number")
        .values_list("protocol_snapshot", flat=True)
        .first()
    )
    published = [PhaseSpec.from_dict(one) for one in (kept or {}).get("phases", [])]
    signed = regimen.phases.filter(added_by__isnull=True).order_by("ordinal").values_list("spec", flat=True)
    return tuple(_whole(PhaseSpec.from_dict(spec), published) for spec in signed)


def _whole(spec: PhaseSpec, published: Sequence[PhaseSpec]) -> PhaseSpec:
    for one in published:
        if spec.doses and one.doses and one.doses > spec.doses and replace(one, doses=spec.doses) == spec:
            return one
    return spec


def phase_rows(
    specs: Iterable[PhaseSpec], *, regimen: Regimen, after: int = -1, **fields: Any
) -> list[Phase]:
    """Phases not yet saved, in order from the place that follows `after`."""
    return [
        Phase(
            regimen=regimen,
            ordinal=ordinal,
            kind=spec.kind,
            drug=spec.drug,
            dose_mcg=spec.dose_mcg,
            route=spec.route,
            interval_count=spec.interval.count,
            interval_unit=spec.interval.unit,
            doses_wanted=spec.doses,
            ends_by=spec.ends_when,
            spec=spec.to_dict(),
            **fields,
        )
        for ordinal, spec in enumerate(specs, start=after + 1)
    ]
