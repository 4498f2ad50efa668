"""Shows the work that waits, and asks once more for what was given up."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction
from django.utils import timezone

from b12clinic.jobs.models import Pending
from b12clinic.jobs.queries import MAX_ATTEMPTS, given_up
from b12clinic.jobs.services.ask import ask


def _jobs(number: int) -> str:
    return "1 job" if number == 1 else f"{number} jobs"


class Command(BaseCommand):
    help = (
        "List waiting jobs and those that failed every attempt; --again asks for the failed ones once more."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--again", action="store_true", help="ask once more for every job that was given up"
        )

    def handle(self, *args: Any, again: bool, **options: Any) -> None:
        failed = list(given_up(timezone.now()))
        if again:
            with transaction.atomic():
                for job in failed:
                    ask(kind=job.kind, subject_id=job.subject_id)
            self.stdout.write(f"Asked again for {_jobs(len(failed))}.")
            return
        self.stdout.write(f"Waiting: {_jobs(Pending.objects.count())}, {len(failed)} of them given up.")
        for job in failed:
            self.stdout.write(
                f"{job.pk}  {job.kind} {job.subject_id}  {MAX_ATTEMPTS} attempts\n{job.last_error}"
            )
