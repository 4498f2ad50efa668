"""The clinical core computes and nothing else: no clock, no file, no environment, no chance, nothing from above it."""

import ast
from pathlib import Path

import pytest

from tests.architecture.source import ROOT, named, tree_of

CORE = (
    ROOT / "b12clinic" / "vocabulary.py",
    *sorted((ROOT / "regimens" / "protocols").rglob("*.py")),
    *sorted((ROOT / "monitoring" / "interpretation").rglob("*.py")),
)
ITSELF = ("b12clinic.vocabulary", "regimens.protocols", "monitoring.interpretation")
PURE = {
    "__future__", "bisect", "calendar", "collections", "collections.abc", "dataclasses", "datetime", "decimal", "enum", "fractions",
    "functools", "itertools", "math", "operator", "re", "types", "typing",
}  # fmt: skip
"""Of the standard library, what neither reads nor writes anything."""

CALLS = {"open", "print", "input", "exec", "eval", "compile", "__import__", "breakpoint"}
METHODS = {
    "today",
    "utcnow",
    "fromtimestamp",
    "utcfromtimestamp",
    "read_text",
    "write_text",
    "read_bytes",
    "getenv",
}
CLOCKS = ("datetime.now", "timezone.now", "time.time")
PURE_PATHS = {"PurePath", "PurePosixPath"}
"""A path as text, with no disk behind it."""


def impurities(tree: ast.AST) -> list[str]:
    """What a module imports or names that a plain computation has no use for, by line."""
    return [f"{node.lineno}: {what}" for node in ast.walk(tree) for what in _of(node)]


def _of(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names if not _may_be_known(alias.name)]
    if isinstance(node, ast.ImportFrom) and node.level == 0:
        if node.module == "pathlib" and {alias.name for alias in node.names} <= PURE_PATHS:
            return []
        return [] if _may_be_known(node.module or "") else [node.module or ""]
    if isinstance(node, ast.Name) and node.id in CALLS:
        return [node.id]
    if isinstance(node, ast.Attribute) and (node.attr in METHODS or ast.unparse(node).endswith(CLOCKS)):
        return [node.attr]
    return []


def _may_be_known(module: str) -> bool:
    return module in PURE or any(module == own or module.startswith(f"{own}.") for own in ITSELF)


@pytest.mark.parametrize("path", CORE, ids=named)
def test_module_of_the_core_only_computes(path: Path) -> None:
    assert impurities(tree_of(path)) == []


@pytest.mark.parametrize(
    "written",
    [
        "import os",
        "import time",
        "import random",
        "import pathlib as p",
        "from pathlib import Path",
        "from os import environ",
        "import yaml",
        "from django.utils import timezone",
        "from regimens.packs import load_packs",
        "from b12clinic import vocabulary_of_tomorrow",
        "open('x')",
        "print('x')",
        "date.today()",
        "datetime.datetime.now()",
        "field(default_factory=date.today)",
        "path.read_text()",
        "def late():\n    import io\n",
    ],
)
def test_whatever_is_more_than_computing_is_seen(written: str) -> None:
    assert len(impurities(ast.parse(written))) == 1


def test_what_computes_is_let_through() -> None:
    written = "from datetime import date\nfrom .words import said\nfrom pathlib import PurePath\nlabel.open; case.now"
    assert impurities(ast.parse(written)) == []
