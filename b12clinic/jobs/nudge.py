"""Tell the broker that a job waits. Only a hint: when it is lost, the sweep finds the row.

The page that asked must not wait for a broker that is away. Celery's own connection tries again for six seconds, so
this one has a short fuse: a quarter of a second, once, and then silence for a while.
"""

import time
from threading import Lock

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
    """Sends the ids of waiting jobs to the workers. Shared by the threads of a process."""

    def __init__(self) -> None:
        self._silent_until = 0.0
        self._lock = Lock()

    def send(self, pending_id: int) -> None:
        """Nudge a worker, unless the broker failed a moment ago; a failure is noted and nothing more."""
        if time.monotonic() < self._silent_until:
            return
        try:
            with producers[self._connection()].acquire(timeout=PATIENCE_SECONDS) as producer:
                current_app.send_task(
                    "b12clinic.jobs.tasks.run_pending", args=[pending_id], producer=producer, retry=False
                )
        except Exception as error:  # whatever it is, the row is safe and the request goes on
            with self._lock:
                self._silent_until = time.monotonic() + SILENCE_SECONDS
            log.warning("job.nudge_lost", pending_id=pending_id, error=type(error).__name__)

    @staticmethod
    def _connection() -> Connection:
        return current_app.connection_for_write(
            connect_timeout=PATIENCE_SECONDS, transport_options=SHORT_FUSE
        )


nudger = Nudger()
