from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from regimens.sealed_csv import BrokenSeal, verify


class Command(BaseCommand):
    help = "Say whether an exported report is whole: its last line counts the rows and seals what stands before it."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the CSV file as it was downloaded")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            with path.open("rb") as file:
                seal = verify(file)
        except OSError as problem:
            raise CommandError(f"{path} cannot be read: {problem.strerror}.") from problem
        except BrokenSeal as broken:
            raise CommandError(f"{path.name} is not a whole report. {broken}") from broken
        self.stdout.write(f"{path.name} is whole: {seal.rows} rows.")
