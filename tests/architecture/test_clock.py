"""The clock is read at the edge: views, tasks and commands. Everything below is told what day it is."""

import ast

from tests.architecture.source import modules, named, tree_of

CLOCKS = {
    ("timezone", "now"),
    ("timezone", "localdate"),
    ("timezone", "localtime"),
    ("date", "today"),
    ("datetime", "now"),
    ("datetime", "today"),
    ("datetime", "utcnow"),
    ("time", "time"),
}
EDGE = {"views", "management", "admin"}
EDGE_FILES = {"tasks.py", "middleware.py", "navigation.py"}
"""Navigation is a context processor: called by the template engine for a request, with nobody above to ask the day."""


def reads_of_the_clock(tree: ast.AST) -> list[int]:
    """Lines that read a clock, or hand one on to be read."""
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and (
            node.value.attr if isinstance(node.value, ast.Attribute) else getattr(node.value, "id", ""),
            node.attr,
        )
        in CLOCKS
    ]


def test_no_module_below_the_edge_reads_the_clock():
    below = [path for path in modules() if not EDGE & set(path.parts) and path.name not in EDGE_FILES]
    assert [f"{named(path)}:{line}" for path in below for line in reads_of_the_clock(tree_of(path))] == []


def test_a_read_of_the_clock_is_seen_however_it_is_written():
    written = "from datetime import date\nimport datetime as d\nfield(default=timezone.now)\ndatetime.datetime.now()\ndate.today()"
    assert sorted(reads_of_the_clock(ast.parse(written))) == [3, 4, 5]
