"""A short set of `make faults`: every fault once on services of its own, and every wall taken down once."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.running.processes import ROOT, environment

pytestmark = [pytest.mark.postgres, pytest.mark.redis, pytest.mark.slow]

ANSWERS = ROOT / "build" / "faults.json"
needs_servers = pytest.mark.skipif(
    not (shutil.which("redis-server") and list(Path("/usr/lib/postgresql").glob("*/bin/initdb"))),
    reason="the programs of PostgreSQL and Redis are not installed here, only their services answer",
)


def strike(*words: str) -> tuple[int, list[dict]]:
    command = [sys.executable, "-m", "tests.faults", "--patients", "12", *words]
    ended = subprocess.run(command, cwd=ROOT, env=environment(), capture_output=True, text=True, timeout=600)
    assert ended.returncode in (0, 1), ended.stderr[-2000:]
    return ended.returncode, json.loads(ANSWERS.read_text())


@needs_servers
def test_nothing_is_lost_and_nothing_doubled_under_any_fault():
    code, rows = strike("--seeds", "1", "--first", "31")

    assert [row["fault"] for row in rows if row["lost"] or row["doubled"] or row["foreign"]] == []
    assert (code, len(rows)) == (0, 15)
    assert all(row["owed"] for row in rows)


@needs_servers
@pytest.mark.parametrize(
    ("mutant", "fault", "what"),
    [
        ("no_key", "two beats and four workers", "doubled"),
        ("no_claim", "two beats and four workers", "lost"),
        ("mark_before", "worker killed while sending", "lost"),
    ],
)
def test_a_wall_taken_down_turns_the_table_red(mutant, fault, what):
    code, [row] = strike("--seeds", "1", "--mutant", mutant, "--only", fault)

    assert code == 1
    assert row[what] or row["doubled"] or row["foreign"]
