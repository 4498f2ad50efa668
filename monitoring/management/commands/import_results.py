"""`manage.py import_results FILE …`: laboratories' files from a shell."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from b12clinic.accounts.models import Clinic
from monitoring.intake.bounds import MOST_BYTES
from monitoring.intake.rows import FileRefused
from monitoring.models import LabDoor, LabFile, LabFileState, LabProfile
from monitoring.presenters.lab_files import counts_in_words
from monitoring.services.import_lab_file import NotImported, import_lab_file
from monitoring.services.receive_lab_file import receive_lab_file

REFUSED_FILE, REFUSED_ROWS = 2, 3


class Command(BaseCommand):
    help = (
        "Import files of laboratory results, one line each. Exit code 0: all imported; 1: not asked rightly; "
        "2: a file cannot be read; 3: a file has refused rows and was not imported."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--clinic", required=True, help="the clinic's name or public id")
        parser.add_argument("--profile", help="the laboratory, as the clinic calls it")
        parser.add_argument(
            "--accept-partial", action="store_true", help="import good rows and let refused ones wait"
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would become of the rows")

    def handle(self, *args: Any, **options: Any) -> None:
        clinic = _clinic(options["clinic"])
        profile = _profile(clinic, options["profile"])
        worst = 0
        for path in options["files"]:
            with transaction.atomic():
                code, said = self._import(path, clinic, profile, options)
                transaction.set_rollback(options["dry_run"])
            self.stdout.write(f"{path.name}: {said}")
            worst = max(worst, code)
        if worst:
            raise CommandError("Not everything was imported.", returncode=worst)

    def _import(
        self, path: Path, clinic: Clinic, profile: LabProfile | None, options: dict[str, Any]
    ) -> tuple[int, str]:
        """(exit code, what to say) for one file."""
        at = timezone.now()
        today = clinic.local_date(at)
        try:
            file = receive_lab_file(
                clinic=clinic,
                name=path.name,
                content=_bytes(path),
                profile=profile,
                came_by=LabDoor.COMMAND,
                by=None,
                at=at,
                today=today,
            )
            if file.state == LabFileState.REFUSED:
                return REFUSED_FILE, f"refused. {file.refusal}"
            if options["dry_run"] or file.state == LabFileState.IMPORTED:
                return 0, _said(file)
            partial = options["accept_partial"]
            done = import_lab_file(file=file, accept_partial=partial, by=None, at=at, today=today)
        except FileRefused as refused:
            return REFUSED_FILE, f"refused. {refused}"
        except NotImported as refused:
            return REFUSED_ROWS, f"not imported. {refused} {counts_in_words(refused.counts)}"
        return 0, f"imported. {counts_in_words(done.counts)}"


def _said(file: LabFile) -> str:
    before = "imported before" if file.state == LabFileState.IMPORTED else "read, nothing written"
    return f"{before}. {counts_in_words(file.counts)}"


def _bytes(path: Path) -> bytes:
    """The file's bytes, not many more than are read at all. Raises CommandError."""
    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except OSError as problem:
        raise CommandError(f"{path} cannot be read: {problem.strerror}.") from problem


def _clinic(asked: str) -> Clinic:
    found = [one for one in Clinic.objects.all() if asked in (one.name, str(one.public_id))]
    if len(found) != 1:
        raise CommandError(f"There is no clinic “{asked}”.")
    return found[0]


def _profile(clinic: Clinic, asked: str | None) -> LabProfile | None:
    if asked is None:
        return None
    profile = LabProfile.objects.filter(clinic=clinic, name=asked).first()
    if profile is None:
        raise CommandError(f"{clinic.name} knows no laboratory “{asked}”.")
    return profile
