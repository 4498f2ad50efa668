from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from b12clinic.accounts.models import Clinic, User
from regimens.demo.tell import CLINIC_NAME, PASSWORD, PEOPLE, tell


class Command(BaseCommand):
    """Make the demo clinic: fictional people with coherent stories that end today."""

    help = "Make the demo clinic. Wipes what is there unless --if-empty is given; needs DEMO=true."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--if-empty", action="store_true", help="leave a database with a clinic as it is")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError(
                "The demo clinic is made with DEMO=true only, so that no real clinic is ever wiped."
            )
        if Clinic.objects.exists() and options["if_empty"]:
            if User.objects.filter(username=PEOPLE[0][0]).exists():
                self.stdout.write(sign_ins())
            return
        if Clinic.objects.exclude(name=CLINIC_NAME).exists():
            raise CommandError("This database holds a clinic that is not the demo's; nothing was changed.")
        call_command("flush", interactive=False, verbosity=0)
        clinic = tell(timezone.localdate())
        self.stdout.write(f"{clinic.name}: {clinic.patients.count()} fictional patients.\n{sign_ins()}")


def sign_ins() -> str:
    """Who may sign in to the demo clinic, a line each."""
    lines = [f"  {username:<8} {', '.join(roles)}" for username, _, _, roles in PEOPLE]
    return "\n".join(["Sign in as (demo only):", *lines, f"  password {PASSWORD}"])
