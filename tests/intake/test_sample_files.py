"""Files as laboratories write them, every one fictional, each read row by row or refused as the table says.

`samples.yaml` holds what each must give: a row as "number: patient | born | test value unit [low..high] day source standing".
"""

from pathlib import Path

import pytest
import yaml

from monitoring.intake.read import rows_of
from monitoring.intake.rows import FileRefused, LabRow, Layout

HERE = Path(__file__).parent
SAMPLES = yaml.safe_load((HERE / "samples.yaml").read_text())


def in_words(row):
    """One line that says all of a row."""
    if not isinstance(row, LabRow):
        return f"{row.number}: {row.fate}: {row.sentence}"
    who = " ".join(f"{scheme}:{number}" for scheme, number in row.identifiers)
    value = f"{row.analyte} {row.comparator}{row.value} {row.unit}".strip()
    limits = f"{row.low}..{row.high}" if row.low or row.high else "no range"
    standing = {True: "corrected", False: "final", None: "-"}[row.corrected]
    told = (
        f"{who} {row.name}".strip(),
        row.born_on,
        value,
        limits,
        row.taken_on,
        row.source_id or "-",
        standing,
        row.flag,
    )
    return f"{row.number}: " + " | ".join(str(each) for each in told).rstrip(" |")


def read(name, **layout):
    """The kind and the rows in words, or the sentence that refuses the file."""
    try:
        kind, rows = rows_of(
            (HERE / "files" / name).read_bytes(), Layout(**{"clinic_zone": "Europe/London"} | layout)
        )
        return [kind, *map(in_words, rows)]
    except FileRefused as refused:
        return [f"refused: {refused}"]


def test_every_file_has_its_entry_and_every_entry_its_file():
    assert sorted(SAMPLES) == sorted(path.name for path in (HERE / "files").iterdir())
    assert len(SAMPLES) >= 30


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_a_file_is_read_as_the_table_says(name):
    assert read(name, **SAMPLES[name].get("layout", {})) == SAMPLES[name]["gives"]
