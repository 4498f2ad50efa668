"""The core's tests in a process of their own: once to learn which test reaches which line, then once a mutant.

A process imports the core afresh, so that a table or a decorator can be changed as well as a function. Neither Django nor
a database is loaded: no plugin is, and the one file of tests that runs a management command is left out.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections import Counter, defaultdict
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from itertools import accumulate
from pathlib import Path
from statistics import mean
from time import process_time
from typing import Any

import coverage
import hypothesis
import pytest

from tests.mutate.changes import Mutant, Place

TESTS = "tests/core"
OURS = ("b12clinic", "monitoring", "regimens", "tests.core", "tests.late_doses")
ENOUGH_SECONDS = 8
"""Of tests for one mutant: what only the broadest tests would kill counts as a survivor."""

ARGUMENTS = (
    "--ignore=tests/core/protocols/test_recommend_command.py",
    "--confcutdir=" + TESTS,
    "--override-ini=addopts=--import-mode=importlib",
    "--continue-on-collection-errors",
    "--disable-warnings",
    "-qq",
    *("-p", "no:cacheprovider"),
)


class Verdict(StrEnum):
    KILLED = "killed"
    SURVIVED = "survived"
    ENDLESS = "endless"
    UNLOADABLE = "unloadable"


@dataclass
class Reach:
    """What the unchanged core's run tells: the tests of every line, every test's seconds of work, the libraries that were loaded."""

    tests: dict[str, dict[int, list[str]]] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    libraries: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    def of(self, file: str, lines: frozenset[int]) -> list[str]:
        """The tests to run for these lines, of the narrowest files first, as many as `ENOUGH_SECONDS` hold.

        Where no test reaches the lines, all tests of the files that reach `file` at all. A test beside them that reaches
        no line of the core reads a table or a code: it comes along.
        """
        wanted = {test for line in lines for test in self.tests[file].get(line, ())}
        if not wanted:
            near = {_file_of(test) for tests in self.tests[file].values() for test in tests}
            wanted = {test for test in self.seconds if _file_of(test) in near}
        files = {_file_of(test) for test in wanted}
        wanted |= {test for test in self.seconds if not self.reached[test] and _file_of(test) in files}
        ordered = sorted(
            wanted, key=lambda test: (self.breadth[_file_of(test)], _file_of(test), self.seconds[test])
        )
        spent = accumulate(self.seconds[test] for test in ordered)
        return [test for test, seconds in zip(ordered, spent, strict=True) if seconds < ENOUGH_SECONDS]

    @cached_property
    def reached(self) -> Counter[str]:
        """How many lines of the core each test reaches."""
        return Counter(
            test for by_line in self.tests.values() for tests in by_line.values() for test in tests
        )

    @cached_property
    def breadth(self) -> dict[str, float]:
        """By file of tests: how many lines of the core one of its tests reaches on average."""
        by_file: dict[str, list[int]] = defaultdict(list)
        for test in self.seconds:
            by_file[_file_of(test)].append(self.reached[test])
        return {file: mean(counts) for file, counts in by_file.items()}


def measure(files: Sequence[Path]) -> Reach:
    """Run every test on the core as it is."""
    measured = coverage.Coverage(data_file=None, include=[str(file) for file in files], config_file=False)
    reach, watch = Reach(), _Watch(measured)
    measured.start()
    pytest.main([*ARGUMENTS, TESTS], plugins=[watch])
    measured.stop()
    data = measured.get_data()
    for file in files:
        by_line = data.contexts_by_lineno(str(file.resolve()))
        reach.tests[str(file)] = {line: [one for one in found if one] for line, found in by_line.items()}
    reach.seconds |= watch.seconds
    reach.failed = watch.failed
    reach.libraries = sorted(name for name in sys.modules if not name.startswith((*OURS, "tests", "__")))
    return reach


def judge(mutant: Mutant, tests: Sequence[str], loaded: Sequence[str]) -> tuple[Place, Verdict] | None:
    """Run `tests` on the mutant until one fails. What does not even load is no mutant; None for what changes nothing."""
    if not mutant.is_a_change:
        return None
    return mutant.place, _verdict(mutant, tests, loaded)


def _verdict(mutant: Mutant, tests: Sequence[str], loaded: Sequence[str]) -> Verdict:
    sys.meta_path.insert(0, _Swap(module_of(mutant.file), mutant.file, mutant.text))  # type: ignore[arg-type]
    try:
        for name in loaded:
            importlib.import_module(name)
    except Exception:
        return Verdict.UNLOADABLE
    for stage in _in_stages(tests):
        watch = _Watch(None, {test: place for place, test in enumerate(stage)})
        pytest.main([*ARGUMENTS, "-x", *dict.fromkeys(_file_of(test) for test in stage)], plugins=[watch])
        if watch.failed:
            return Verdict.KILLED
        if watch.uncollected:
            return Verdict.UNLOADABLE
    return Verdict.SURVIVED


def _in_stages(tests: Sequence[str]) -> list[list[str]]:
    """The narrowest file by itself, since it nearly always decides; then all the others."""
    first = [test for test in tests if _file_of(test) == _file_of(tests[0])]
    return [stage for stage in (first, list(tests[len(first) :])) if stage]


def _file_of(test: str) -> str:
    return test.partition("::")[0]


def module_of(file: str) -> str:
    """The dotted name of a file of the core."""
    return file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def quiet() -> None:
    """Leave the screen to the report, and let chance and the clock out of the properties."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    os.dup2(nothing, 2)
    hypothesis.settings.register_profile(
        "mutants",
        derandomize=True,
        database=None,
        deadline=None,
        phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    hypothesis.settings.load_profile("mutants")


class _Swap:
    """Finds one module with another source."""

    def __init__(self, module: str, file: str, source: str) -> None:
        self.module, self.file, self.source = module, file, source

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        if name != self.module:
            return None
        return spec_from_file_location(name, self.file, loader=_SwappedLoader(name, self.file, self.source))


class _SwappedLoader(SourceFileLoader):
    def __init__(self, name: str, file: str, source: str) -> None:
        super().__init__(name, file)
        self._source = source

    def get_code(self, fullname: str) -> Any:
        return compile(self._source, self.path, "exec", dont_inherit=True)


class _Watch:
    """Keeps the tests asked for, in the order asked for, and what became of them."""

    def __init__(self, measured: coverage.Coverage | None, order: Mapping[str, int] | None = None) -> None:
        self.measured, self.order = measured, order
        self.seconds: dict[str, float] = defaultdict(float)
        self.failed: list[str] = []
        self.uncollected: list[str] = []

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        if self.order is not None:
            order = self.order
            items[:] = sorted(
                (one for one in items if one.nodeid in order), key=lambda one: order[one.nodeid]
            )

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, bool, bool]:
        if self.measured is not None:
            self.measured.switch_context(item.nodeid)
        began = process_time()
        handled: bool = yield
        self.seconds[item.nodeid] = process_time() - began
        return handled

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed.append(report.nodeid)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.uncollected.append(report.nodeid)
