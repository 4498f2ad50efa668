"""A request for tests on paper: each test in words, with its LOINC code where that was seen in its source."""

from collections.abc import Iterable
from typing import Any

from monitoring.interpretation.analytes import ANALYTES
from monitoring.interpretation.recheck_matching import answered_by_note, parts_of
from monitoring.models import Recheck
from monitoring.presenters.words import full_day, test_in_words
from monitoring.services.answer_rechecks import missing_parts


def request_form(recheck: Recheck) -> dict[str, Any]:
    """What a laboratory is asked for; reviews and examinations are named apart, since no laboratory answers them."""
    missing = missing_parts(recheck)
    labs = [part for part in missing if not answered_by_note(part)]
    asked = [test for test in recheck.tests if any(part in labs for part in parts_of(test))]
    return {
        "due": full_day(recheck.due_on),
        "why": recheck.why,
        "tests": [_test(test, [part for part in parts_of(test) if part in labs]) for test in asked],
        "reviews": [test_in_words(part) for part in missing if answered_by_note(part)],
    }


def _test(test: str, parts: Iterable[str]) -> dict[str, Any]:
    return {
        "name": test_in_words(test),
        "parts": [{"name": test_in_words(part), "loinc": _codes(part)} for part in parts],
        "is_panel": test not in ANALYTES,
    }


def _codes(analyte: str) -> str:
    """The LOINC codes that were read in their source; one still to be checked goes on no request."""
    seen = [
        f"{one.code} ({one.unit})" if one.unit else one.code for one in ANALYTES[analyte].loinc if one.seen
    ]
    return f"LOINC {', '.join(seen)}" if seen else ""
