"""How a patient answers to treatment so far, read with one guideline's cut-offs (evidence section 4)."""

from __future__ import annotations

from monitoring.interpretation.trajectory import ResponseAssessment, assess_response

from .reading import response_course
from .situation import Situation


def response_of(situation: Situation) -> ResponseAssessment | None:
    """Every marker against its expected course; None before the first day of treatment."""
    reading = situation.reading
    course = response_course(situation.facts, reading.diagnosis, reading.hb_limit, situation.pack.mma_upper)
    if course is None:
        return None
    return assess_response(reading.results, course, situation.policy, neurological=reading.neurological)
