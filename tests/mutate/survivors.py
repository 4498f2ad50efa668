"""The mutants that no test kills and why: tests/core/survivors.yaml."""

from __future__ import annotations

from pathlib import Path

import yaml

from tests.mutate.changes import Place

FILE = Path("tests/core/survivors.yaml")


def listed() -> dict[Place, str]:
    """Every survivor that the file names, with its reason. A row without a reason is a ValueError."""
    rows = yaml.safe_load(FILE.read_text()) or []
    found: dict[Place, str] = {}
    for row in rows:
        if not str(row.get("reason") or "").strip():
            raise ValueError(f"{FILE}: no reason for {row}")
        for now in row["now"] if isinstance(row["now"], list) else [row["now"]]:
            found[Place(row["file"], row["within"], row["was"], now)] = row["reason"]
    return found
