"""The response to treatment, what to reassess and how to find the cause, in words."""

from collections.abc import Sequence
from typing import Any

from monitoring.interpretation.expectations import Mark, expected_on
from monitoring.interpretation.trajectory import MarkerVerdict, ResponseAssessment, Verdict
from monitoring.presenters.words import test_in_words, tests_in_words, units_on_screen
from regimens.protocols.cause_finding import NextTest
from regimens.protocols.normal_b12 import Finding, Pathway
from regimens.protocols.reassessment import ChecklistItem
from regimens.response_check import Standing

CHIPS = {
    Verdict.ADEQUATE: "normal",
    Verdict.TOO_EARLY: "waiting",
    Verdict.INADEQUATE: "failed",
    Verdict.CANNOT_JUDGE: "unclear",
}
_FOUND = {
    Finding.EXPLAINS: ("unclear", "May explain it"),
    Finding.UNCLEAR: ("unclear", "Cannot be read"),
    Finding.SETTLED: ("normal", "Answered"),
    Finding.OPEN: ("planned", "Open"),
}
NAMES = {"symptoms": "Symptoms", "neurological_signs": "Neurological signs"}


def response_panels(standing: Standing) -> dict[str, Any]:
    """The chart's panels: the response, the reassessment where it fails, and the tests that find the cause."""
    return {
        "response": _response(standing.response) if standing.response else None,
        "checklist": [_item(item) for item in standing.checklist],
        "next_tests": next_test_rows(standing.next_tests),
        "pathway": pathway_panel(standing.pathway),
    }


def sentence_of(standing: Standing) -> str:
    """How treatment is answered, in a sentence; that nothing can be told before it began."""
    if standing.response is None:
        return "Nothing can be told before the first day of treatment."
    return units_on_screen(standing.response.sentence)


def pathway_panel(pathway: Pathway | None) -> dict[str, Any] | None:
    """What comes before any change of dose where symptoms go on with a B12 that is not low; None where it does not apply."""
    if pathway is None:
        return None
    return {
        "because": units_on_screen(pathway.because),
        "steps": [
            {
                "question": step.question,
                "said": units_on_screen(step.said),
                "status": _FOUND[step.finding][0],
                "word": _FOUND[step.finding][1],
                "missing": tests_in_words(step.tests) if step.tests else "",
                "source": step.source,
            }
            for step in pathway.steps
        ],
        "open": len(pathway.open_steps),
        "to_plan": tests_in_words(pathway.tests_to_plan) if pathway.tests_to_plan else "",
    }


def _response(response: ResponseAssessment) -> dict[str, Any]:
    return {
        "status": CHIPS[response.verdict],
        "word": response.verdict.words.capitalize(),
        "sentence": units_on_screen(response.sentence),
        "deciding": [_marker(one) for one in response.markers if one.decides],
        "supporting": [_marker(one) for one in response.markers if not one.decides],
        "expected": _expected(response),
    }


def _marker(marker: MarkerVerdict) -> dict[str, Any]:
    return {
        "name": _name(marker.marker),
        "status": CHIPS[marker.verdict],
        "word": marker.verdict.words.capitalize(),
        "sentence": units_on_screen(marker.sentence),
        "source": marker.source,
        "local_policy": marker.local_policy,
    }


def _expected(response: ResponseAssessment) -> list[dict[str, Any]]:
    """What the markers that are followed should be doing on the day."""
    followed = {one.marker for one in response.markers}
    return [
        {
            "name": _name(one.marker),
            "what": one.what,
            "source": one.source,
            "known": one.mark is Mark.KNOWN,
            "local_policy": one.mark is Mark.LOCAL,
        }
        for one in expected_on(response.day)
        if one.marker in followed
    ]


def _name(marker: str) -> str:
    return NAMES.get(marker) or test_in_words(marker)


def _item(item: ChecklistItem) -> dict[str, Any]:
    answer = item.answer
    return {
        "question": item.question,
        "ticked": item.ticked,
        "answer": units_on_screen(answer.words) if answer else "The record is silent: look.",
        "explains": answer.explains if answer else False,
        "source": item.source,
    }


def next_test_rows(tests: Sequence[NextTest]) -> list[dict[str, str]]:
    """Each test with why, what its result would change, and why not now."""
    return [
        {
            "test": _tests_in_words(one.test),
            "why": one.why,
            "would_change": one.would_change,
            "not_now": one.not_now,
            "source": one.source,
        }
        for one in tests
    ]


def _tests_in_words(test: str) -> str:
    """Analytes by their names; an examination or a history as it is called."""
    words = ", ".join(test_in_words(part) for part in test.split(", "))
    return words[:1].upper() + words[1:]
