"""The clinical core, in this process: a recommendation for a case, and five years of dates."""

import statistics
import time
from collections.abc import Callable
from datetime import date

import yaml

from regimens.packs import load_packs
from regimens.protocols.casefile import case_from_dict
from regimens.protocols.schedule import forecast
from regimens.protocols.selection import recommend
from regimens.seeding.courses import OPEN, protocol_of
from tests.bench.report import Figure
from tests.core.case_files import OWN_CASES, SHARED_CASES, case_paths

RECOMMEND_BOUND, SCHEDULE_BOUND = 5.0, 2.0
REPEATS = 15
PROTOCOLS = ("uk/standard", "uk/cyanocobalamin", "us-practice/standard", "nl/standard")
STARTS, ENDS = date(2026, 1, 5), date(2031, 1, 4)


def recommend_ms() -> list[Figure]:
    """The median time to answer a worked case, each case the median of its repeats."""
    packs = load_packs()
    paths = [*case_paths(OWN_CASES), *case_paths(SHARED_CASES)]
    cases = [
        case_from_dict(yaml.safe_load(path.read_text(encoding="utf-8")), file=path.name, guidelines=packs)
        for path in paths
    ]
    took = [_median_ms(lambda case=case: recommend(case.facts, packs)) for case in cases]
    beside = f"{len(cases)} cases, slowest {max(took):.1f} ms"
    return [Figure("recommend_ms", statistics.median(took), "ms", RECOMMEND_BOUND, beside)]


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


def _median_ms(act: Callable[[], object]) -> float:
    act()
    took = []
    for _ in range(REPEATS):
        began = time.perf_counter()
        act()
        took.append((time.perf_counter() - began) * 1000)
    return statistics.median(took)
