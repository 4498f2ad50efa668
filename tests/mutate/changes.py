"""The small changes that break a file of the core: mutmut's operators, on every line of the file.

mutmut's own runner passes by decorated functions and tables; every safety rule is the one, every window the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice, takewhile
from pathlib import Path

import libcst as cst
from libcst.matchers import Name, matches
from libcst.metadata import MetadataWrapper, PositionProvider
from mutmut.mutation.mutators import mutation_operators, operator_string


@dataclass(frozen=True, order=True)
class Place:
    """One change of one function or table: what the lines were, and what they become."""

    file: str
    within: str
    was: str
    now: str


@dataclass(frozen=True)
class Mutant:
    """A file with one change. `lines` are those of the statement that changes."""

    place: Place
    lines: frozenset[int]
    source: str


def mutants_of(path: Path) -> Iterator[Mutant]:
    """Every mutant of a file that still parses, in the order of the file."""
    source = path.read_text()
    wrapper = MetadataWrapper(cst.parse_module(source))
    found = _Changes(wrapper.module)
    wrapper.visit(found)
    for node, changed, within, lines in found.changes:
        text = wrapper.module.deep_replace(node, changed).code
        if _parses(text) and text != source:
            was, now = _difference(source, text)
            yield Mutant(Place(str(path), within, was, now), lines, text)


def _parses(text: str) -> bool:
    try:
        compile(text, "mutant", "exec")
    except SyntaxError:
        return False
    return True


def _difference(source: str, text: str) -> tuple[str, str]:
    """The lines that differ, each set on one line."""
    old, new = source.splitlines(), text.splitlines()
    head = _alike(old, new)
    tail = _alike(reversed(old[head:]), reversed(new[head:]))
    was, now = old[head : len(old) - tail], new[head : len(new) - tail]
    return " ".join(line.strip() for line in was), " ".join(line.strip() for line in now)


def _alike(old: Iterable[str], new: Iterable[str]) -> int:
    """How many lines are the same from the start."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(old, new, strict=False)))


class _Changes(cst.CSTVisitor):
    """Gathers the changes. Left alone: imports, `__all__`, annotations, what decorates a class, docstrings.

    A text is changed once, by marks around it: a test that reads only a part of a sentence lets that live.
    """

    METADATA_DEPENDENCIES = (PositionProvider,)
    PASSED_BY = (cst.Import, cst.ImportFrom, cst.Annotation)

    def __init__(self, module: cst.Module) -> None:
        self.changes: list[tuple[cst.CSTNode, cst.CSTNode, str, frozenset[int]]] = []
        self._names: list[str] = []
        self._decorates_class: set[cst.CSTNode] = set()
        self._statements: list[cst.CSTNode] = []

    def on_visit(self, node: cst.CSTNode) -> bool:
        if isinstance(node, self.PASSED_BY) or node in self._decorates_class or _lists_names(node):
            return False
        if isinstance(node, cst.ClassDef):
            self._decorates_class.update(node.decorators)
        if isinstance(node, cst.ClassDef | cst.FunctionDef):
            self._names.append(node.name.value)
        if isinstance(node, cst.SimpleStatementLine):
            self._statements.append(node)
        self._gather(node)
        return True

    def on_leave(self, original_node: cst.CSTNode) -> None:
        if isinstance(original_node, cst.ClassDef | cst.FunctionDef):
            self._names.pop()
        if isinstance(original_node, cst.SimpleStatementLine):
            self._statements.pop()

    def _gather(self, node: cst.CSTNode) -> None:
        for kind, operator in mutation_operators:
            if isinstance(node, kind):
                within, lines = ".".join(self._names) or "the module", self._lines(node)
                changes = islice(operator(node), 1 if operator is operator_string else None)
                self.changes += [(node, changed, within, lines) for changed in changes]

    def _lines(self, node: cst.CSTNode) -> frozenset[int]:
        position = self.get_metadata(PositionProvider, (*self._statements, node)[0], None)
        return frozenset(range(position.start.line, position.end.line + 1)) if position else frozenset()


def _lists_names(node: cst.CSTNode) -> bool:
    return isinstance(node, cst.Assign) and matches(node.targets[0].target, Name("__all__"))
