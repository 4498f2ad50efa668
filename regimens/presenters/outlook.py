"""The stores outlook of the candidates at a glance: a band for each over one year, all on the same scale."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from regimens.planning import Adjustment, first_day, specs_of
from regimens.protocols.outlook import Outlook
from regimens.protocols.pack import Protocol
from regimens.protocols.phasespec import PhaseSpec
from regimens.protocols.selection import Candidate
from regimens.protocols.year_outlook import LAST_DAY, YearOutlook, year_outlook

HEIGHT = 60
READ_ON = (28, 91, 182, LAST_DAY)
NO_DEPOT = "No estimate: there is no published figure for what is retained of a depot."
DEPOT_TEXT = "Depot text"
_FOUR_WEEKS = 28
_STEP_MCG = 1000


@dataclass(frozen=True, slots=True)
class _Shown:
    candidate: Candidate
    protocol: Protocol
    year: YearOutlook | None


def outlook_of(candidates: Iterable[Candidate]) -> dict[str, Any] | None:
    """A row for each candidate that gives doses; None where nobody offers any."""
    laid_out = (_shown(one, one.recommendation.protocol) for one in candidates if one.recommendation.protocol)
    shown = [one for one in laid_out if one is not None]
    known = [one.year.outlook for one in shown if one.year is not None and one.year.outlook.is_known]
    if not known:
        return None
    top = _top(known)
    figures = dict.fromkeys(figure for outlook in known for figure in outlook.figures)
    return {
        "rows": [_row(one, top) for one in shown],
        "top": f"{top:,} mcg",
        "days": READ_ON,
        "height": HEIGHT,
        "figures": [
            {"text": figure.spoken, "known": figure.citation.status.value == "known"} for figure in figures
        ],
    }


def _shown(candidate: Candidate, protocol: Protocol) -> _Shown | None:
    """What is laid out: the doses still to give, or the tablets of a plan by mouth; nothing where it is put off."""
    recommendation = candidate.recommendation
    if not recommendation.plan_allowed:
        return None
    specs: Sequence[PhaseSpec] = protocol.phases
    if recommendation.phases:
        starts_on = first_day(recommendation)
        if starts_on is None:
            return None
        specs = specs_of(recommendation, Adjustment(starts_on=starts_on))
    is_depot = any(citation.key == DEPOT_TEXT for citation in protocol.citations)
    return _Shown(candidate, protocol, None if is_depot else year_outlook(specs))


def _top(known: Sequence[Outlook]) -> int:
    """The upper end of the scale that all share, a whole number of milligrams."""
    highest = max(max(outlook.high_mcg) for outlook in known)
    return -(-highest // _STEP_MCG) * _STEP_MCG


def _row(shown: _Shown, top: int) -> dict[str, Any]:
    year = shown.year
    known = year is not None and year.outlook.is_known
    return {
        "name": shown.protocol.title,
        "pack": shown.candidate.recommendation.pack.title,
        "words": NO_DEPOT if year is None else year.outlook.words,
        "assumption": year.assumption if year and known else "",
        "band": _band(year, top) if year and known else "",
        "low": _line(year, year.outlook.low_mcg, top) if year and known else "",
        "high": _line(year, year.outlook.high_mcg, top) if year and known else "",
        "cells": [
            {
                "day": f"Day {day}",
                "text": _range(year.outlook, day) if year and known else "no figure",
            }
            for day in READ_ON
        ],
    }


def _range(outlook: Outlook, day: int) -> str:
    return f"{outlook.low_mcg[day]:,} to {outlook.high_mcg[day]:,} mcg"


def _turns(year: YearOutlook) -> list[int]:
    """The days on which the band is drawn: both sides of each injection, every four weeks, and the ends."""
    steps = {day for on in year.injected_on for day in (on - 1, on) if day >= 0}
    return sorted(steps | set(range(0, LAST_DAY, _FOUR_WEEKS)) | {LAST_DAY})


def _points(year: YearOutlook, stores: Sequence[int], top: int) -> list[str]:
    return [f"{day} {HEIGHT - stores[day] * HEIGHT / top:.1f}" for day in _turns(year)]


def _line(year: YearOutlook, stores: Sequence[int], top: int) -> str:
    return "M" + "L".join(_points(year, stores, top))


def _band(year: YearOutlook, top: int) -> str:
    low, high = year.outlook.low_mcg, year.outlook.high_mcg
    return "M" + "L".join([*_points(year, high, top), *reversed(_points(year, low, top))]) + "Z"
