"""Owe a clinic its morning summary, once a morning and only when there is something to say."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from b12clinic.accounts.models import Clinic
from b12clinic.messages.digest import DIGEST, MORNING, counts_of
from b12clinic.messages.hours import messaging_of
from b12clinic.messages.models import Audience, Beat, Message, MessageState
from b12clinic.messages.services.owe import OwedMessage, owe
from b12clinic.messages.services.sweep import note_done
from b12clinic.messages.services.withdraw import WAITING
from b12clinic.vocabulary import Channel

NEWER = "The morning of another day has come."


@transaction.atomic
def owe_digest(*, clinic: Clinic, at: datetime) -> bool:
    """Look once a morning whether there is anything to say; whether a summary is owed anew.

    By e-mail to the clinic's address, in its inbox where it has none. An earlier summary still lying there goes, as does one that failed.
    """
    zone, set_up = ZoneInfo(clinic.time_zone), messaging_of(clinic)
    local = at.astimezone(zone)
    if not set_up.daily_digest or local.time() < set_up.sweeps_from or _looked_on(clinic, local.date(), zone):
        return False
    _clear_away(clinic, local.date())
    note_done(clinic=clinic, work=DIGEST, at=at)
    if not counts_of(clinic, local.date()):
        return False
    channel = Channel.EMAIL if clinic.contact_email else Channel.INBOX
    summary = OwedMessage(
        clinic_id=clinic.pk,
        kind=DIGEST,
        subject_id=clinic.pk,
        about_on=local.date(),
        step=MORNING,
        audience=Audience.CLINIC,
        channel=channel.value,
    )
    return bool(owe([summary]))


def _looked_on(clinic: Clinic, day: date, zone: ZoneInfo) -> bool:
    looked_at = Beat.objects.filter(clinic=clinic, work=DIGEST).values_list("done_at", flat=True).first()
    return looked_at is not None and looked_at.astimezone(zone).date() >= day


def _clear_away(clinic: Clinic, day: date) -> None:
    earlier = Message.objects.filter(WAITING, kind=DIGEST, subject_id=clinic.pk, about_on__lt=day)
    earlier.move(
        (MessageState.OWED, MessageState.FAILED, MessageState.SENT),
        MessageState.WITHDRAWN,
        why=NEWER,
        next_try_at=None,
        sent_at=None,
    )
