"""A process of the product that a fault may strike: `python -m tests.faults.child sweep|send|both`.

FAULTS_AT is the moment it believes in. FAULTS_STOPS, as in `asking:3`, is where it stands still and says so: while
`sweeping`, before the commit; while `asking` whether a message is still owed, before its hand-over; `leaving`, after the
hand-over and before the mail leaves; `answered`, by the mail server. FAULTS_PAUSE are the seconds it waits there, or a file
that it waits for.
FAULTS_MUTANT breaks one wall on purpose.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import django
import time_machine

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.faults.settings")


def _wait(until: str) -> None:
    """So many seconds, or until a file is there."""
    if until.replace(".", "").isdigit():
        time.sleep(float(until))
    else:
        while not Path(until).exists():
            time.sleep(0.05)


def _stops() -> Callable[[str], None]:
    where, _, nth = os.environ.get("FAULTS_STOPS", "").partition(":")
    left = [int(nth or 1)]

    def stop(here: str) -> None:
        if here != where:
            return
        left[0] -= 1
        if left[0] == 0:
            print("standing still", flush=True)
            _wait(os.environ.get("FAULTS_PAUSE", "60"))

    return stop


def _hook(stop: Callable[[str], None]) -> None:
    from django.core.mail.backends.smtp import EmailBackend

    from b12clinic.messages.services import may_go, sweep

    asked, owed, left = may_go.is_still_owed, sweep.owe_found, EmailBackend.send_messages

    def asking(*args: Any, **kwargs: Any) -> bool:
        stop("asking")
        return asked(*args, **kwargs)

    def sweeping(*args: Any, **kwargs: Any) -> int:
        found = owed(*args, **kwargs)
        stop("sweeping")
        return found

    def leaving(*args: Any, **kwargs: Any) -> int:
        stop("leaving")
        answer = left(*args, **kwargs)
        stop("answered")
        return answer

    may_go.is_still_owed, sweep.owe_found = asking, sweeping
    EmailBackend.send_messages = leaving  # type: ignore[method-assign]


def main(job: str) -> None:
    django.setup()
    from tests.faults import mutants

    mutants.apply(os.environ.get("FAULTS_MUTANT", ""))
    _hook(_stops())
    from b12clinic.messages.tasks import send_due
    from regimens.tasks import sweep_plans

    with time_machine.travel(datetime.fromisoformat(os.environ["FAULTS_AT"]), tick=True):
        if job in ("sweep", "both"):
            sweep_plans()
        if job in ("send", "both"):
            send_due()


if __name__ == "__main__":
    main(sys.argv[1])
