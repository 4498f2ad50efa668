"""The second of a worker's two processes: `python -m tests.bench.second_sender` drains the e-mail outbox at each line it reads."""

import sys
import time
from contextlib import closing

import django


def main() -> None:
    """Say "ready" and, after each line, drain and say "done"."""
    django.setup()
    from b12clinic.messages import still_owed as registry
    from b12clinic.messages.channels.email import Email
    from b12clinic.messages.tasks import drain
    from tests.bench.rows.reminders import KIND, at_the_sink

    at_the_sink(int(sys.argv[1]))
    registry._CHECKS[KIND] = lambda subject_id, about_on, today: True
    print("ready", flush=True)
    for _ in sys.stdin:
        with closing(Email()) as channel:
            drain("email", channel, time.monotonic() + 120)
        print("done", flush=True)


if __name__ == "__main__":
    main()
