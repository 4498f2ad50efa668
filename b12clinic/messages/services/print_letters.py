"""Print the letters that wait: one PDF for all of them, and each letter in one batch only.

One transaction from the claim to the last mark: without the PDF nothing is marked, and nothing is lost when it breaks.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.db.models import F
from structlog import get_logger

from b12clinic.accounts.models import AuditEvent, Clinic, User
from b12clinic.accounts.services import audit
from b12clinic.jobs.trace import trace_of
from b12clinic.messages.channels.port import Unsendable
from b12clinic.messages.default_wordings import frame_of
from b12clinic.messages.letter_paper import Letter, lines_of, on_paper
from b12clinic.messages.models import LetterBatch, Message, MessageState
from b12clinic.messages.queries import letters_due
from b12clinic.messages.services.may_go import NoLongerOwed, check_may_go
from b12clinic.messages.services.send import NOT_PREPARED
from b12clinic.messages.still_owed import NoCheck
from b12clinic.messages.wording import in_words, words_for
from b12clinic.paper import NotOnPaper, Printed
from b12clinic.patients.models import Patient

log = get_logger(__name__)

MOST_MESSAGES = 1000
"""What one batch takes up: some seconds of work. What is left waits for the next batch."""


class NotPrinted(RuntimeError):
    """No batch was made, and every letter waits as before."""


@dataclass(slots=True)
class Pile:
    """What goes into one envelope: the message that carries the letter, and what else it says to the same patient."""

    first: Message
    also: list[Message] = field(default_factory=list)


@transaction.atomic
def print_letters(*, clinic: Clinic, by: User, at: datetime) -> LetterBatch | None:
    """One batch of every letter that waits and may still go; None when none does. Raises NotPrinted.

    Those that may not go any more are withdrawn. What waits for one patient is one letter. Letters that somebody else has
    in hand at this moment are theirs.
    """
    piles = _piles(clinic, by, at)
    if not piles:
        return None
    today = clinic.local_date(at)
    try:
        printed = on_paper(clinic, [_letter(pile, today) for pile in piles], at)
    except NotOnPaper as reason:
        raise NotPrinted(str(reason)) from reason
    batch = _keep(clinic, printed, len(piles), by, at)
    _mark(batch, piles, at)
    audit.note_all(_ended(pile.first, MessageState.SENT, by, at) for pile in piles)
    return batch


def _piles(clinic: Clinic, by: User, at: datetime) -> list[Pile]:
    """What waits, held until the transaction ends, patient by patient; what may not go has been put aside."""
    waiting = (
        letters_due(clinic, at)
        .select_related("clinic")
        .select_for_update(of=("self",), no_key=True, skip_locked=True)
        .order_by("patient_id", "about_on", "pk")[:MOST_MESSAGES]
    )
    held = list(waiting)
    patients = Patient.objects.in_bulk({message.patient_id for message in held})
    piles: dict[int, Pile] = {}
    for message in held:
        message.patient = patients[message.patient_id]
        if not _goes(message, message.patient, by, at):
            continue
        pile = piles.setdefault(message.patient.pk, Pile(message))
        if pile.first is not message:
            pile.also.append(message)
    return list(piles.values())


def _goes(message: Message, patient: Patient, by: User, at: datetime) -> bool:
    """Whether the letter may go now. One that no longer may is ended, one that nobody can answer for goes on waiting."""
    try:
        check_may_go(message, patient, message.clinic.local_date(at))
        if not lines_of(patient.postal_address):
            raise Unsendable("The patient has no postal address.")
    except NoLongerOwed as reason:
        _put_aside(message, MessageState.WITHDRAWN, str(reason), by, at)
    except Unsendable as reason:
        _put_aside(message, MessageState.FAILED, str(reason), by, at)
    except NoCheck as reason:
        Message.objects.filter(pk=message.pk).update(why=str(reason))
    except Exception as error:
        log.error("message.not_prepared", message_id=message.pk, where=trace_of(error))
        Message.objects.filter(pk=message.pk).update(why=NOT_PREPARED)
    else:
        return True
    return False


def _put_aside(message: Message, to: MessageState, why: str, by: User, at: datetime) -> None:
    Message.objects.filter(pk=message.pk).move(MessageState.OWED, to, why=why, next_try_at=None)
    _ended(message, to, by, at, why).save(force_insert=True)


def _letter(pile: Pile, today: date) -> Letter:
    patient = pile.first.patient
    assert patient is not None  # noqa: S101  a letter is to a patient, by constraint
    frame = frame_of(patient.language)
    body = words_for(pile.first, pile.also).body
    return Letter(
        lang=frame.language,
        day=in_words(today, frame),
        address=[*lines_of(patient.name), *lines_of(patient.postal_address)],
        paragraphs=[lines for part in body.split("\n\n") if (lines := lines_of(part))],
    )


def _keep(clinic: Clinic, printed: Printed, count: int, by: User, at: datetime) -> LetterBatch:
    batch = LetterBatch.objects.create(
        clinic=clinic,
        made_at=at,
        made_by=by,
        count=count,
        content=printed.content,
        digest=hashlib.sha256(printed.content).hexdigest(),
        accessible=printed.accessible,
    )
    audit.note(
        at=at,
        clinic=clinic,
        by=by,
        action="letters.printed",
        subject=f"letters:{batch.public_id}",
        after={"count": count, "digest": batch.digest},
    )
    return batch


def _mark(batch: LetterBatch, piles: Sequence[Pile], at: datetime) -> None:
    """Each letter is sent and names its batch; what else it says is merged into it. Raises NotPrinted."""
    firsts = [pile.first.pk for pile in piles]
    marked = Message.objects.filter(pk__in=firsts).move(
        MessageState.OWED,
        MessageState.SENT,
        batch=batch,
        sent_at=at,
        handed_over_at=at,
        attempts=F("attempts") + 1,
        next_try_at=None,
        why="",
    )
    for pile in piles:
        if pile.also:
            marked += Message.objects.filter(pk__in=[one.pk for one in pile.also]).move(
                MessageState.OWED, MessageState.MERGED, merged_into=pile.first, next_try_at=None, why=""
            )
    if marked != sum(1 + len(pile.also) for pile in piles):
        raise NotPrinted("Somebody else took some of these letters meanwhile; make the batch again.")


def _ended(message: Message, to: MessageState, by: User, at: datetime, why: str = "") -> AuditEvent:
    return audit.event(
        at=at,
        clinic=message.clinic,
        by=by,
        action=f"message.{to}",
        subject=f"message:{message.pk} {message.kind}",
        patient_id=message.patient_id,
        before={"state": MessageState.OWED.value},
        after={"state": to.value},
        reason=why,
    )
