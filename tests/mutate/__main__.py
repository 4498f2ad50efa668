"""`python -m tests.mutate [--only NAME]`: breaks the core's rules one at a time and asks whether a test fails.

A table on the screen, build/mutants.json, exit 1 where fewer than 90 % are killed or a survivor is not in
tests/core/survivors.yaml.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import asdict
from importlib import import_module
from pathlib import Path

from tests.mutate import survivors
from tests.mutate.changes import Mutant, Place, mutants_of
from tests.mutate.suite import Reach, Verdict, judge, measure, module_of
from tests.mutate.workers import NO_ANSWER, in_process, in_processes

CORE = Path("regimens/protocols")
FILES = (
    *(CORE / f"{name}.py" for name in ("windows", "replanning", "verdicts", "situation", "selection")),
    *sorted(path for path in (CORE / "safety").glob("*.py") if path.stem != "sources"),
)
"""What decides for a patient. The sources are a list of titles that decides nothing."""

ANSWERS = Path("build/mutants.json")
LEAST_SHARE = 90
LIMIT_SECONDS = 180
Verdicts = dict[Place, Verdict]


def main(words: Sequence[str]) -> int:
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    asked = _asked(words)
    files = [file for file in FILES if asked.only in str(file)]
    reach = in_process(measure, FILES)
    if reach.failed:
        print("The tests must be green before anything is broken:", *reach.failed, sep="\n")
        return 1
    for name in reach.libraries:
        with suppress(Exception):
            import_module(name)
    verdicts: Verdicts = {}
    for file in files:
        found = _judged(mutants_of(file), reach)
        print(_line(str(file), Counter(found.values())), flush=True)
        verdicts |= found
        _keep(verdicts)
    return _report(verdicts)


def _asked(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.mutate", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("--only", default="", metavar="NAME", help="the files whose path holds this")
    return parser.parse_args(words)


def _judged(mutants: Iterable[Mutant], reach: Reach) -> Verdicts:
    loaded = [module_of(str(file)) for file in FILES]
    tasks = ((one, (one, reach.of(one.file, one.lines), loaded)) for one in mutants)
    found: Verdicts = {}
    for mutant, answer in in_processes(judge, tasks, at_once=os.cpu_count() or 2, limit=LIMIT_SECONDS):
        if answer is NO_ANSWER:
            answer = (mutant.place, Verdict.ENDLESS)
        if answer and found.get(answer[0]) is not Verdict.SURVIVED:
            found[answer[0]] = answer[1]
        if sys.stderr.isatty():
            print(f"{len(found)} judged", end="\r", file=sys.stderr)
    return found


def _keep(verdicts: Verdicts) -> None:
    ANSWERS.parent.mkdir(exist_ok=True)
    rows = [{**asdict(place), "verdict": verdict.value} for place, verdict in sorted(verdicts.items())]
    ANSWERS.write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n")


def _report(verdicts: Verdicts) -> int:
    total = Counter(verdicts.values())
    print(_line("all", total))
    alive = {place for place, verdict in verdicts.items() if verdict is Verdict.SURVIVED}
    known = survivors.listed()
    for place in sorted(alive - set(known)):
        print(f"\nnot listed: {place.file}, {place.within}\n  - {place.was}\n  + {place.now}")
    for place in sorted(place for place in known if place in verdicts and place not in alive):
        print(f"\nlisted, yet killed: {place.file}, {place.within}\n  + {place.now}")
    return int(_share(total) < LEAST_SHARE or bool(alive - set(known)))


def _line(name: str, count: Counter[Verdict]) -> str:
    told = ", ".join(f"{count[verdict]} {verdict.value}" for verdict in Verdict if count[verdict])
    return f"{name:<42} {_share(count):6.1f} %  {told}"


def _share(count: Counter[Verdict]) -> float:
    """Killed and endless among those that load, in per cent."""
    dead = count[Verdict.KILLED] + count[Verdict.ENDLESS]
    return 100 * dead / max(1, dead + count[Verdict.SURVIVED])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
