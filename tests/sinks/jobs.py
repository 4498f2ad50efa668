"""Jobs that leave a trace in the audit trail, so that a test can count the runs of other processes."""

import os
import time
from datetime import datetime

from b12clinic.accounts.models import AuditEvent
from b12clinic.accounts.services import audit
from b12clinic.jobs.registry import handles

LEAVE_A_TRACE = "tests.leave_a_trace"
SLOW = "tests.slow"


@handles(LEAVE_A_TRACE)
def leave_a_trace(subject_id: int, at: datetime) -> None:
    audit.note(at=at, clinic=None, by=None, action="tests.ran", subject=str(subject_id))


@handles(SLOW)
def leave_a_trace_slowly(subject_id: int, at: datetime) -> None:
    """Takes as long as the environment of the process says."""
    leave_a_trace(subject_id, at)
    time.sleep(float(os.environ.get("SLOW_JOB_SECONDS", "0")))


def traces() -> list[str]:
    """The subjects of the jobs that ran, in order."""
    return list(
        AuditEvent.objects.filter(action="tests.ran").order_by("pk").values_list("subject", flat=True)
    )
