"""Symptom scores in words: each day, and how it stands against the one before and against the beginning."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from monitoring.interpretation.symptom_trend import (
    DOMAINS,
    Change,
    Scores,
    baseline,
    best_since,
    change_of,
    worse_in,
)
from monitoring.models import SymptomScore
from monitoring.presenters.words import day
from monitoring.queries.symptoms import scores_of

_SAID = {
    Change.BETTER: "better",
    Change.UNCHANGED: "unchanged",
    Change.WORSE: "worse",
    Change.MIXED: "some better, some worse",
}


def trend_lines(scores: Sequence[Scores], treated_since: date | None, points: int, today: date) -> list[str]:
    """The last scores against those before, the beginning and the best since then, in sentences; none without two days."""
    if not scores:
        return []
    *earlier, now = scores
    first = baseline(scores, treated_since)
    lines = [f"Last scored {day(now.on, today)}: {now.in_words()}."]
    if earlier:
        said = _SAID[change_of(earlier[-1], now, points)]
        lines.append(f"Against {day(earlier[-1].on, today)}: {said}.")
    if first is not None and first is not now:
        what = "before the first dose" if treated_since else "the first scores"
        said = _SAID[change_of(first, now, points)]
        lines.append(f"Against {what} ({day(first.on, today)}): {said}.")
    elif treated_since and now.on > treated_since:
        lines.append("Not scored before the first dose, so how symptoms answered cannot be told.")
    best = best_since(earlier, treated_since)
    worse = worse_in(DOMAINS, best, now, points) if best else ()
    if worse:
        lines.append(f"Against the best since the first dose: worse ({', '.join(worse)}).")
    return lines


def score_rows(rows: Sequence[SymptomScore], today: date) -> list[dict[str, Any]]:
    """The scores that stand, newest first, a cell for each domain."""
    return [
        {
            "public_id": row.public_id,
            "day": day(row.on, today),
            "cells": [{"label": label, "score": scores_of(row).of(d)} for d, label in DOMAINS.items()],
            "note": row.note,
            "who": row.by.display_name,
            "why": row.why,
        }
        for row in reversed(rows)
    ]
