"""Tell the broker that a job waits. Only a hint: when it is lost, the sweep finds the row.

The page that asked must not wait for a broker that is away. Celery's own connection tries again for six seconds, so
this one has a short fuse: a quarter of a second, once, and then silence for a while.
"""

import time
from threading import Lock
from typing import Any

from celery import current_app
from kombu import Connection
from kombu.pools import producers
from structlog import get_logger

log = get_logger(__name__)

PATIENCE_SECONDS = 0.25
SILENCE_SECONDS = 5.0
SHORT_FUSE = {
    "max_retries": 0,
    "interval_start": 0,
    "socket_connect_timeout": PATIENCE_SECONDS,
    "socket_timeout": PATIENCE_SECONDS,
}


class Nudger:
    """Sends hints to the workers: the id of a job that waits, or that help is wanted. Shared by the threads of a process."""

    def __init__(self) -> None:
        self._silent_until = 0.0
        self._lock = Lock()

    def send(self, pending_id: int) -> None:
        """Nudge a worker, unless the broker failed a moment ago; a failure is noted and nothing more."""
        self._send("b12clinic.jobs.tasks.run_pending", [pending_id])

    def ask(self, task: str, *, expires: float) -> None:
        """Ask a worker for a task without arguments, likewise; one that nobody took within so many seconds is dropped."""
        self._send(task, [], expires=expires)

    def _send(self, task: str, args: list[int], **options: Any) -> None:
        if time.monotonic() < self._silent_until:
            return
        try:
            with producers[self._connection()].acquire(timeout=PATIENCE_SECONDS) as producer:
                current_app.send_task(task, args=args, producer=producer, retry=False, **options)
        except Exception as error:  # whatever it is, the row is safe and the request goes on
            with self._lock:
                self._silent_until = time.monotonic() + SILENCE_SECONDS
            log.warning("job.nudge_lost", task=task, args=args, error=type(error).__name__)

    @staticmethod
    def _connection() -> Connection:
        return current_app.connection_for_write(
            connect_timeout=PATIENCE_SECONDS, transport_options=SHORT_FUSE
        )


nudger = Nudger()
