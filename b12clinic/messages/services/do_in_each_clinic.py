"""A piece of recurring work, clinic by clinic, as a sweep does it: one that fails stops no other."""

from collections.abc import Callable
from datetime import datetime

from structlog import get_logger

from b12clinic.accounts.models import Clinic
from b12clinic.jobs.trace import trace_of
from b12clinic.messages.services.sweep import note_done

log = get_logger(__name__)


def do_in_each_clinic(*, work: str, do: Callable[[Clinic], int], at: datetime) -> int:
    """Do it in each clinic by itself, and leave the sign of it where it came to its end; how much was done.

    One that fails is tried next time. No transaction holds a whole clinic: what is done for one plan stays done.
    """
    done = 0
    for clinic in Clinic.objects.select_related("messaging").order_by("pk"):
        try:
            done += do(clinic)
            note_done(clinic=clinic, work=work, at=at)
        except Exception as error:
            log.error("sweep.failed", work=work, clinic_id=clinic.pk, where=trace_of(error))
    return done
