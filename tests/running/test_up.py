"""One command starts web, worker and beat, and ends all three."""

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from tests.running.processes import ROOT, environment, free_port, manage

OWE_A_JOB = (
    "from b12clinic.jobs.models import Pending; Pending.objects.create(kind='nobody.does_this', subject_id=7)"
)


def test_a_taken_port_is_named_with_a_way_out(tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        refused = manage("up", "--port", str(port), VAR_DIR=str(tmp_path))
    assert refused.returncode == 1
    assert (
        f"Port {port} is taken by another program. Serve elsewhere: make run PORT={port + 10}"
        in refused.stderr
    )
    assert not (tmp_path / "b12clinic.sqlite3").exists()


class Running:
    """`manage.py up` on a port and in a folder of its own."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder, self.port, self.told = folder, free_port(), folder / "told"
        settings = {
            "VAR_DIR": str(folder),
            "STATIC_ROOT": str(
                folder / "static"
            ),  # two of these tests at once must not collect into one folder
            "HTTPS": "false",
            "SEND_EVERY_SECONDS": "1",
            "LOG_LEVEL": "ERROR",
            **settings,
        }
        with self.told.open("wb") as out:
            command = [sys.executable, "manage.py", "up", "--port", str(self.port)]
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=environment(**settings), stdout=out, stderr=out
            )

    def wait_for(self, sentence: str, seconds: float = 90) -> None:
        deadline = time.monotonic() + seconds
        while sentence not in self.told.read_text():
            assert time.monotonic() < deadline, self.told.read_text()
            assert self.process.poll() is None or sentence in self.told.read_text(), self.told.read_text()
            time.sleep(0.2)

    def children(self) -> dict[int, str]:
        """The three by process id, with the words that started them."""
        found = {}
        for status in Path("/proc").glob("[0-9]*/status"):
            try:
                parent = re.search(r"^PPid:\t(\d+)$", status.read_text(), re.M)
                if parent and int(parent[1]) == self.process.pid:
                    found[int(status.parent.name)] = (
                        (status.parent / "cmdline").read_text().replace("\0", " ")
                    )
            except OSError:
                continue
        return found

    def attempts(self) -> int:
        """How often the worker has tried the job that nobody does."""
        database = sqlite3.connect(self.folder / "b12clinic.sqlite3", timeout=20)
        try:
            return int(database.execute("SELECT attempts FROM jobs_pending").fetchone()[0])
        finally:
            database.close()


@pytest.fixture
def running(tmp_path, request):
    started = Running(tmp_path, **getattr(request, "param", {}))
    yield started
    if started.process.poll() is None:
        started.process.send_signal(signal.SIGTERM)
        started.process.wait(60)


def all_gone(processes: dict[int, str]) -> bool:
    return not any(Path(f"/proc/{pid}").exists() for pid in processes)


@pytest.mark.slow
@pytest.mark.parametrize(
    "running",
    [
        pytest.param({}, id="files"),
        pytest.param({"REDIS_URL": os.environ.get("REDIS_URL", "")}, id="redis", marks=pytest.mark.redis),
    ],
    indirect=True,
)
def test_it_serves_and_works_and_ctrl_c_ends_all_three(running, tmp_path):
    running.wait_for(f"B12 Clinic is at http://localhost:{running.port}/")
    with urllib.request.urlopen(f"http://localhost:{running.port}/accounts/login/", timeout=20) as page:
        assert page.status == 200
        assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    owed = manage("shell", "--no-imports", "-c", OWE_A_JOB, VAR_DIR=str(tmp_path))
    assert owed.returncode == 0, owed.stderr
    deadline = time.monotonic() + 40
    while running.attempts() == 0:
        assert time.monotonic() < deadline, f"beat or worker did nothing:\n{running.told.read_text()}"
        time.sleep(0.5)
    three = running.children()
    assert len(three) == 3
    running.process.send_signal(signal.SIGINT)
    assert running.process.wait(60) == 0
    assert all_gone(three)
    assert "sign in" not in running.told.read_text().lower()  # no demo, so nothing is said about sign-ins


@pytest.mark.slow
def test_when_one_ends_all_end_and_it_can_be_run_again(running, tmp_path):
    running.wait_for("B12 Clinic is at")
    three = running.children()
    beat = next(pid for pid, words in three.items() if " beat " in words)
    os.kill(beat, signal.SIGKILL)
    assert running.process.wait(60) == 1
    assert all_gone(three)
    assert "The beat ended by itself (exit code -9); stopping the others." in running.told.read_text()

    again = Running(tmp_path)
    again.wait_for("B12 Clinic is at")
    again.process.send_signal(signal.SIGTERM)
    assert again.process.wait(60) == 0
