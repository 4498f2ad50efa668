"""No room with too many people in it, and none without a name of its own."""

import ast

from tests.architecture.source import ROOT, modules, named, tree_of

LONGEST_FILE = 400
LONGEST_FUNCTION = 60
NAMES_THAT_SAY_NOTHING = {"utils", "util", "helpers", "helper", "common", "core", "misc", "tools", "lib"}


def test_no_file_is_longer_than_400_lines():
    files = [*modules(), *(ROOT / "tests").rglob("*.py")]
    lengths = {named(path): len(path.read_text().splitlines()) for path in files}
    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}


def test_no_function_is_longer_than_60_lines():
    found = {
        f"{named(path)}:{node.lineno} {node.name}": node.end_lineno - node.lineno + 1
        for path in modules()
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.FunctionDef) and node.end_lineno is not None
    }
    assert {name: length for name, length in found.items() if length > LONGEST_FUNCTION} == {}


def test_no_module_is_named_for_nothing():
    assert [named(path) for path in modules() if {path.stem, path.parent.name} & NAMES_THAT_SAY_NOTHING] == []
