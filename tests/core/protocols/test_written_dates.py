"""Dates in sentences for people."""

import json
import re
from datetime import date

import pytest

from regimens.packs import load_packs
from regimens.protocols.casefile import case_from_dict
from regimens.protocols.selection import recommend
from regimens.protocols.written_dates import written
from tests.core.case_files import OWN_CASES, case_paths, read_case

ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
SPOKEN = ("message", "why", "because", "ends_when")


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2025, 3, 1), "1 March 2025"),
        (date(2024, 2, 29), "29 February 2024"),
        (date(2025, 12, 31), "31 December 2025"),
        (date(2026, 1, 10), "10 January 2026"),
    ],
)
def test_a_date_is_written_out_without_leading_zero_or_abbreviation(day, words):
    assert written(day) == words


@pytest.mark.parametrize("path", case_paths(OWN_CASES), ids=lambda path: path.stem)
def test_no_sentence_of_an_answer_holds_a_date_as_data_writes_it(path):
    case = case_from_dict(read_case(path), file=path.name, guidelines=load_packs())
    sentences = sentences_of(recommend(case.facts, load_packs()).to_json())
    assert sentences
    assert [one for one in sentences if ISO.search(one)] == []


def sentences_of(answer):
    """Every text under a key that holds words for people, however deep."""
    if isinstance(answer, list):
        return [text for one in answer for text in sentences_of(one)]
    if not isinstance(answer, dict):
        return []
    return [json.dumps(answer[key]) for key in SPOKEN if key in answer] + sentences_of(list(answer.values()))
