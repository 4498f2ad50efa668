"""The clinical core, in this process: a recommendation for a case, how many a second, and five years of dates."""

import json
import statistics
import time
from collections.abc import Callable
from datetime import date
from typing import Any

import yaml

from regimens.packs import load_packs
from regimens.protocols.casefile import Case, case_from_dict
from regimens.protocols.schedule import forecast
from regimens.protocols.selection import recommend
from regimens.seeding.courses import OPEN, protocol_of
from tests.bench.report import Figure
from tests.core.case_files import OWN_CASES, SHARED_CASES, case_paths

RECOMMEND_BOUND, SCHEDULE_BOUND = 5.0, 2.0
PER_SECOND_BOUND, JSON_RATIO_BOUND = 1_000, 20.0
ROUNDS, PASSES = 7, 5
REPEATS = 15
PROTOCOLS = ("uk/standard", "uk/cyanocobalamin", "us-practice/standard", "nl/standard")
STARTS, ENDS = date(2026, 1, 5), date(2031, 1, 4)


def recommend_ms() -> list[Figure]:
    """The median time to answer a worked case, each case the median of its repeats."""
    packs = load_packs()
    cases = [_case(data) for data in _written_cases()]
    took = [_median_ms(lambda case=case: recommend(case.facts, packs)) for case in cases]
    beside = f"{len(cases)} cases, slowest {max(took):.1f} ms"
    return [Figure("recommend_ms", statistics.median(took), "ms", RECOMMEND_BOUND, beside)]


def recommend_per_second() -> list[Figure]:
    """Cases answered in a second of CPU: selection, schedule, safety and rechecks, every case in turn.

    Beside it: the same with the case's mapping read first, and how many times a recommendation costs what the least of
    any answer does, a case read from JSON and an answer written as JSON.
    """
    packs = load_packs()
    written = _written_cases()
    cases = [_case(data) for data in written]
    texts = [json.dumps(data, default=str) for data in written]
    answers = [recommend(case.facts, packs).to_json() for case in cases]
    answered, read_too, bare = _seconds_of_each(
        lambda: [recommend(case.facts, packs) for case in cases],
        lambda: [recommend(_case(data).facts, packs) for data in written],
        lambda: [(json.loads(text), json.dumps(said)) for text, said in zip(texts, answers, strict=True)],
    )
    count = len(cases)
    slowest = f"{count} cases, slowest round {count / max(answered):,.0f}"
    ratios = [mine / theirs for mine, theirs in zip(answered, bare, strict=True)]
    return [
        Figure(
            "recommend_per_second",
            count / statistics.median(answered),
            "cases/s",
            PER_SECOND_BOUND,
            slowest,
            at_least=True,
        ),
        Figure("recommend_reading_too", count / statistics.median(read_too), "cases/s"),
        Figure("recommend_json_ratio", statistics.median(ratios), "x", JSON_RATIO_BOUND),
    ]


def schedule_ms() -> list[Figure]:
    """The time to lay out five years of a protocol on a clinic's open days; the slowest of four protocols counts."""
    took = {}
    for code in PROTOCOLS:
        specs = protocol_of(code)[1].phases
        took[code] = _median_ms(
            lambda specs=specs: forecast(specs, start_on=STARTS, calendar=OPEN, until=ENDS)
        )
    slowest = max(took, key=lambda code: took[code])
    return [Figure("schedule_ms", took[slowest], "ms", SCHEDULE_BOUND, f"slowest of four: {slowest}")]


def _written_cases() -> list[dict[str, Any]]:
    """Every worked case as its file has it."""
    paths = [*case_paths(OWN_CASES), *case_paths(SHARED_CASES)]
    return [yaml.safe_load(path.read_text(encoding="utf-8")) for path in paths]


def _case(data: dict[str, Any]) -> Case:
    return case_from_dict(data, file="case.yaml", guidelines=load_packs())


def _seconds_of_each(*acts: Callable[[], object]) -> tuple[list[float], ...]:
    """CPU seconds of each act, one figure a round, measured in turn so that whatever else runs falls on all alike."""
    took: tuple[list[float], ...] = tuple([] for _ in acts)
    for act in acts:
        act()
    for _ in range(ROUNDS):
        for act, seconds in zip(acts, took, strict=True):
            began = time.process_time()
            for _ in range(PASSES):
                act()
            seconds.append((time.process_time() - began) / PASSES)
    return took


def _median_ms(act: Callable[[], object]) -> float:
    act()
    took = []
    for _ in range(REPEATS):
        began = time.perf_counter()
        act()
        took.append((time.perf_counter() - began) * 1000)
    return statistics.median(took)
