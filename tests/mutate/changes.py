"""The small changes that break a file of the core: mutmut's operators, on every line of the file.

mutmut's own runner passes by decorated functions and tables; every safety rule is the one, every window the other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice, takewhile
from pathlib import Path
from typing import Any, cast

import libcst as cst
from libcst.matchers import AnnAssign, AssignTarget, Name, findall, matches
from libcst.metadata import MetadataWrapper, ParentNodeProvider, PositionProvider
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
    """A file with one change. `lines` are those that a test must reach to notice it."""

    file: str
    within: str
    lines: frozenset[int]
    module: cst.Module
    node: cst.CSTNode
    changed: cst.CSTNode

    @cached_property
    def text(self) -> str:
        """The whole file as changed."""
        return cast(cst.Module, self.module.deep_replace(self.node, self.changed)).code

    @property
    def place(self) -> Place:
        return Place(self.file, self.within, *_difference(self.module.code, self.text))

    @property
    def is_a_change(self) -> bool:
        """Whether the file still parses and is not what it was."""
        try:
            compile(self.text, self.file, "exec")
        except SyntaxError:
            return False
        return self.text != self.module.code


def mutants_of(path: Path) -> list[Mutant]:
    """Every change of a file, in its order; `is_a_change` tells which of them count."""
    wrapper = MetadataWrapper(cst.parse_module(path.read_text()))
    found = _Changes()
    wrapper.visit(found)
    return [
        Mutant(str(path), within, lines, wrapper.module, node, changed)
        for node, changed, within, lines in found.changes
    ]


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

    METADATA_DEPENDENCIES = (PositionProvider, ParentNodeProvider)
    PASSED_BY = (cst.Import, cst.ImportFrom, cst.Annotation)

    def __init__(self) -> None:
        self.changes: list[tuple[cst.CSTNode, cst.CSTNode, str, frozenset[int]]] = []
        self._uses: dict[str, set[int]] = defaultdict(set)

    def _note_uses(self, node: cst.Module) -> None:
        for name in findall(node, Name()):
            self._uses[cast(cst.Name, name).value] |= self._span(name)

    def on_visit(self, node: cst.CSTNode) -> bool:
        if isinstance(node, cst.Module):
            self._note_uses(node)
        if isinstance(node, self.PASSED_BY) or self._decorates_class(node) or _lists_names(node):
            return False
        for kind, operator in mutation_operators:
            if isinstance(node, kind):
                changes = islice(operator(node), 1 if operator is operator_string else None)
                self.changes += [(node, one, self._within(node), self._lines(node)) for one in changes]
        return True

    def _around(self, node: cst.CSTNode) -> Iterator[cst.CSTNode]:
        """The node and what holds it, from the inside out."""
        while not isinstance(node, cst.Module):
            yield node
            node = cast(cst.CSTNode, self.get_metadata(ParentNodeProvider, node))

    def _within(self, node: cst.CSTNode) -> str:
        named = [one for one in self._around(node) if isinstance(one, cst.ClassDef | cst.FunctionDef)]
        return ".".join(one.name.value for one in reversed(named)) or "the module"

    def _decorates_class(self, node: cst.CSTNode) -> bool:
        parent = isinstance(node, cst.Decorator) and self.get_metadata(ParentNodeProvider, node)
        return isinstance(parent, cst.ClassDef)

    def _lines(self, node: cst.CSTNode) -> frozenset[int]:
        """Of a statement its own; of a function's decorator or default the function; of a table where it is used."""
        held = list(self._around(node))
        functions = [one for one in held if isinstance(one, cst.FunctionDef)]
        if functions and any(isinstance(one, cst.Decorator | cst.Parameters) for one in held):
            return self._span(functions[0])
        statement = next((one for one in held if isinstance(one, cst.SimpleStatementLine)), node)
        if functions:
            return self._span(statement)
        targets = findall(statement, AssignTarget() | AnnAssign())
        names = {
            cast(cst.Name, name).value for one in targets for name in findall(cast(Any, one).target, Name())
        }
        return frozenset().union(self._span(statement), *(self._uses[name] for name in names))

    def _span(self, node: Any) -> frozenset[int]:
        position = self.get_metadata(PositionProvider, node, None)
        return frozenset(range(position.start.line, position.end.line + 1)) if position else frozenset()


def _lists_names(node: cst.CSTNode) -> bool:
    return isinstance(node, cst.Assign) and matches(node.targets[0].target, Name("__all__"))
