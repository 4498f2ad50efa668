"""Ways to spoil a guideline pack, as data and as text."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from datetime import date, datetime
from typing import Any

from hypothesis import strategies as st

Path = tuple[str | int, ...]

DEEPEST = 10
NO_FIELD = "zz_no_field"
_DEEP: list[Any] = []
for _ in range(200):
    _DEEP = [_DEEP]
_ENDLESS: list[Any] = []
_ENDLESS.append(_ENDLESS)

JUNK: tuple[Any, ...] = (
    None, True, False, -1, 0, 1, 7, 29_999, 30_000, 30_001, 10**6, 10**30, 16**5000, -(16**5000), 0.5, 1e308,
    float("nan"), float("inf"), float("-inf"), "", "  ", "0", "NaN", "-Infinity", "1e999999999", "x" * 5000,
    "zz", "any", "oral", "deferred", "maintenance", "month", "bell \x07", "nothing \x00", "half \ud800",
    "2025-13-45", "20250106", "2025-W02-1", date.max, date.min, datetime(2025, 1, 6, 9), b"\xff", (), [], [[]], {}, {"a": 1},
    {1, 2}, [None], [0], [-1], [2, 1], ["zz"], [10**30], {None: 1}, {1: 2}, {"count": 10**9, "unit": "month"},
    {"count": 30_000, "unit": "day"}, _DEEP, _ENDLESS,
)  # fmt: skip
"""Values that stand nowhere in a pack, or only in the wrong place of it."""


def places(data: Any, path: Path = ()) -> Iterator[Path]:
    """The way to every value in nested data, its containers included; not into what is deeper than any pack."""
    if len(path) > DEEPEST:
        return
    children = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, child in children:
        yield (*path, key)
        yield from places(child, (*path, key))


def at(data: Any, path: Path) -> Any:
    for step in path:
        data = data[step]
    return data


def written(path: Path) -> str:
    """A way as an error names it: `protocols[2].phases[0].drug`."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).lstrip(".")


@st.composite
def spoiled(draw: st.DrawFn, packs: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """A pack with one to three changes at any place; now and then one that is as good as before."""
    data = deepcopy(packs[draw(st.sampled_from(sorted(packs)))])
    for _ in range(draw(st.integers(1, 3))):
        ways = list(places(data))
        if ways:
            path = draw(st.sampled_from(ways))
            _change(draw, data, path, ways)
    return data


def _change(draw: st.DrawFn, data: Any, path: Path, ways: list[Path]) -> None:
    parent, key = at(data, path[:-1]), path[-1]
    how = draw(st.sampled_from(["drop", "junk", "junk", "transplant", "twice", "turn", "unknown"]))
    if how == "drop":
        del parent[key]
    elif how == "junk":
        parent[key] = draw(st.sampled_from(JUNK))
    elif how == "transplant":
        parent[key] = deepcopy(at(data, draw(st.sampled_from(ways))))
    elif how == "twice" and isinstance(parent, list):
        parent.append(deepcopy(parent[key]))  # type: ignore[call-overload]
    elif how == "turn" and isinstance(parent, list):
        parent.reverse()
    elif isinstance(parent, dict):
        parent[NO_FIELD] = 1


SNIPPETS = (
    "!!python/object/apply:os.system ['true']", "!!python/name:os.system", "!!binary '%'", "!!int x", "!!float x",
    "!!bool x", "!!timestamp x", "!!set {a, b}", "!!omap [a]", "!!pairs [1]", "!!null x", "!other x", "2025-13-45",
    "2025-02-30 99:99:99", "&loop [*loop]", "*nowhere", "{a: 1, a: 2}", "{? [a]: 1}", "{<<: 3}", "{<<: [{a: 1}, 2]}",
    "0x" + "f" * 5000, "9" * 5000, "1:99:99", ".nan", "-.inf", '"\\0"', '"\\ud800"', "[" * 3000, "{a: " * 3000, "'", '"', "%",
    "- a", "a: b: c", "\t", "\x00", "\x85", "--- a", "...", "|", "? ", "@", "`",
)  # fmt: skip


@st.composite
def spoiled_bytes(draw: st.DrawFn, text: str) -> bytes:
    """A file cut short, with bytes struck out, a line written twice, or a snippet in place of a line's value."""
    how = draw(st.sampled_from(["snippet", "snippet", "snippet", "cut", "strike", "again", "bytes", "whole"]))
    lines = text.splitlines()
    place = draw(st.integers(0, len(lines) - 1))
    start, end = sorted(draw(st.tuples(st.integers(0, len(text)), st.integers(0, len(text)))))
    if how == "snippet":
        key, colon, _ = lines[place].partition(": ")
        lines[place] = f"{key}{colon}{draw(st.sampled_from(SNIPPETS))}"
    elif how == "again":
        lines.insert(place, lines[place])
    elif how == "cut":
        return text[:start].encode()
    elif how == "strike":
        return (text[:start] + text[min(end, start + 40) :]).encode()
    elif how == "bytes":
        return text[:start].encode() + draw(st.binary(min_size=1, max_size=8)) + text[start:].encode()
    else:
        return draw(
            st.sampled_from(
                [b"", b"\n", b"[]", b"- uk", b"text", b"null", b"\xff\xfe", b"\xef\xbb\xbf", *_WHOLE]
            )
        )
    return "\n".join(lines).encode()


_WHOLE = tuple(snippet.encode() for snippet in SNIPPETS)
