"""A piece of recurring work, clinic by clinic, as a sweep does it: one that fails stops no other."""

from collections.abc import Callable
from datetime import datetime

from b12clinic.accounts.models import Clinic
from b12clinic.messages.services.sweep import each_by_itself, note_done


def do_in_each_clinic(*, work: str, do: Callable[[Clinic], int], at: datetime) -> int:
    """Do it in each clinic by itself, and leave the sign of it where it came to its end; how much was done.

    No transaction holds a whole clinic: what is done for one plan stays done.
    """

    def done_in(clinic: Clinic) -> int:
        done = do(clinic)
        note_done(clinic=clinic, work=work, at=at)
        return done

    return each_by_itself(Clinic.objects.select_related("messaging").order_by("pk"), work, done_in)
