"""Other processes of the product beside a test, on the database of this test."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from urllib.parse import quote

from django.db import connection

from tests.running.processes import ROOT, environment


def database_url() -> str:
    """The address of the database that this test uses."""
    at = connection.settings_dict
    password = f":{quote(at['PASSWORD'])}" if at["PASSWORD"] else ""
    return f"postgres://{quote(at['USER'])}{password}@{at['HOST']}:{at['PORT'] or 5432}/{at['NAME']}"


def until(true: Callable[[], object], seconds: float = 20) -> None:
    """Wait until something holds; fail when it does not in time."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


class Process:
    """A Python module run beside the test, in a process group of its own."""

    def __init__(self, *words: str, **settings: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", *words],
            cwd=ROOT,
            env=environment(DATABASE_URL=database_url(), HTTPS="false", LOG_LEVEL="ERROR", **settings),
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def wait_until_it_says(self, words: str) -> None:
        """Read what it prints up to a line of these words; fail when it ends without."""
        assert self._process.stdout is not None
        if not any(line.strip() == words for line in self._process.stdout):
            self.end()
            raise AssertionError(f"it ended without saying “{words}”")

    def end(self, sent: signal.Signals = signal.SIGTERM) -> None:
        """Send a signal to the whole group, and wait until it is gone."""
        if self._process.poll() is None:
            os.killpg(self._process.pid, sent)
        self._process.wait(timeout=30)

    def ended_well(self) -> bool:
        return self._process.wait(timeout=60) == 0


WORKER = ("celery", "-A", "tests.sinks.worker_app", "worker", "--loglevel", "ERROR")
ALONE = ("--without-gossip", "--without-mingle", "--without-heartbeat")


def a_worker(processes: int = 1, **settings: str) -> Process:
    """A Celery worker that has begun to listen."""
    worker = Process(*WORKER, *ALONE, "--concurrency", str(processes), **settings)
    worker.wait_until_it_says("ready")
    return worker
