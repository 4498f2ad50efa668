"""A PostgreSQL and a Redis of the run's own, on free ports: they may be stopped, flushed and restarted at will."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from tests.running.processes import free_port

OWNER = "postgres"


class Postgres:
    """A cluster in a folder of its own. The server refuses to run as root, so it is the package's user who does."""

    def __init__(self) -> None:
        self.port = free_port()
        self.folder = Path(tempfile.mkdtemp(prefix="faults-postgres-"))
        self._bin = max(Path("/usr/lib/postgresql").glob("*/bin"))
        if os.geteuid() == 0:
            owner = pwd.getpwnam(OWNER)
            os.chown(self.folder, owner.pw_uid, owner.pw_gid)
        self._run("initdb", "-D", str(self.folder / "data"), "-U", OWNER, "-A", "trust", "--no-sync")
        self.start()

    def url(self, name: str) -> str:
        return f"postgres://{OWNER}@127.0.0.1:{self.port}/{name}"

    def start(self) -> None:
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self.folder}"
        self._run("pg_ctl", "-D", str(self.folder / "data"), "-o", options, "-w", "-l", "/dev/null", "start")

    def restart_at_once(self) -> None:
        """As after a crash: what was not committed is gone, every connection is cut."""
        self._run("pg_ctl", "-D", str(self.folder / "data"), "-m", "immediate", "-w", "stop")
        self.start()

    def make(self, name: str, template: str = "template1") -> None:
        self.drop(name)
        self.ask(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')

    def drop(self, name: str) -> None:
        self.ask(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def ask(self, statement: str, database: str = "postgres") -> None:
        words = ["-h", "127.0.0.1", "-p", str(self.port), "-U", OWNER, "-d", database, "-q", "-c", statement]
        subprocess.run([str(self._bin / "psql"), *words], check=True, stdout=subprocess.DEVNULL)

    def end(self) -> None:
        with suppress(subprocess.CalledProcessError):
            self._run("pg_ctl", "-D", str(self.folder / "data"), "-m", "immediate", "-w", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, program: str, *words: str) -> None:
        command = [str(self._bin / program), *words]
        if os.geteuid() == 0:
            command = ["runuser", "-u", OWNER, "--", *command]
        subprocess.run(command, check=True, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


class Redis:
    """A broker that keeps nothing on disk, like the one it stands for."""

    def __init__(self) -> None:
        self.port = free_port()
        self.start()

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        self._process = subprocess.Popen(
            [
                "redis-server",
                "--port",
                str(self.port),
                "--bind",
                "127.0.0.1",
                "--save",
                "",
                "--appendonly",
                "no",
            ],
            stdout=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + 10
        while not self._answers():
            assert time.monotonic() < deadline, "Redis does not answer"
            time.sleep(0.05)

    def flush(self) -> None:
        with socket.create_connection(("127.0.0.1", self.port), timeout=2) as wire:
            wire.sendall(b"FLUSHALL\r\n")
            wire.recv(16)

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()

    def end(self) -> None:
        self.stop()

    def _answers(self) -> bool:
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1) as wire:
            wire.sendall(b"PING\r\n")
            return wire.recv(16).startswith(b"+PONG")
        return False
