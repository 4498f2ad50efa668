"""Lays the doses of a schedule on days.

Day 0 is the first actual dose. The first dose of a phase is the last dose of the phase before plus the gap
into the phase; months are calendar months counted from an anchor and clamped at the month's end. A running
course goes on from the last dose given, with the pattern's next gap, or today if that day has passed; when it
has passed by more than the dose's window, the pattern begins again from its start, and the number of doses
stays (evidence sections 1d and 8).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise

from b12clinic.vocabulary import PhaseKind
from regimens.protocols.clinic_calendar import EVERY_DAY, ClinicCalendar
from regimens.protocols.date_rules import DateRule
from regimens.protocols.phasespec import PhaseSpec
from regimens.protocols.policy import DEFAULT, Policy
from regimens.protocols.windows import Margins, margins_of, minimum_gap_days, window_of

__all__ = ["ClinicCalendar", "DateRule", "PhaseForecast", "PlannedDose", "forecast", "visits_within"]

_BY_INTERVAL = (DateRule.INTERVAL,)
_FIRST, _STEP, _GOES_ON = (DateRule.FIRST_DAY,), (DateRule.PHASE_STEP,), (DateRule.COURSE_GOES_ON,)
_TODAY, _AGAIN = (DateRule.FROM_TODAY,), (DateRule.PATTERN_AGAIN,)


@dataclass(frozen=True, slots=True)
class PlannedDose:
    """One dose to come. `number` counts within its phase, from 1, doses given included.

    rules: what placed it, in order. would_be_on: the day it was moved from by the clinic's calendar or a minimum interval;
    None: it was not moved. Two doses on the same days are the same, whatever placed them there.
    """

    number: int
    earliest_on: date
    due_on: date
    overdue_on: date
    provisional: bool
    rules: tuple[DateRule, ...] = field(default=_BY_INTERVAL, compare=False)
    would_be_on: date | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class PhaseForecast:
    """What a phase still has to give; empty where it hangs on a decision that nobody has signed."""

    ordinal: int
    spec: PhaseSpec
    doses: tuple[PlannedDose, ...]


def forecast(
    specs: Sequence[PhaseSpec],
    *,
    start_on: date,
    given: Mapping[int, Sequence[date]] | None = None,
    finished: frozenset[int] = frozenset(),
    not_before: date | None = None,
    calendar: ClinicCalendar | None = None,
    policy: Policy = DEFAULT,
    until: date | None = None,
    starts: Mapping[int, date] | None = None,
    reaches: Mapping[int, date] | None = None,
) -> tuple[PhaseForecast, ...]:
    """What is still to give, phase by phase; a phase with nothing left is not in the answer.

    given: the dates already given, by the phase's place from 0. finished: phases ended by a signed decision,
    which also passes a check gate. not_before: no dose is planned before this day. calendar: the days on
    which the clinic is open; a dose is placed near its day, never dropped. until: list open-ended phases up
    to this day instead of their horizon. starts: by the phase's place, the day before which no dose of it
    or of a later phase is planned. reaches: the day up to which an open-ended phase is listed at least.
    """
    walk = _Walk(
        start_on=start_on,
        not_before=not_before or date.min,
        calendar=calendar or EVERY_DAY,
        policy=policy,
        until=until,
        finished=finished,
        given={ordinal: sorted(dates) for ordinal, dates in (given or {}).items() if dates},
        starts=starts or {},
        reaches=reaches or {},
    )
    return tuple(walk.through(specs))


def visits_within(specs: Sequence[PhaseSpec], start_on: date, days: int = 365) -> int | None:
    """Injections in the first `days` days; None where an open-ended loading makes the number unknowable."""
    injected = [spec for spec in specs if spec.is_injected]
    if any(spec.is_open_ended and spec.kind is not PhaseKind.MAINTENANCE for spec in injected):
        return None
    last_day = start_on + timedelta(days=days - 1)
    phases = forecast(injected, start_on=start_on, until=last_day)
    return sum(dose.due_on <= last_day for phase in phases for dose in phase.doses)


@dataclass(frozen=True, slots=True)
class _Start:
    """The first day still to give, the anchor of its intervals, its place in the pattern of gaps, and why it is that day."""

    day: date
    anchor: date
    place: int
    rules: tuple[DateRule, ...]
    would_be_on: date | None = None


@dataclass(slots=True)
class _Walk:
    """Goes through the phases in order, remembering the last dose and whether what follows is known."""

    start_on: date
    not_before: date
    calendar: ClinicCalendar
    policy: Policy
    until: date | None
    finished: frozenset[int]
    given: Mapping[int, Sequence[date]]
    starts: Mapping[int, date]
    reaches: Mapping[int, date]
    last: date | None = field(init=False)
    waits_for_decision: bool = False
    provisional: bool = False
    begun: int = field(init=False)
    reach: date = date.min

    def __post_init__(self) -> None:
        self.begun = max(self.given, default=-1)
        # Of any phase: what is still owed of a phase goes on after an injection that was given ahead of it.
        self.last = max((dates[-1] for dates in self.given.values()), default=None)

    def through(self, specs: Sequence[PhaseSpec]) -> Iterator[PhaseForecast]:
        for ordinal, spec in enumerate(specs):
            self.not_before = max(self.not_before, self.starts.get(ordinal, date.min))
            self.reach = self.reaches.get(ordinal, date.min)
            if not self._is_over(ordinal, spec):
                yield PhaseForecast(ordinal, spec, self._doses(ordinal, spec))
            if spec.is_open_ended and ordinal not in self.finished:
                self.waits_for_decision = True
            if spec.gate_day is not None and ordinal not in self.finished and self.begun <= ordinal:
                self.provisional = True

    def _is_over(self, ordinal: int, spec: PhaseSpec) -> bool:
        if ordinal in self.finished:
            return True
        return spec.doses is not None and len(self.given.get(ordinal, ())) >= spec.doses

    def _doses(self, ordinal: int, spec: PhaseSpec) -> tuple[PlannedDose, ...]:
        if not spec.is_injected or not self._may_start(ordinal, spec):
            return ()
        given = self.given.get(ordinal, ())
        start = self._start(spec, given)
        return tuple(self._plan(spec, len(given), start, self._nominal_days(spec, len(given), start)))

    def _may_start(self, ordinal: int, spec: PhaseSpec) -> bool:
        if self.waits_for_decision:
            return False
        return not spec.starts_by_decision or ordinal in self.given or ordinal - 1 in self.finished

    def _nominal_days(self, spec: PhaseSpec, given: int, start: _Start) -> Iterator[date]:
        """The days of the grid, before the clinic's calendar: as many as are wanted."""
        wanted = spec.horizon if spec.doses is None else spec.doses - given
        day, place, times = start.day, start.place, 1 if start.anchor == start.day else 2
        count = 0
        while self._wants(spec, count, wanted, day):
            yield day
            count += 1
            if spec.gaps:
                day += timedelta(days=spec.gaps[place % len(spec.gaps)])
                place += 1
            else:
                day = spec.interval.after(start.anchor, times)
                times += 1

    def _wants(self, spec: PhaseSpec, count: int, wanted: int, day: date) -> bool:
        if self.until is not None and spec.is_open_ended:
            return day <= self.until
        return count < wanted or (spec.is_open_ended and day <= self.reach)

    def _start(self, spec: PhaseSpec, given: Sequence[date]) -> _Start:
        if self.last is None:
            return self._very_first()
        place = pattern_place(spec, given, self.policy)
        if given and spec.gaps:
            due = self.last + timedelta(days=spec.gaps[place % len(spec.gaps)])
        else:
            due = (spec.interval if given else spec.into).after(self.last)
        if due >= self.not_before:
            anchor = self.last if given or spec.into == spec.interval else due
            return _Start(due, anchor, place + 1 if given else 0, _GOES_ON if given else _STEP)
        if given and self.not_before < window_of(spec, due, self.policy).overdue_on:
            return _Start(self.not_before, self.not_before, place + 1, _TODAY)
        return _Start(self.not_before, self.not_before, 0, _AGAIN if given and spec.gaps else _TODAY)

    def _very_first(self) -> _Start:
        wanted = max(self.start_on, self.not_before)
        day = self.calendar.on_or_after(wanted)
        if day == wanted:
            return _Start(day, day, 0, _FIRST)
        return _Start(day, day, 0, (*_FIRST, DateRule.OPEN_DAY), wanted)

    def _plan(
        self, spec: PhaseSpec, given: int, start: _Start, nominal: Iterable[date]
    ) -> Iterator[PlannedDose]:
        rules, would_be_on = start.rules, start.would_be_on
        margins = margins_of(spec, self.policy)
        gap = timedelta(days=minimum_gap_days(spec, self.policy))
        for number, day in enumerate(nominal, start=given + 1):
            floor = self.not_before if self.last is None else max(self.not_before, self.last + gap)
            due = self._placed(day, margins, floor)
            window = margins.around(due)
            self.last = due
            if due != day:
                rules, would_be_on = (*rules, *self._moved_by(day, floor)), would_be_on or day
            yield PlannedDose(
                number, window.earliest_on, due, window.overdue_on, self.provisional, rules, would_be_on
            )
            rules, would_be_on = _BY_INTERVAL, None

    def _moved_by(self, day: date, floor: date) -> Iterator[DateRule]:
        """Why a dose does not stand on its day of the grid."""
        if not self.calendar.is_open(day):
            yield DateRule.OPEN_DAY
        elif self.calendar.is_full(day):
            yield DateRule.FULL_DAY
        elif day >= floor:
            yield DateRule.EMPTIER_DAY
        if day < floor:
            yield DateRule.MINIMUM_GAP

    def _placed(self, day: date, margins: Margins, floor: date) -> date:
        if self.calendar is EVERY_DAY or (day >= floor and self._takes(day)):
            return day
        window = margins.around(day)
        return self.calendar.nearest(day, window.earliest_on, window.overdue_on, floor)

    def _takes(self, day: date) -> bool:
        """The first dose of all keeps the day that was chosen for it, and so does every dose where no day is ever full."""
        return self.calendar.is_open(day) and (self.last is None or self.calendar.capacity is None)


def pattern_place(spec: PhaseSpec, given: Sequence[date], policy: Policy = DEFAULT) -> int:
    """The place in the pattern of gaps of the last dose given: its next gap is `gaps[place]`.

    A dose given after its window began the pattern again, so it stands at place 0.
    """
    place = 0
    for before, day in pairwise(given):
        if not spec.gaps:
            break
        due = before + timedelta(days=spec.gaps[place % len(spec.gaps)])
        place = 0 if day >= window_of(spec, due, policy).overdue_on else place + 1
    return place
