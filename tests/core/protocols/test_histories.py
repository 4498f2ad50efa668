"""Re-planning after any history: late, early, missed and extra doses, in every protocol of every pack."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import pairwise
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from b12clinic.vocabulary import PhaseKind
from regimens.packs import load_packs
from regimens.protocols.facts import DoseGiven
from regimens.protocols.intervals import add_months
from regimens.protocols.pack import Indication, Protocol
from regimens.protocols.replanning import Proposal, after
from regimens.protocols.schedule import ClinicCalendar, PhaseForecast, forecast
from regimens.protocols.selection import recommend_protocol
from regimens.protocols.windows import LateAction, Restart, minimum_gap_days
from tests.core.patients import labs, patient

PACKS = load_packs()
PROTOCOLS = {
    protocol.code: protocol for pack in PACKS.values() for protocol in pack.protocols if not protocol.is_oral
}
NEUROLOGICAL = {
    code: next(
        (
            one.phases
            for one in pack.protocols
            if one.indication is Indication.NEUROLOGICAL and not one.causes
        ),
        (),
    )
    for code, pack in PACKS.items()
}
STARTS = st.one_of(
    st.dates(date(2024, 1, 1), date(2027, 12, 31)),
    st.sampled_from([date(2024, 1, 31), date(2024, 2, 29), date(2025, 11, 30), date(2025, 12, 31)]),
)
DAYS_OFF = st.one_of(st.integers(-10, 10), st.integers(-40, 500))
WEEKDAYS_ONLY = ClinicCalendar(frozenset(range(5)), frozenset({date(2025, 12, 25), date(2025, 12, 26)}))
PROFILE = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@dataclass
class History:
    """One patient's course as it went, and the day it is looked at."""

    protocol: Protocol
    start_on: date
    today: date
    calendar: ClinicCalendar | None
    given: dict[int, list[date]] = field(default_factory=dict)
    finished: frozenset[int] = frozenset()

    @property
    def last(self) -> date | None:
        return max((day for days in self.given.values() for day in days), default=None)

    def planned(self, not_before: date | None = None) -> tuple[PhaseForecast, ...]:
        return forecast(
            self.protocol.phases,
            start_on=self.start_on,
            given=self.given,
            finished=self.finished,
            not_before=not_before,
            calendar=self.calendar,
        )

    def next_dose(self) -> tuple[int, date] | None:
        found = ((phase.ordinal, phase.doses[0].due_on) for phase in self.planned() if phase.doses)
        return next(found, None)

    def give(self, ordinal: int, day: date) -> None:
        self.given.setdefault(ordinal, []).append(day)
        self.today = max(self.today, day)


@st.composite
def histories(draw: st.DrawFn, *, least: int = 0) -> History:
    """Up to ten events: the next dose given early, on its day or late, an extra dose, one missed, one of the next phase, a phase ended."""
    start_on = draw(STARTS)
    protocol = PROTOCOLS[draw(st.sampled_from(sorted(PROTOCOLS)))]
    history = History(protocol, start_on, start_on, draw(st.sampled_from([None, WEEKDAYS_ONLY])))
    for _ in range(draw(st.integers(least, 10))):
        event = draw(st.sampled_from(["due", "due", "off", "off", "extra", "missed", "ended", "ahead"]))
        upcoming = history.next_dose()
        if event == "ended" or upcoming is None:
            _end_phase(history)
        elif event == "extra":
            history.give(upcoming[0], history.last or start_on)
        elif event == "ahead":
            history.give(_phase_after(history, upcoming[0]), upcoming[1])
        elif event == "missed":
            history.today = max(history.today, upcoming[1]) + timedelta(days=draw(st.integers(1, 400)))
        else:
            off = 0 if event == "due" else draw(DAYS_OFF)
            history.give(upcoming[0], max(upcoming[1] + timedelta(days=off), history.last or start_on))
    return history


