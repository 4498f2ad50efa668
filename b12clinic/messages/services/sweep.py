"""One sweep of one clinic: what is owed is written, and that the work was done, in one transaction."""

from collections.abc import Callable, Iterable
from datetime import datetime, time
from functools import partial
from zoneinfo import ZoneInfo

from django.db import transaction
from structlog import get_logger

from b12clinic.accounts.models import Clinic
from b12clinic.accounts.services import audit
from b12clinic.jobs.trace import trace_of
from b12clinic.messages.heartbeat import remember_done
from b12clinic.messages.ladder import ladder_of
from b12clinic.messages.models import Beat, ClinicMessaging
from b12clinic.messages.services.owe_found import Find, owe_found
from b12clinic.messages.services.withdraw_settled import FindSettled, withdraw_settled

log = get_logger(__name__)


def sweep_all(
    *, clinics: Iterable[Clinic], work: str, find: Find, settled: FindSettled | None = None, at: datetime
) -> int:
    """Sweep each clinic; how many messages are owed anew."""
    return each_by_itself(
        clinics, work, lambda clinic: sweep(clinic=clinic, work=work, find=find, settled=settled, at=at)
    )


def each_by_itself(clinics: Iterable[Clinic], work: str, do: Callable[[Clinic], int]) -> int:
    """Do a piece of work in each clinic; how much was done. One that fails stops no other and is tried next time."""
    done = 0
    for clinic in clinics:
        try:
            done += do(clinic)
        except Exception as error:
            log.error("sweep.failed", work=work, clinic_id=clinic.pk, where=trace_of(error))
    return done


@transaction.atomic
def sweep(*, clinic: Clinic, work: str, find: Find, settled: FindSettled | None = None, at: datetime) -> int:
    """Owe what the clinic's ladder has come to on its own day, from its morning on; how many are new.

    Nothing is remembered from sweep to sweep: each looks at what is true now, so that one left out costs a delay.
    """
    local = at.astimezone(ZoneInfo(clinic.time_zone))
    fresh = 0
    if local.time() >= begins_at(clinic):
        fresh = owe_found(find, clinic, ladder_of(clinic), local.date())
    if fresh:
        audit.note(
            at=at, clinic=clinic, by=None, action="messages.owed", after={"work": work, "count": fresh}
        )
    # What is recorded while this sweep looks finds nothing to withdraw yet: the next one does.
    ended = withdraw_settled(clinic=clinic, find=settled, today=local.date()) if settled else 0
    if ended:
        audit.note(
            at=at, clinic=clinic, by=None, action="messages.settled", after={"work": work, "count": ended}
        )
    note_done(clinic=clinic, work=work, at=at)
    return fresh


def begins_at(clinic: Clinic) -> time:
    """The hour of the clinic's morning from which its sweeps owe anything."""
    set_up = ClinicMessaging.objects.filter(clinic=clinic).values_list("sweeps_from", flat=True).first()
    return set_up or ClinicMessaging().sweeps_from


def note_done(*, clinic: Clinic, work: str, at: datetime) -> None:
    """Leave the sign that a piece of recurring work came to its end."""
    if not Beat.objects.filter(clinic=clinic, work=work).update(done_at=at):
        Beat.objects.get_or_create(clinic=clinic, work=work, defaults={"done_at": at})
    transaction.on_commit(partial(remember_done, [clinic.pk], work, at), robust=True)


def note_done_everywhere(*, work: str, at: datetime) -> None:
    """Leave that sign for every clinic at once: the work was for all of them."""
    Beat.objects.filter(work=work).update(done_at=at)
    clinics = set(Clinic.objects.values_list("pk", flat=True))
    known = set(Beat.objects.filter(work=work).values_list("clinic_id", flat=True))
    fresh = [Beat(clinic_id=pk, work=work, done_at=at) for pk in sorted(clinics - known)]
    Beat.objects.bulk_create(fresh, ignore_conflicts=True)
    remember_done(clinics, work, at)
