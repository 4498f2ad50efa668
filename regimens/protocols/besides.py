"""What stands beside a recommendation on the wire: the response so far, what to reassess, which test finds the cause."""

from __future__ import annotations

from typing import Any

from monitoring.interpretation.trajectory import ResponseAssessment

from .cause_finding import next_tests
from .reassessment import Record, checklist
from .response import response_of
from .situation import Situation


def besides(situation: Situation) -> dict[str, Any]:
    """`next_tests` always, `response` once a dose was given, `reassess` where the response is inadequate.

    A case file says nothing of sites, routes or windows, so the checklist ticks only what the picture answers.
    """
    response = response_of(situation)
    return {
        **({"response": _response(response)} if response else {}),
        **({"reassess": _reassess(situation)} if situation.reading.inadequate_response else {}),
        "next_tests": [
            {
                "test": one.test,
                "why": one.why,
                "would_change": one.would_change,
                "not_now": one.not_now,
                "source": one.source,
            }
            for one in next_tests(situation.reading)
        ],
    }


def _response(response: ResponseAssessment) -> dict[str, Any]:
    return {
        "verdict": response.verdict.value,
        "day": response.day,
        "sentence": response.sentence,
        "markers": [
            {
                "marker": one.marker,
                "verdict": one.verdict.value,
                "sentence": one.sentence,
                "source": one.source,
                "local_policy": one.local_policy,
                "decides": one.decides,
            }
            for one in response.markers
        ],
    }


def _reassess(situation: Situation) -> list[dict[str, Any]]:
    return [
        {
            "code": item.code,
            "question": item.question,
            "answer": item.answer.words if item.answer and item.ticked else None,
            "explains": item.answer.explains if item.answer and item.ticked else None,
            "source": item.source,
        }
        for item in checklist(situation.reading, Record())
    ]
