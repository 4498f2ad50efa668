"""Take in a laboratory's file: keep it whole, read it, and write no result."""

import hashlib
from datetime import date, datetime

from django.db import transaction

from b12clinic.accounts.models import Clinic, User
from b12clinic.accounts.services import audit
from monitoring.intake.bounds import MOST_BYTES
from monitoring.intake.rows import FileRefused
from monitoring.models import LabDoor, LabFile, LabFileState, LabProfile, ReadRow
from monitoring.services.read_lab_file import read_anew


@transaction.atomic
def receive_lab_file(
    *,
    clinic: Clinic,
    name: str,
    content: bytes,
    profile: LabProfile | None,
    came_by: LabDoor = LabDoor.PAGE,
    by: User | None,
    at: datetime,
    today: date,
) -> LabFile:
    """The file, kept with how many of its rows met which fate, or with the sentence that refuses it.

    The same bytes are the same file: one that was imported stays as it is, any other is read again, by the profile now
    chosen. Raises FileRefused for one too large to be kept.
    """
    if len(content) > MOST_BYTES:
        raise FileRefused(f"The file is larger than {MOST_BYTES // 1024 // 1024} MB; ask for it in parts.")
    file, new = LabFile.objects.get_or_create(
        clinic=clinic,
        digest=hashlib.sha256(content).hexdigest(),
        defaults={
            "name": _kept(name),
            "content": content,
            "received_at": at,
            "received_by": by,
            "came_by": came_by,
        },
    )
    file = LabFile.objects.select_for_update(of=("self",)).select_related("clinic").get(pk=file.pk)
    if file.state == LabFileState.IMPORTED:
        return file
    _forget_imported(clinic)
    file.profile = profile
    read_anew(file=file, today=today)
    audit.note(
        at=at,
        clinic=clinic,
        by=by,
        action="lab_file.received" if new else "lab_file.read_again",
        subject=f"lab_file:{file.public_id}",
        after={"state": file.state, "digest": file.digest, "counts": file.counts},
    )
    return file


def _forget_imported(clinic: Clinic) -> None:
    """The rows of earlier files are results by now, or wait; an import, which has to be quick, leaves them to the next file."""
    imported = LabFile.objects.filter(clinic=clinic, state=LabFileState.IMPORTED)
    rows = ReadRow.objects.filter(file__in=imported)
    rows._raw_delete(rows.db)


def _kept(name: str) -> str:
    """The file's own name without its folders and without what no page should print; never used as a path."""
    plain = "".join(letter for letter in name.replace("\\", "/").rsplit("/", 1)[-1] if letter.isprintable())
    return plain[-200:].strip() or "file"