def _phase_after(history: History, ordinal: int) -> int:
    """The next phase that is injected, or the same where there is none."""
    specs = history.protocol.phases
    return ordinal + 1 if ordinal + 1 < len(specs) and specs[ordinal + 1].is_injected else ordinal


def _end_phase(history: History) -> None:
    """A decision ends the open-ended phase that runs, where another follows it."""
    specs = history.protocol.phases
    for ordinal in sorted(history.given):
        if specs[ordinal].is_open_ended and ordinal + 1 < len(specs):
            history.finished |= {ordinal}


def views(history: History) -> tuple[tuple[PhaseForecast, ...], tuple[PhaseForecast, ...]]:
    """The plan as it follows from what was given, and as it is seen today."""
    return history.planned(), history.planned(not_before=history.today)


def days_of(phases: tuple[PhaseForecast, ...]) -> list[date]:
    return [dose.due_on for phase in phases for dose in phase.doses]


@given(histories())
@PROFILE
def test_dates_ascend_and_lie_after_the_last_dose_given(history: History) -> None:
    for plan in views(history):
        days = days_of(plan)
        assert days == sorted(set(days))
        assert history.last is None or all(day > history.last for day in days)
        assert all(dose.earliest_on <= dose.due_on < dose.overdue_on for one in plan for dose in one.doses)
    assert all(day >= history.today for day in days_of(history.planned(not_before=history.today)))


@given(histories())
@PROFILE
def test_no_dose_is_planned_inside_the_minimum_interval(history: History) -> None:
    for plan in views(history):
        for phase in plan:
            least = minimum_gap_days(phase.spec)
            last = sorted(history.given.get(phase.ordinal, ()))[-1:]
            days = [*last, *(dose.due_on for dose in phase.doses)]
            assert all((later - day).days >= least for day, later in pairwise(days))


@given(histories())
@PROFILE
def test_doses_given_and_doses_to_come_are_as_many_as_wanted(history: History) -> None:
    for plan in views(history):
        to_come = {phase.ordinal: phase for phase in plan}
        for ordinal, spec in enumerate(history.protocol.phases):
            count = len(history.given.get(ordinal, ()))
            if spec.doses is None or not spec.is_injected or waits(history, ordinal):
                continue
            doses = to_come[ordinal].doses if ordinal in to_come else ()
            assert count + len(doses) == max(spec.doses, count)
            assert [dose.number for dose in doses] == list(range(count + 1, spec.doses + 1))


def waits(history: History, ordinal: int) -> bool:
    """Whether an open-ended phase before this one still runs: the only reason for a dose without a day."""
    return any(
        spec.is_open_ended and place not in history.finished
        for place, spec in enumerate(history.protocol.phases[:ordinal])
    )


@given(histories())
@PROFILE
def test_no_loading_is_dropped_without_a_decision(history: History) -> None:
    for plan in views(history):
        listed = {phase.ordinal for phase in plan}
        for ordinal, spec in enumerate(history.protocol.phases):
            complete = spec.doses is not None and len(history.given.get(ordinal, ())) >= spec.doses
            assert (ordinal in listed) is not (complete or ordinal in history.finished)


@given(histories(least=3))
@PROFILE
def test_upkeep_counts_from_the_day_of_the_last_injection(history: History) -> None:
    history.calendar = None
    for phase in history.planned()[:1]:
        last, begun = history.last, phase.ordinal in history.given
        if phase.spec.kind is PhaseKind.MAINTENANCE and begun and last and phase.spec.interval.in_months:
            count = phase.spec.interval.count
            expected = [add_months(last, count * turn) for turn in range(1, len(phase.doses) + 1)]
            assert [dose.due_on for dose in phase.doses] == expected


