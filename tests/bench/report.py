"""What a row of the bench says, on the screen and in build/bench.json."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

FILE = Path("build/bench.json")


@dataclass(frozen=True)
class Figure:
    """One figure: `bound` is the most it may be, None for a figure that is only told. `beside` explains it.

    `at_least`: the bound is the least that it may be instead.
    """

    name: str
    value: float
    unit: str
    bound: float | None = None
    beside: str = ""
    at_least: bool = False

    @property
    def holds(self) -> bool:
        if self.bound is None:
            return True
        return self.value >= self.bound if self.at_least else self.value <= self.bound


def line(figure: Figure) -> str:
    bound = "" if figure.bound is None else f"{'≥' if figure.at_least else '≤'} {figure.bound:g}"
    verdict = "" if figure.bound is None else ("holds" if figure.holds else "MISSED")
    value = f"{figure.value:,.2f}".removesuffix(".00")
    return f"{figure.name:<24} {value:>10} {figure.unit:<8} {bound:<8} {verdict:<7} {figure.beside}".rstrip()


def keep(figures: Sequence[Figure]) -> None:
    """Write the file that other programs read."""
    rows = [
        {
            "name": figure.name,
            "value": round(figure.value, 4),
            "unit": figure.unit,
            "bound": figure.bound,
            "at_least": figure.at_least,
            "holds": figure.holds,
        }
        for figure in figures
    ]
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(json.dumps(rows, indent=2) + "\n")
