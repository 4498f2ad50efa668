"""Phases of well-known schedules, for tests of days."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from b12clinic.vocabulary import Drug, IntervalUnit, PhaseKind, Route
from regimens.protocols.intervals import Interval
from regimens.protocols.phasespec import PhaseSpec
from regimens.protocols.schedule import PhaseForecast

MONDAY = date(2025, 1, 6)


def phase(
    kind: PhaseKind, count: int, unit: IntervalUnit, doses: int | None = None, **more: Any
) -> PhaseSpec:
    route = Route.ORAL if kind is PhaseKind.ORAL else Route.IM
    return PhaseSpec(
        kind,
        Drug.HYDROXOCOBALAMIN,
        1000,
        route,
        Interval(count, unit),
        doses=doses,
        ends_when="For tests.",
        **more,
    )


DAILY = phase(PhaseKind.LOADING, 1, IntervalUnit.DAY, 7)
GATED = phase(PhaseKind.LOADING, 1, IntervalUnit.DAY, 7, gate_day=7)
ALTERNATE = phase(PhaseKind.LOADING, 2, IntervalUnit.DAY, 7)
THREE_A_WEEK = phase(PhaseKind.LOADING, 2, IntervalUnit.DAY, 6, gaps=(2, 2, 3))
TWICE_A_WEEK = phase(PhaseKind.LOADING, 3, IntervalUnit.DAY, 5, gaps=(3, 4))
WEEKLY = phase(PhaseKind.LOADING, 1, IntervalUnit.WEEK, 4)
UNTIL_PLATEAU = phase(PhaseKind.LOADING, 2, IntervalUnit.DAY, horizon=11)
MONTHLY = phase(PhaseKind.MAINTENANCE, 1, IntervalUnit.MONTH)
EVERY_TWO_MONTHS = phase(PhaseKind.MAINTENANCE, 2, IntervalUnit.MONTH)
AFTER_PLATEAU = phase(PhaseKind.MAINTENANCE, 2, IntervalUnit.MONTH, starts_by_decision=True)
EVERY_THREE_MONTHS = phase(PhaseKind.MAINTENANCE, 3, IntervalUnit.MONTH)
TABLETS = phase(PhaseKind.ORAL, 1, IntervalUnit.DAY)

UK_STANDARD = (THREE_A_WEEK, EVERY_THREE_MONTHS)
UK_NEUROLOGICAL = (UNTIL_PLATEAU, AFTER_PLATEAU)
US_LABEL = (GATED, ALTERNATE, TWICE_A_WEEK, MONTHLY)
US_PRACTICE = (DAILY, WEEKLY, MONTHLY)


def on(*days: int) -> tuple[date, ...]:
    """Days counted from Monday, 6 January 2025."""
    return tuple(MONDAY + timedelta(days=day) for day in days)


def laid_out(phases: tuple[PhaseForecast, ...]) -> list[tuple[int, list[int]]]:
    """Each phase's place and the days of its doses, counted from Monday, 6 January 2025."""
    return [(one.ordinal, [(dose.due_on - MONDAY).days for dose in one.doses]) for one in phases]
