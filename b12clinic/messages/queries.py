"""What the sender finds in the outbox, and what a member of a clinic may see of it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from b12clinic.accounts.models import Clinic, Role
from b12clinic.accounts.queries import clinics_for, roles_held
from b12clinic.messages.models import Audience, ClinicMessaging, LetterBatch, Message, MessageState
from b12clinic.patients.models import Patient
from b12clinic.states import MovingQuerySet
from b12clinic.vocabulary import Channel

ROWS_A_PAGE = 50


_PAUSED = ClinicMessaging.objects.filter(paused_at__isnull=False).values("clinic")


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants to see of the outbox; empty parts ask for everything. `after` is the key of the last row seen."""

    states: tuple[str, ...] = ()
    channel: str = ""
    audiences: tuple[str, ...] = ()
    kind: str = ""
    patients: QuerySet[Patient] | None = None
    after: int = 0


def due(at: datetime) -> MovingQuerySet[Message]:
    """Messages that may be taken in hand now."""
    return Message.objects.filter(
        Q(next_try_at__isnull=True) | Q(next_try_at__lte=at), state=MessageState.OWED
    ).exclude(clinic__in=_PAUSED)


def due_ids(at: datetime, *, channel: str, urgent: bool, after: int, limit: int) -> list[int]:
    """The ids of the next messages due on a channel, urgent ones or the others, oldest first, beyond the id `after`."""
    waiting = due(at).filter(channel=channel, urgent=urgent, pk__gt=after)
    return list(waiting.order_by("pk").values_list("pk", flat=True)[:limit])


def is_crowded(at: datetime, many: int) -> bool:
    """Whether more than so many messages are due that leave by themselves."""
    return due(at).exclude(channel=Channel.LETTER.value).order_by("pk")[many : many + 1].exists()


def letters_due(clinic: Clinic, at: datetime) -> MovingQuerySet[Message]:
    """A clinic's messages that wait to be printed as letters; none while it pauses its messages."""
    return due(at).filter(clinic=clinic, channel=Channel.LETTER.value, audience=Audience.PATIENT)


def letters_waiting(clinic: Clinic, at: datetime) -> int:
    """To how many patients a letter waits: each gets one."""
    return letters_due(clinic, at).aggregate(patients=Count("patient", distinct=True))["patients"]


def letter_batches_for(user: Any, clinic: Clinic) -> QuerySet[LetterBatch]:
    """A clinic's batches of letters, newest first, without the letters themselves; none for someone from elsewhere."""
    mine = LetterBatch.objects.filter(clinic__in=clinics_for(user), clinic_id=clinic.pk)
    return mine.select_related("made_by").defer("content").order_by("-pk")


def waits_with(message: Message) -> MovingQuerySet[Message]:
    """What else waits to be said to the patient by the same channel, and goes into the same message."""
    return Message.objects.filter(
        patient=message.patient,
        audience=Audience.PATIENT,
        channel=message.channel,
        urgent=False,
        state=MessageState.OWED,
    ).exclude(pk=message.pk)


def being_spoken_to() -> QuerySet[Message]:
    """Messages to patients that a sender has in hand and that keep their day."""
    return Message.objects.filter(
        state=MessageState.SENDING, audience=Audience.PATIENT, urgent=False, handed_over_at=None
    )


def patients_with_more_to_say(messages: Sequence[Message]) -> set[int]:
    """The patients to whom something else waits to be said by the same channel as one of these messages, or was to be."""
    keys, patients = [one.pk for one in messages], [one.patient_id for one in messages]
    waiting = Message.objects.filter(
        patient__in=patients,
        audience=Audience.PATIENT,
        channel__in={one.channel for one in messages},
        state=MessageState.OWED,
    )
    merged = Message.objects.filter(merged_into__in=keys)
    found = waiting.values_list("patient_id").union(merged.values_list("patient_id"))
    return {patient_id for (patient_id,) in found}


def next_owed(clinic: Clinic, kind: str, patient: Patient | None = None) -> Message | None:
    """The next message of a kind that a patient of the clinic is owed, or that this one is."""
    owed = Message.objects.filter(
        clinic=clinic, kind=kind, audience=Audience.PATIENT, state=MessageState.OWED
    )
    if patient is not None:
        owed = owed.filter(patient=patient)
    return owed.select_related("clinic", "patient").order_by("pk").first()


def lost_by_sender(at: datetime) -> QuerySet[Message]:
    """Messages that a sender had in hand when its lease ran out."""
    return Message.objects.filter(state=MessageState.SENDING, leased_until__lte=at)


def messages_for(user: Any, clinic: Clinic) -> QuerySet[Message]:
    """A clinic's messages, newest first; none for someone from elsewhere."""
    mine = Message.objects.filter(clinic__in=clinics_for(user), clinic_id=clinic.pk)
    return mine.select_related("patient", "clinic", "merged_into").order_by("-pk")


def outbox_counts(user: Any, clinic: Clinic) -> dict[str, int]:
    """How many messages of a clinic are in each state."""
    mine = Message.objects.filter(clinic__in=clinics_for(user), clinic_id=clinic.pk)
    return dict(mine.values_list("state").annotate(Count("pk")))


def audiences_of(roles: Collection[str], held: Collection[str]) -> tuple[str, ...]:
    """Whose part of the clinic's inbox somebody with these roles looks after.

    The clinic's own is everybody's, and so is that of a role that is not among those `held` by anybody: else nobody sees it.
    """
    own = (role.value for role in (Role.NURSE, Role.PRESCRIBER) if role in roles or role not in held)
    return (*own, Audience.CLINIC.value)


def for_us(clinic: Clinic, roles: Collection[str]) -> Asked:
    """What lies in the clinic's inbox for these roles."""
    audiences = audiences_of(roles, roles_held(clinic))
    return Asked(states=(MessageState.SENT.value,), channel=Channel.INBOX.value, audiences=audiences)


def count_asked(user: Any, clinic: Clinic, asked: Asked) -> int:
    """How many messages of the clinic somebody asks for."""
    return _asked_for(messages_for(user, clinic), asked).count()


def outbox_page(
    user: Any, clinic: Clinic, asked: Asked, *, limit: int = ROWS_A_PAGE
) -> tuple[list[Message], int | None]:
    """One part of the outbox, newest first, and the key that the next part begins after; None at the end."""
    found = _asked_for(messages_for(user, clinic), asked)
    if asked.after:
        found = found.filter(pk__lt=asked.after)
    rows = list(found[: limit + 1])
    return rows[:limit], rows[limit - 1].pk if len(rows) > limit else None


def _asked_for(found: QuerySet[Message], asked: Asked) -> QuerySet[Message]:
    if asked.states:
        found = found.filter(state__in=asked.states)
    if asked.channel:
        found = found.filter(channel=asked.channel)
    if asked.audiences:
        found = found.filter(audience__in=asked.audiences)
    if asked.kind:
        found = found.filter(kind=asked.kind)
    if asked.patients is not None:
        found = found.filter(patient__in=asked.patients.values("pk"))
    return found
