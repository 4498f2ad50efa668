"""The folder in which laboratories leave files: LAB_INBOX_DIR/<clinic's public id>/, and a folder in it for each laboratory.

A file is claimed by renaming it, so that one worker has it. One that a dead worker had claimed is taken up again; the same
bytes change nothing. It ends in `done` or `refused`, the answer to an HL7 file beside it.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from structlog import get_logger

from b12clinic.accounts.models import Clinic
from monitoring.intake.bounds import MOST_BYTES
from monitoring.intake.hl7_answers import answers_to, refusal_of_all
from monitoring.intake.hl7_rows import answerable
from monitoring.intake.kinds import HL7, kind_of
from monitoring.intake.rows import FileRefused
from monitoring.lab_layout import layout_of
from monitoring.models import LabDoor, LabFile, LabFileState, LabProfile
from monitoring.services.import_lab_file import NotImported, import_lab_file
from monitoring.services.receive_lab_file import receive_lab_file

log = get_logger(__name__)

STILL_FOR = timedelta(seconds=10)
"""A file that was written to this lately may not be whole yet."""

CLAIM_LASTS = timedelta(minutes=15)
FILES_AT_ONCE = 20
CLAIMED, DONE, REFUSED = "claimed", "done", "refused"
AGAIN = "~"
_UNFINISHED = (".part", ".tmp", ".filepart", ".crdownload")


@dataclass(frozen=True, slots=True)
class Ended:
    """How a file ended: its last folder, why it was refused, and the answer to its messages, empty for other kinds."""

    folder: str
    sentence: str = ""
    answer: bytes = b""


def take_in(folder: Path, clinic: Clinic, *, accept_partial: bool, at: datetime) -> int:
    """Import what lies in a clinic's folder and is whole; how many files came to an end. `at` is aware."""
    ended = 0
    for waiting, profile in list(_waiting(folder, clinic, at))[:FILES_AT_ONCE]:
        claimed = _claim(waiting, folder)
        if claimed is None:
            continue
        try:
            end = _ending(claimed, clinic, profile, accept_partial=accept_partial, at=at)
        except Exception as error:  # the file stays claimed and is tried again; others go on
            log.error("lab_inbox.failed", clinic_id=clinic.pk, error=type(error).__name__)
            continue
        _put_away(claimed, folder, end, at)
        ended += 1
    return ended


def _waiting(folder: Path, clinic: Clinic, at: datetime) -> Iterator[tuple[Path, LabProfile | None]]:
    """Whole files with the laboratory whose folder they lie in, then those whose claim has run out."""
    profiles = {profile.name: profile for profile in LabProfile.objects.filter(clinic=clinic)}
    for place, profile in [
        (folder, None),
        *((folder / name, one) for name, one in profiles.items() if _is_plain(name)),
    ]:
        for path in _files(place):
            if at.timestamp() - path.stat().st_mtime >= STILL_FOR.total_seconds():
                yield path, profile
    for path in _files(folder / CLAIMED):
        if at.timestamp() - path.stat().st_ctime >= CLAIM_LASTS.total_seconds():
            yield path, profiles.get(path.name.partition("~")[0])


def _is_plain(name: str) -> bool:
    """Whether a laboratory's name can be that of a folder beside our own."""
    return (
        name not in (CLAIMED, DONE, REFUSED)
        and not name.startswith(".")
        and "/" not in name
        and "~" not in name
    )


def _files(place: Path) -> list[Path]:
    """The plain files of a folder, the oldest first; links are not followed."""
    if not place.is_dir() or place.is_symlink():
        return []
    found = [
        entry
        for entry in os.scandir(place)
        if entry.is_file(follow_symlinks=False)
        and not entry.name.startswith(".")
        and not entry.name.endswith(_UNFINISHED)
    ]
    return [Path(entry.path) for entry in sorted(found, key=lambda each: (each.stat().st_mtime, each.name))]


def _claim(path: Path, folder: Path) -> Path | None:
    """The file under its claimed name, `<laboratory>~<name>`; None where another worker was first.

    A claim that ran out is renewed under another name, since renaming is what one worker alone can do.
    """
    (folder / CLAIMED).mkdir(exist_ok=True)
    laboratory = "" if path.parent == folder else path.parent.name
    name = f"{laboratory}~{path.name}" if path.parent.name != CLAIMED else f"{path.name}{AGAIN}"
    claimed = folder / CLAIMED / name
    try:
        if not claimed.exists():
            return path.rename(claimed)
    except FileNotFoundError:
        pass
    return None


def _own_name(claimed: Path) -> str:
    return claimed.name.partition("~")[2].rstrip(AGAIN)


def _ending(
    path: Path, clinic: Clinic, profile: LabProfile | None, *, accept_partial: bool, at: datetime
) -> Ended:
    with path.open("rb") as opened:
        content = opened.read(MOST_BYTES + 1)
    today = clinic.local_date(at)
    name = _own_name(path)
    try:
        file = receive_lab_file(
            clinic=clinic,
            name=name,
            content=content,
            profile=profile,
            came_by=LabDoor.FOLDER,
            by=None,
            at=at,
            today=today,
        )
        if file.state == LabFileState.REFUSED:
            return Ended(REFUSED, file.refusal, _answer(content, file, at, file.refusal))
        file = import_lab_file(file=file, accept_partial=accept_partial, by=None, at=at, today=today)
    except FileRefused as refused:
        return Ended(REFUSED, str(refused))
    except NotImported as refused:
        return Ended(REFUSED, str(refused), _answer(content, file, at, str(refused)))
    return Ended(DONE, "", _answer(content, file, at, ""))


def _answer(content: bytes, file: LabFile, at: datetime, refusal: str) -> bytes:
    """The ACKs of an HL7 file; nothing for another kind, or for what is no file of results at all."""
    try:
        if kind_of(content) != HL7:
            return b""
        if refusal:
            return refusal_of_all(refusal, at)
        waiting = set(file.waiting.values_list("number", flat=True))
        return answers_to(answerable(content, layout_of(file.profile, file.clinic)), waiting, at)
    except FileRefused:
        return b""


def _put_away(claimed: Path, folder: Path, end: Ended, at: datetime) -> None:
    """What is beside the file is written first, so that a file in its last folder has it."""
    place = folder / end.folder
    place.mkdir(exist_ok=True)
    name = f"{at:%Y%m%dT%H%M%S%f}-{_own_name(claimed)}"
    for ending, content in ((".ack", end.answer), (".why.txt", end.sentence.encode())):
        if content:
            unfinished = place / f".{name}{ending}.part"
            unfinished.write_bytes(content)
            unfinished.rename(place / f"{name}{ending}")
    claimed.rename(place / name)
