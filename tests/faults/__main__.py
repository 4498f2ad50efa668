"""`python -m tests.faults [--seeds N] [--patients N] [--only FAULT] [--mutant NAME] [--write]`: every fault against the oracle.

A PostgreSQL and a Redis of its own on free ports. A table on the screen, build/faults.json, and with --write the page
docs/reference/reminders.md. Exit 1 where anything is lost, doubled or sent to nobody who was owed it.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from random import Random
from typing import Any

from tests.faults.report import Row, line, page

ANSWERS = Path("build/faults.json")
MANY = 10
"""From so many seeds on, what is struck once is struck too."""

PAGE = Path("docs/reference/reminders.md")


def main(words: Sequence[str]) -> int:
    asked = _asked(words)
    from tests.faults.services import Postgres, Redis

    postgres, redis = Postgres(), Redis()
    try:
        rows = _struck(postgres, redis, asked)
    finally:
        redis.end()
        postgres.end()
    for row in rows:
        print(line(row))
    ANSWERS.parent.mkdir(exist_ok=True)
    ANSWERS.write_text(json.dumps([asdict(row) for row in rows], indent=1) + "\n")
    if asked.write:
        PAGE.write_text(page(rows))
    return int(any(not row.holds for row in rows))


def _asked(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.faults", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("--seeds", type=int, default=30, help="how many times each fault strikes (30)")
    parser.add_argument("--first", type=int, default=1, help="the first seed")
    parser.add_argument("--patients", type=int, default=24, help="how many patients wait (24)")
    parser.add_argument("--only", default="", help="the faults whose name holds this")
    parser.add_argument("--mutant", default="", help="a wall to take down: no_key, no_claim, mark_before")
    parser.add_argument("--write", action="store_true", help="write the reference page")
    return parser.parse_args(words)


def _struck(postgres: Any, redis: Any, asked: argparse.Namespace) -> list[Row]:
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
        "DATABASE_URL": postgres.url("fault"),
        "REDIS_URL": redis.url,
        "SECRET_KEY": "signs nothing but tests",
        "VAR_DIR": "build/faults",
    }
    postgres.make("template_fault")
    _manage(postgres.url("template_fault"), "migrate", "--verbosity", "0")
    import django

    django.setup()
    from tests.faults.bench import Bench
    from tests.faults.scenarios import ONCE, SCENARIOS

    found: dict[str, list[Any]] = defaultdict(list)
    times = [(name, scenario, asked.seeds) for name, scenario in SCENARIOS.items()]
    times += [(name, scenario, 1) for name, scenario in ONCE.items() if asked.seeds >= MANY or asked.only]
    for name, scenario, seeds in times:
        for seed in range(asked.first, asked.first + seeds) if asked.only in name else ():
            postgres.make("fault", "template_fault")
            bench = Bench(postgres, redis, number=asked.patients, mutant=asked.mutant)
            try:
                outcome = scenario(bench, Random(f"{name} {seed}"))
            finally:
                bench.end()
                redis.flush()
            if not outcome.holds:
                print(f"{name}, seed {seed}: {outcome}", file=sys.stderr, flush=True)
            found[name].append(outcome)
    return [Row.of(name, outcomes) for name, outcomes in found.items()]


def _manage(url: str, *words: str) -> None:
    environment = os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "tests.faults.settings"}
    subprocess.run([sys.executable, "manage.py", *words], env=environment, check=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
