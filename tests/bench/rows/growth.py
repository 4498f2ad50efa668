"""Whether the due list costs the same with a hundred times as many doses in the tables.

The database works in a process of its own, so wall time is measured, each page against a bare page of the same run.
"""

import os
import statistics
import subprocess
import sys

from tests.bench.databases import DOSES_PER_PATIENT, Databases
from tests.bench.report import Figure

FEW = 2_000
BOUND = 1.3
ROUNDS = 3


def due_list_growth_ratio(databases: Databases) -> list[Figure]:
    """Wall time of the page of fifty rows in the bench's tables, against the same in tables of 40,000 doses."""
    sizes = (databases, Databases(FEW))
    for size in sizes:
        size.make_copy()
    try:
        found = [[_page_over_bare(size) for size in sizes] for _ in range(ROUNDS)]
    finally:
        for size in sizes:
            size.drop_copy()
    many, few = (statistics.median(column) for column in zip(*found, strict=True))
    beside = (
        f"page over bare page: {many:.2f} with {databases.patients * DOSES_PER_PATIENT:,} doses, "
        f"{few:.2f} with {FEW * DOSES_PER_PATIENT:,}"
    )
    return [Figure("due_list_growth_ratio", many / few, "ratio", BOUND, beside)]


def _page_over_bare(size: Databases) -> float:
    told = subprocess.run(
        [sys.executable, "-m", "tests.bench.rows.growth"],
        env=os.environ | {"DATABASE_URL": size.url(size.copy)},
        capture_output=True,
        text=True,
        check=True,
    )
    return float(told.stdout)


def measure() -> float:
    """In the process of one database: the page's median wall time over the bare page's."""
    import django

    django.setup()
    from tests.bench.rows.due_list import BARE, PAGE, visitors
    from tests.bench.web import interleaved

    with visitors() as (full, _):
        page, bare = interleaved(lambda: full.get(PAGE), lambda: full.get(BARE))
    return statistics.median(page.wall) / statistics.median(bare.wall)


if __name__ == "__main__":
    print(measure())
