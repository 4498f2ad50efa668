"""What follows when a dose is given on another day than planned: the dates to come, and whether someone must decide.

The number of loading doses stays whatever the lateness; maintenance always counts from the actual day; nothing is
started again without a clinician (evidence section 8, local policy).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from b12clinic.vocabulary import PhaseKind
from regimens.protocols.phasespec import PhaseSpec
from regimens.protocols.policy import DEFAULT, Policy
from regimens.protocols.schedule import ClinicCalendar, PhaseForecast, forecast
from regimens.protocols.windows import LateAdvice, Restart, late_advice

__all__ = ["DoseMoved", "Proposal", "after", "late_advice"]


@dataclass(frozen=True, slots=True)
class DoseMoved:
    """A dose to come whose date changes; `was_due_on` is None for a dose that was not listed before."""

    ordinal: int
    number: int
    was_due_on: date | None
    due_on: date


@dataclass(frozen=True, slots=True)
class Proposal:
    """What an administration leads to.

    doses: the course going on from the actual day, with every dose still owed. restarted: the course with its loading
    begun again on that day, where a clinician is advised to think of it; empty otherwise. moved: the dates of `doses`
    that differ from the dates before.
    """

    advice: LateAdvice
    doses: tuple[PhaseForecast, ...]
    restarted: tuple[PhaseForecast, ...]
    moved: tuple[DoseMoved, ...]

    @property
    def needs_decision(self) -> bool:
        return self.advice.needs_decision


def after(
    specs: Sequence[PhaseSpec],
    *,
    start_on: date,
    given: Mapping[int, Sequence[date]],
    ordinal: int,
    due_on: date,
    given_on: date,
    neurological: bool,
    new_neuro_symptoms: bool = False,
    neurological_specs: Sequence[PhaseSpec] = (),
    finished: frozenset[int] = frozenset(),
    calendar: ClinicCalendar | None = None,
    policy: Policy = DEFAULT,
    starts: Mapping[int, date] | None = None,
    reaches: Mapping[int, date] | None = None,
) -> Proposal:
    """The proposal after a dose of phase `ordinal`, due on `due_on`, was given on `given_on`.

    given: the dates given before this dose. starts and reaches: as `forecast` takes them. neurological_specs: the
    neurological scheme of the same pack, laid out where new neurological symptoms ask for it.
    """
    before = forecast(
        specs,
        start_on=start_on,
        given=given,
        finished=finished,
        calendar=calendar,
        policy=policy,
        starts=starts,
        reaches=reaches,
    )
    earlier = [day for days in given.values() for day in days if day < given_on]
    advice = late_advice(
        specs[ordinal],
        due_on=due_on,
        given_on=given_on,
        last_given_on=max(earlier, default=None),
        neurological=neurological,
        new_neuro_symptoms=new_neuro_symptoms,
        policy=policy,
    )
    now_given = {**given, ordinal: (*given.get(ordinal, ()), given_on)}
    doses = forecast(
        specs,
        start_on=start_on,
        given=now_given,
        finished=finished,
        calendar=calendar,
        policy=policy,
        starts=starts,
        reaches=reaches,
    )
    again = _loading_again(advice, specs, neurological_specs)
    restarted = forecast(again, start_on=given_on, given={0: (given_on,)}, calendar=calendar, policy=policy)
    return Proposal(advice, doses, restarted, _moves(before, doses))


def _loading_again(
    advice: LateAdvice, specs: Sequence[PhaseSpec], neurological_specs: Sequence[PhaseSpec]
) -> Sequence[PhaseSpec]:
    """The scheme that would begin with this dose; none where nothing is to be begun again."""
    if advice.restart is Restart.NEUROLOGICAL_LOADING:
        return neurological_specs
    if advice.restart is Restart.LOADING and specs[0].kind is PhaseKind.LOADING:
        return specs
    return ()


def _moves(before: Sequence[PhaseForecast], now: Sequence[PhaseForecast]) -> tuple[DoseMoved, ...]:
    were = {(phase.ordinal, dose.number): dose.due_on for phase in before for dose in phase.doses}
    return tuple(
        DoseMoved(phase.ordinal, dose.number, were.get((phase.ordinal, dose.number)), dose.due_on)
        for phase in now
        for dose in phase.doses
        if were.get((phase.ordinal, dose.number)) != dose.due_on
    )