@given(histories(), st.randoms(use_true_random=False))
@PROFILE
def test_same_history_gives_the_same_plan_in_whatever_order_it_was_entered(
    history: History, chance: Random
) -> None:
    plans = views(history)
    assert views(history) == plans
    entries = [(ordinal, day) for ordinal, days in history.given.items() for day in days]
    chance.shuffle(entries)
    history.given = {}
    for ordinal, day in entries:
        history.given.setdefault(ordinal, []).append(day)
    assert views(history) == plans


def recorded(history: History, ordinal: int, due_on: date, given_on: date, new: bool) -> Proposal:
    return after(
        history.protocol.phases,
        start_on=history.start_on,
        given=history.given,
        finished=history.finished,
        calendar=history.calendar,
        ordinal=ordinal,
        due_on=due_on,
        given_on=given_on,
        neurological=history.protocol.indication is Indication.NEUROLOGICAL,
        new_neuro_symptoms=new,
        neurological_specs=NEUROLOGICAL[history.protocol.pack],
    )


@given(histories(), DAYS_OFF)
@PROFILE
def test_recording_a_dose_proposes_the_plan_that_follows_from_it(history: History, off: int) -> None:
    upcoming = history.next_dose()
    if upcoming is None:
        return
    ordinal, due_on = upcoming
    given_on = max(due_on + timedelta(days=off), history.last or history.start_on)
    before = {(p.ordinal, d.number): d.due_on for p in history.planned() for d in p.doses}
    proposal = recorded(history, ordinal, due_on, given_on, new=False)
    assert recorded(history, ordinal, due_on, given_on, new=False) == proposal
    history.give(ordinal, given_on)
    assert proposal.doses == history.planned()
    now = {(p.ordinal, d.number): d.due_on for p in proposal.doses for d in p.doses}
    moved = {(one.ordinal, one.number): (one.was_due_on, one.due_on) for one in proposal.moved}
    assert moved == {key: (before.get(key), day) for key, day in now.items() if before.get(key) != day}


@given(histories(), DAYS_OFF)
@PROFILE
def test_new_neurological_symptoms_ask_for_their_loading_at_any_lateness(history: History, off: int) -> None:
    upcoming = history.next_dose()
    if upcoming is None:
        return
    ordinal, due_on = upcoming
    given_on = due_on + timedelta(days=off)
    proposal = recorded(history, ordinal, due_on, given_on, new=True)
    assert (proposal.advice.action, proposal.advice.restart, proposal.advice.days_late) == (
        LateAction.CLINICIAN_REVIEW,
        Restart.NEUROLOGICAL_LOADING,
        off,
    )
    scheme = NEUROLOGICAL[history.protocol.pack]
    assert [phase.spec for phase in proposal.restarted] == list(scheme)
    assert all(day > given_on for day in days_of(proposal.restarted))


def test_every_pack_but_one_has_a_neurological_scheme_for_any_cause() -> None:
    """Norway's guideline, as far as it was read, has none: its pack says so and a clinician decides."""
    assert [code for code, phases in NEUROLOGICAL.items() if not phases] == ["no"]


@given(histories(least=1), st.randoms(use_true_random=False))
@settings(PROFILE, max_examples=30)
def test_recommendation_does_not_depend_on_the_order_of_the_doses_given(
    history: History, chance: Random
) -> None:
    specs = history.protocol.phases
    doses = [
        DoseGiven(day, specs[ordinal].drug.value, specs[ordinal].dose_mcg, specs[ordinal].kind.value, None)
        for ordinal, days in history.given.items()
        for day in days
    ]
    facts = patient(
        guideline=history.protocol.pack,
        as_of=history.today,
        labs=labs(total_b12=100),
        doses_given=tuple(doses),
    )
    answer = recommend_protocol(facts, PACKS, history.protocol.code)
    assert recommend_protocol(facts, PACKS, history.protocol.code) == answer
    chance.shuffle(doses)
    facts = replace(facts, doses_given=tuple(doses))
    assert recommend_protocol(facts, PACKS, history.protocol.code) == answer
