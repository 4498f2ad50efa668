"""Batches of letters, written out for the clinic's own zone."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.urls import reverse

from b12clinic.accounts.models import Clinic
from b12clinic.messages.models import LetterBatch


@dataclass(frozen=True, slots=True)
class BatchLine:
    """One batch as the list shows it."""

    made: str
    by: str
    letters: str
    look_through: bool
    url: str


def batch_line(batch: LetterBatch, clinic: Clinic) -> BatchLine:
    """When it was made, by whom, how many letters it holds, and whether somebody should look through it."""
    local = batch.made_at.astimezone(ZoneInfo(clinic.time_zone))
    return BatchLine(
        made=f"{local:%a} {local.day} {local:%b %Y, %H:%M}",
        by=batch.made_by.display_name,
        letters=letters(batch.count),
        look_through=not batch.accessible,
        url=reverse("messages:letter_batch", args=[batch.public_id]),
    )


def letters(count: int) -> str:
    """So many letters in words."""
    return "1 letter" if count == 1 else f"{count} letters"


def file_name(batch: LetterBatch, clinic: Clinic) -> str:
    """The day it was made and the beginning of its public id: nothing that anybody typed."""
    return f"letters-{clinic.local_date(batch.made_at)}-{str(batch.public_id)[:8]}.pdf"
