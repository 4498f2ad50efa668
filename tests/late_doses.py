"""The table of late doses: every cadence and lateness with what the advice says, asked of the advice itself.

The cells are not written down: each day around a due date is put to `late_advice`, and days with one answer are one cell.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from b12clinic.vocabulary import Drug, IntervalUnit, PhaseKind, Route
from regimens.protocols.intervals import Interval
from regimens.protocols.phasespec import PhaseSpec
from regimens.protocols.policy import DEFAULT, Policy
from regimens.protocols.windows import LateAction, LateAdvice, cadence_of, late_advice, minimum_gap_days

DUE = date(2025, 6, 16)
"""The due date of the worked table; the dose before it was given one interval earlier."""

FIRST_DAY, LAST_DAY = -30, 700


def _phase(kind: PhaseKind, count: int, unit: IntervalUnit) -> PhaseSpec:
    return PhaseSpec(kind, Drug.HYDROXOCOBALAMIN, 1000, Route.IM, Interval(count, unit), ends_when="-")


PHASES = (
    _phase(PhaseKind.LOADING, 1, IntervalUnit.DAY),
    _phase(PhaseKind.LOADING, 2, IntervalUnit.DAY),
    _phase(PhaseKind.LOADING, 3, IntervalUnit.DAY),
    _phase(PhaseKind.LOADING, 1, IntervalUnit.WEEK),
    _phase(PhaseKind.TAPER, 2, IntervalUnit.WEEK),
    _phase(PhaseKind.MAINTENANCE, 1, IntervalUnit.MONTH),
    _phase(PhaseKind.MAINTENANCE, 2, IntervalUnit.MONTH),
    _phase(PhaseKind.MAINTENANCE, 8, IntervalUnit.WEEK),
    _phase(PhaseKind.MAINTENANCE, 3, IntervalUnit.MONTH),
    _phase(PhaseKind.MAINTENANCE, 12, IntervalUnit.WEEK),
    _phase(PhaseKind.MAINTENANCE, 6, IntervalUnit.MONTH),
)


@dataclass(frozen=True, slots=True)
class Cell:
    """Days after the due date with one answer; None at an end without a limit. advice: that of the cell's first day."""

    spec: PhaseSpec
    neurological: bool
    from_day: int | None
    to_day: int | None
    gap_days: int
    advice: LateAdvice

    @property
    def lateness(self) -> str:
        """`2 to 5 days late`, `1 day early to 1 day late`, `15 days early or more`."""
        if self.from_day is None:
            return f"{_days(-(self.to_day or 0))} early or more"
        if self.to_day is None:
            return f"{_days(self.from_day)} late or more"
        if self.from_day == self.to_day:
            return f"{_days(self.from_day)} late" if self.from_day else "on the day"
        if self.from_day < 0:
            return f"{_days(-self.from_day)} early to {_days(self.to_day)} late"
        return f"{self.from_day} to {_days(self.to_day)} late"


def _days(count: int) -> str:
    return f"{count} day{'' if count == 1 else 's'}"


def cells(policy: Policy = DEFAULT) -> tuple[Cell, ...]:
    """Every cell; a loading with neurological involvement has cells of its own where they differ."""
    return tuple(cell for spec in PHASES for cell in _of_phase(spec, policy))


def _of_phase(spec: PhaseSpec, policy: Policy) -> Iterator[Cell]:
    plain = list(_spans(spec, False, policy))
    nerves = list(_spans(spec, True, policy))
    yield from plain
    if [cell.from_day for cell in nerves] != [cell.from_day for cell in plain]:
        yield from nerves


def _spans(spec: PhaseSpec, neurological: bool, policy: Policy) -> Iterator[Cell]:
    answers = [(late, _ask(spec, late, neurological, policy)) for late in range(FIRST_DAY, LAST_DAY + 1)]
    for _, group in groupby(answers, key=lambda answer: (answer[1].action, answer[1].rule)):
        days = list(group)
        first, last = days[0][0], days[-1][0]
        yield Cell(
            spec=spec,
            neurological=neurological,
            from_day=None if first == FIRST_DAY else first,
            to_day=None if last == LAST_DAY else last,
            gap_days=(DUE + timedelta(days=first) - spec.interval.before(DUE)).days,
            advice=days[0][1],
        )


def _ask(
    spec: PhaseSpec, late: int, neurological: bool, policy: Policy, *, new_symptoms: bool = False
) -> LateAdvice:
    return late_advice(
        spec,
        due_on=DUE,
        given_on=DUE + timedelta(days=late),
        last_given_on=spec.interval.before(DUE),
        neurological=neurological,
        new_neuro_symptoms=new_symptoms,
        policy=policy,
    )


def new_symptoms(policy: Policy = DEFAULT) -> LateAdvice:
    """The one answer that no lateness changes."""
    return _ask(PHASES[0], 0, False, policy, new_symptoms=True)


ACTIONS = {
    LateAction.EARLY: "early: a reason is given",
    LateAction.ON_TIME: "on time",
    LateAction.GIVE_AND_CONTINUE: "give, keep the count",
    LateAction.GIVE_AND_REANCHOR: "give, count on from this day",
    LateAction.CLINICIAN_REVIEW: "a clinician reviews",
}


def rows(policy: Policy = DEFAULT) -> list[list[object]]:
    """The cells as printed: phase, nerves, lateness, action, what is suggested again, the rule, standing."""
    printed: list[list[object]] = [
        [
            f"{cell.spec.kind.label}, {cell.spec.rhythm}",
            _whose(cell),
            cell.lateness,
            "" if cell.from_day is None or cell.from_day < 0 else cell.gap_days,
            ACTIONS[cell.advice.action],
            _again(cell.advice),
            f"`{cell.advice.rule}`",
            _standing(cell.advice),
        ]
        for cell in cells(policy)
    ]
    said = new_symptoms(policy)
    nerves = ["every phase", "new neurological symptoms", "any", "", ACTIONS[said.action], _again(said)]
    return [*printed, [*nerves, f"`{said.rule}`", _standing(said)]]


def _whose(cell: Cell) -> str:
    split = any(other.neurological for other in _of_phase(cell.spec, DEFAULT))
    if not split:
        return "with or without"
    return "with" if cell.neurological else "without"


def _again(advice: LateAdvice) -> str:
    return advice.restart.value.replace("_", " ") if advice.restart else ""


def _standing(advice: LateAdvice) -> str:
    return "local policy" if advice.local_policy else advice.source


def shortest_gaps(policy: Policy = DEFAULT) -> list[list[object]]:
    """Each phase with its row of the table and the days that must lie between two planned doses."""
    return [
        [
            f"{spec.kind.label}, {spec.rhythm}",
            cadence_of(spec).value.replace("_", " "),
            minimum_gap_days(spec, policy),
        ]
        for spec in PHASES
    ]
