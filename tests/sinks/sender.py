"""One run of the sender in a process of its own, which a test may kill: `python -m tests.sinks.sender [WHEN]`.

WHEN it stands still for a minute, and says so: `asking` whether the message is still owed, which is before the
hand-over, or `answered` by the mail server, which is before that is recorded.
"""

import os
import sys
import time
from datetime import date
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "b12clinic.settings")
STANDS_STILL = sys.argv[1] if len(sys.argv) > 1 else ""


def stand_still(when: str) -> None:
    if when == STANDS_STILL:
        print("standing still", flush=True)
        time.sleep(60)


def main() -> None:
    django.setup()
    from django.core.mail.backends.smtp import EmailBackend

    from b12clinic.messages.still_owed import still_owed
    from b12clinic.messages.tasks import send_due
    from tests.factories.messages import KIND

    @still_owed(KIND)
    def still(subject_id: int, about_on: date, today: date) -> bool:
        stand_still("asking")
        return True

    send_messages = EmailBackend.send_messages

    def send_and_stand_still(backend: EmailBackend, mails: Any) -> int:
        taken = send_messages(backend, mails)
        stand_still("answered")
        return taken

    EmailBackend.send_messages = send_and_stand_still  # type: ignore[method-assign]
    send_due()


if __name__ == "__main__":
    main()
