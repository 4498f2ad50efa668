"""Where each choice on a late dose leads: what a clinician sees before signing is what the signature saves.

No guideline says when a loading is begun again: all of it is local policy (evidence section 8). No loading dose is
dropped silently: a loading begun again is whole, and only a dose given already is counted as its first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from b12clinic.vocabulary import IntervalUnit, PhaseKind
from regimens.protocols.intervals import Interval
from regimens.protocols.phasespec import PhaseSpec
from regimens.protocols.policy import DEFAULT, Policy
from regimens.protocols.replanning import after
from regimens.protocols.schedule import ClinicCalendar, PhaseForecast, forecast
from regimens.protocols.vocabulary import LateChoice
from regimens.protocols.windows import LateAdvice

__all__ = ["Course", "Decided", "LateDose", "lay_out", "less_one_given", "outcomes", "withheld"]


@dataclass(frozen=True, slots=True)
class Course:
    """A running course: its phases, what was given and ended, and from and up to which day a phase plans its doses."""

    specs: tuple[PhaseSpec, ...]
    start_on: date
    given: Mapping[int, Sequence[date]]
    neurological: bool
    finished: frozenset[int] = frozenset()
    starts: Mapping[int, date] = field(default_factory=dict)
    reaches: Mapping[int, date] = field(default_factory=dict)
    calendar: ClinicCalendar | None = None
    policy: Policy = DEFAULT


@dataclass(frozen=True, slots=True)
class LateDose:
    """The dose to decide on: its phase by place, the day it was due, and the day it was given, None while it is owed."""

    ordinal: int
    due_on: date
    given_on: date | None


@dataclass(frozen=True, slots=True)
class Decided:
    """Where a choice leads.

    course: the course as the choice leaves it. added: the phases it appends. counts_late_dose: whether the dose given
    late stands for the first of the loading begun again, which then plans one fewer. doses: every date to come.
    """

    choice: LateChoice
    course: Course
    doses: tuple[PhaseForecast, ...]
    added: tuple[PhaseSpec, ...] = ()
    counts_late_dose: bool = False


def lay_out(course: Course) -> tuple[PhaseForecast, ...]:
    """Every dose still to give of a course as it stands."""
    return forecast(
        course.specs,
        start_on=course.start_on,
        given=course.given,
        finished=course.finished,
        calendar=course.calendar,
        policy=course.policy,
        starts=course.starts,
        reaches=course.reaches,
    )


def outcomes(
    course: Course, late: LateDose, *, signed: Sequence[PhaseSpec], on: date, new_neuro_symptoms: bool = False
) -> tuple[LateAdvice, tuple[Decided, ...]]:
    """What the rule says, and where each choice made on a day leads. An owed dose is taken as given on that day.

    signed: the phases as first signed, which a restart lays out again. What is `withheld` is not offered.
    """
    given_on = late.given_on or on
    proposal = after(
        course.specs,
        start_on=course.start_on,
        given=_before(course, late),
        ordinal=late.ordinal,
        due_on=late.due_on,
        given_on=given_on,
        neurological=course.neurological,
        new_neuro_symptoms=new_neuro_symptoms,
        finished=course.finished,
        calendar=course.calendar,
        policy=course.policy,
        starts=course.starts,
        reaches=course.reaches,
    )
    found = [Decided(LateChoice.CONTINUE, course, proposal.doses)]
    kept_back = withheld(course, late, signed=signed)
    if LateChoice.REANCHOR not in kept_back:
        found.append(_reanchored(course, late, on))
    if LateChoice.RESTART not in kept_back:
        found.append(_restarted(course, late, signed, on))
    found.append(Decided(LateChoice.STOP, course, ()))
    return proposal.advice, tuple(found)


def withheld(course: Course, late: LateDose, *, signed: Sequence[PhaseSpec]) -> dict[LateChoice, str]:
    """The choices that are not offered, each with why. Dates that are the same for two choices are offered once."""
    found = {}
    if late.given_on is not None:
        found[LateChoice.REANCHOR] = (
            "the dose has been given, and the dates count from that injection already."
        )
    if not signed or signed[0].kind is not PhaseKind.LOADING:
        found[LateChoice.RESTART] = "this plan was signed without a loading, so there is none to give again."
    elif not course.given:
        found[LateChoice.RESTART] = "nothing has been given yet, so the loading begins with this dose anyhow."
    return found


def less_one_given(spec: PhaseSpec) -> PhaseSpec | None:
    """What is left of a phase of which one dose was given: the rest of its pattern; None when nothing is left."""
    if spec.doses == 1:
        return None
    gap = Interval(spec.gaps[0], IntervalUnit.DAY) if spec.gaps else spec.interval
    return replace(
        spec,
        doses=spec.doses - 1 if spec.doses else None,
        gaps=(*spec.gaps[1:], *spec.gaps[:1]),
        lead=None if gap == spec.interval else gap,
    )


def _before(course: Course, late: LateDose) -> Mapping[int, Sequence[date]]:
    """What was given before the late dose."""
    if late.given_on is None:
        return course.given
    days = list(course.given.get(late.ordinal, ()))
    if late.given_on in days:
        days.remove(late.given_on)
    return {**course.given, late.ordinal: tuple(days)}


def _reanchored(course: Course, late: LateDose, on: date) -> Decided:
    moved = replace(course, starts={**course.starts, late.ordinal: on})
    return Decided(LateChoice.REANCHOR, moved, lay_out(moved))


def _restarted(course: Course, late: LateDose, signed: Sequence[PhaseSpec], on: date) -> Decided:
    """Every phase so far is over, and the signed ones follow once more, none before the day of the decision."""
    first = signed[0]
    counts = late.given_on is not None and _same_order(course.specs[late.ordinal], first)
    rest = less_one_given(first) if counts else first
    added = (rest, *signed[1:]) if rest else tuple(signed[1:])
    place = len(course.specs)
    again = replace(
        course,
        specs=(*course.specs, *added),
        finished=course.finished | frozenset(range(place)),
        starts={**course.starts, place: on},
    )
    return Decided(LateChoice.RESTART, again, lay_out(again), added, counts)


def _same_order(given: PhaseSpec, wanted: PhaseSpec) -> bool:
    return (given.drug, given.dose_mcg, given.route) == (wanted.drug, wanted.dose_mcg, wanted.route)
