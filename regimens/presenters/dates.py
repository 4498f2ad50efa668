"""Why planned dates stand where they do, for the eye: dates with the same reasons stand together."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from regimens.dates_explained import Reasons
from regimens.models import Dose, Phase, Revision
from regimens.presenters.words import day
from regimens.protocols.date_origins import DateReason
from regimens.queries.chart import Chart


@dataclass(frozen=True, slots=True)
class DatesLine:
    """Dates in words, the steps that led to them, and what has moved them since."""

    dates: str
    reasons: tuple[DateReason, ...]
    notes: tuple[str, ...] = ()


def together(lines: Iterable[DatesLine]) -> list[DatesLine]:
    """Neighbouring dates with the same reasons as one line."""
    groups = groupby(lines, key=lambda line: (line.reasons, line.notes))
    return [
        DatesLine(" · ".join(line.dates for line in group), reasons, notes)
        for (reasons, notes), group in groups
    ]


SET_BEFORE = "This date was set when the plan was last dated; the clinic's days have changed since."


def dates_explained(phase: Phase, chart: Chart, reasons: Reasons | None, today: date) -> list[DatesLine]:
    """The doses of a phase still to come: why each stands on its day, and which revisions moved it."""
    if reasons is None:
        return []
    return together(
        DatesLine(
            f"{dose.number}: {day(dose.due_on, today)}",
            reasons.get(dose.pk, ()),
            (*_moves(dose, chart, today), *(() if dose.pk in reasons else (SET_BEFORE,))),
        )
        for dose in chart.owed.get(phase.pk, [])
    )


def _moves(dose: Dose, chart: Chart, today: date) -> tuple[str, ...]:
    """Each move that was recorded of a dose, oldest first, with the revision that made it."""
    by_revision = {revision.pk: revision for revision in reversed(chart.revisions)}
    moved = [
        (revision, move)
        for pk, revision in by_revision.items()
        for move in chart.moves.get(pk, [])
        if move.dose_id == dose.pk
    ]
    return tuple(
        f"Moved from {day(move.was_due_on, today)} to {day(move.due_on, today)}: {_because(revision)}"
        for revision, move in moved
    )


def _because(revision: Revision) -> str:
    return f"{revision.get_kind_display().lower()}. {revision.reason}".strip()
