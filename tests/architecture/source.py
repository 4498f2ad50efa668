"""The product's own source, read once for the tests that look at all of it."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("b12clinic", "monitoring", "regimens")
APPS = ("jobs", "accounts", "patients", "messages_ledger", "monitoring", "regimens")
"""Labels of our apps, each allowed to know those before it."""


@cache
def modules() -> tuple[Path, ...]:
    """Every Python file of the product, without migrations."""
    found = (path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
    return tuple(sorted(path for path in found if "migrations" not in path.parts))


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), filename=str(path))


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def templates() -> Iterator[Path]:
    """Every template, also those that lie inside an app."""
    yield from (ROOT / "templates").rglob("*.html")
    for package in PACKAGES:
        yield from (ROOT / package).rglob("templates/**/*.html")
