"""Keep several processes running as one: they start together, and when one ends all end."""

import errno
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from types import FrameType

Say = Callable[[str], None]

PATIENCE_SECONDS = 20
"""How long a process may take to finish what it is doing before it is killed."""


def check_port(host: str, port: int) -> None:
    """Raise `PortTaken` when another program listens there, and the system's own OSError for any other refusal."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as refusal:
            if refusal.errno == errno.EADDRINUSE:
                raise PortTaken(port) from refusal
            raise


class PortTaken(Exception):
    """Another program listens on the port."""


class Supervisor:
    """Starts named processes, watches them, and ends them in the order given.

    Each runs in a session of its own, so that Ctrl-C in a terminal reaches the supervisor alone, which then ends them
    one after the other. A signal that arrives while they are still starting ends them too.
    """

    def __init__(self, *, say: Say) -> None:
        self.say = say
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.asked_to_stop = False

    def listen(self) -> None:
        """From here on Ctrl-C, TERM and a closed terminal are requests to stop."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._stop)

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self.asked_to_stop = True

    def start(self, name: str, command: Sequence[str], environment: Mapping[str, str]) -> None:
        """Start one process; its output goes where the supervisor's goes."""
        self.processes[name] = subprocess.Popen(
            command, env={**os.environ, **environment}, start_new_session=True
        )

    def ended(self) -> tuple[str, int] | None:
        """The first process that is no longer running, with its exit code."""
        for name, process in self.processes.items():
            code = process.poll()
            if code is not None:
                return name, code
        return None

    def wait_until(self, ready: Callable[[], bool], seconds: float) -> bool:
        """Whether it became ready in time; false at once when a process ends or a stop is asked for."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and not self.asked_to_stop and self.ended() is None:
            if ready():
                return True
            time.sleep(0.2)
        return False

    def watch(self) -> int:
        """Stay until asked to stop (0) or until one process ends of itself (1)."""
        while not self.asked_to_stop:
            if gone := self.ended():
                self.say(f"The {gone[0]} ended by itself (exit code {gone[1]}); stopping the others.")
                return 1
            time.sleep(0.2)
        return 0

    def end_all(self) -> None:
        """End every process, kill those that take too long, and wait for each."""
        for process in self.processes.values():
            if process.poll() is None:
                process.terminate()
        deadline = time.monotonic() + PATIENCE_SECONDS
        for name, process in self.processes.items():
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                self.say(f"The {name} did not stop in {PATIENCE_SECONDS} seconds; killing it.")
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
