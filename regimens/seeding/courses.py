"""Courses of treatment: the real schedule of a protocol, given on its days up to a last day, and what is then owed."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import lru_cache

from b12clinic.vocabulary import IntervalUnit
from regimens.packs import load_packs
from regimens.protocols.intervals import Interval
from regimens.protocols.pack import Pack, Protocol
from regimens.protocols.phasespec import PhaseSpec
from regimens.protocols.schedule import ClinicCalendar, PhaseForecast, PlannedDose, forecast

OPEN = ClinicCalendar(open_weekdays=frozenset(range(5)))
"""The days on which every synthetic clinic opens: Monday to Friday."""
LOADING_BEFORE_DECISION = 11
"""Doses of an open-ended loading after which maintenance is taken as decided."""
_DAYS = {IntervalUnit.DAY: 1.0, IntervalUnit.WEEK: 7.0, IntervalUnit.MONTH: 30.44}


@dataclass(frozen=True, slots=True)
class Slot:
    """One dose of a course: the phase's place, the planned dose, and whether it was given on its day."""

    ordinal: int
    dose: PlannedDose
    given: bool


@dataclass(frozen=True, slots=True)
class Course:
    """A protocol as it was lived: its slots in order, and the day on which each finished phase was ended by decision."""

    protocol: Protocol
    slots: tuple[Slot, ...]
    finished: dict[int, date]

    @property
    def given(self) -> int:
        return sum(slot.given for slot in self.slots)


def protocol_of(code: str) -> tuple[Pack, Protocol]:
    """A pack and its protocol by the protocol's code."""
    pack = load_packs()[code.split("/")[0]]
    return pack, next(protocol for protocol in pack.protocols if protocol.code == code)


@lru_cache(maxsize=8192)
def course(code: str, start_on: date, most_given: int, last_day: date) -> Course:
    """A course begun on a day: at most `most_given` injections, none after `last_day`, each on its due day."""
    _, protocol = protocol_of(code)
    lived = _Lived(protocol.phases, start_on)
    while (phase := lived.next_phase(last_day)) is not None:
        days = [dose for dose in phase.doses if dose.due_on <= last_day][: most_given - len(lived.slots)]
        if not lived.goes_on_after(phase, days):
            break
    slots = [Slot(phase.ordinal, dose, given=False) for phase in lived.to_come() for dose in phase.doses]
    return Course(protocol, (*lived.slots, *slots), lived.finished)


@lru_cache(maxsize=1024)
def days_until(code: str, doses: int) -> float:
    """About how many days lie between the first dose of a protocol, which ends open, and the one after `doses` doses."""
    specs = protocol_of(code)[1].phases
    days, ordinal, in_phase = 0.0, 0, 1
    for _ in range(doses):
        spec = specs[ordinal]
        if ordinal < len(specs) - 1 and in_phase == (spec.doses or LOADING_BEFORE_DECISION):
            ordinal, in_phase = ordinal + 1, 1
            days += _days(specs[ordinal].into)
        else:
            in_phase += 1
            days += sum(spec.gaps) / len(spec.gaps) if spec.gaps else _days(spec.interval)
    return days


def _days(interval: Interval) -> float:
    return interval.count * _DAYS[interval.unit]


@dataclass(slots=True)
class _Lived:
    """What of a plan has been given so far, and the open-ended phases that were ended by decision."""

    specs: Sequence[PhaseSpec]
    start_on: date
    given: dict[int, list[date]] = field(default_factory=dict)
    finished: dict[int, date] = field(default_factory=dict)
    slots: list[Slot] = field(default_factory=list)

    def to_come(self, until: date | None = None) -> tuple[PhaseForecast, ...]:
        return forecast(
            self.specs,
            start_on=self.start_on,
            given=self.given,
            finished=frozenset(self.finished),
            calendar=OPEN,
            until=until,
        )

    def next_phase(self, last_day: date) -> PhaseForecast | None:
        """The first phase with a dose up to the last day; an open-ended loading lists no more than it is given."""
        phase = next((phase for phase in self.to_come(until=last_day) if phase.doses), None)
        if phase is not None and self._waits_for_decision(phase):
            return replace(phase, doses=phase.doses[:LOADING_BEFORE_DECISION])
        return phase

    def goes_on_after(self, phase: PhaseForecast, doses: list[PlannedDose]) -> bool:
        """Give these doses of a phase on their days; whether the phase is then over and another may follow."""
        self.slots.extend(Slot(phase.ordinal, dose, given=True) for dose in doses)
        days = self.given.setdefault(phase.ordinal, [])
        days.extend(dose.due_on for dose in doses)
        if self._waits_for_decision(phase) and len(days) == LOADING_BEFORE_DECISION:
            self.finished[phase.ordinal] = days[-1] + timedelta(days=1)
            return True
        return len(days) == phase.spec.doses

    def _waits_for_decision(self, phase: PhaseForecast) -> bool:
        return phase.spec.is_open_ended and phase.ordinal < len(self.specs) - 1
