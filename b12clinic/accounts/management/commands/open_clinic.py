"""`manage.py open_clinic`: the first clinic of an installation, or one more."""

from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.utils import timezone

from b12clinic.accounts.services.open_clinic import NotOpened, open_clinic


class Command(BaseCommand):
    """Open a clinic and invite its administrator, who sets a password through the mail that follows."""

    help = "Open a clinic and invite its administrator by mail."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="what the clinic is called")
        parser.add_argument("email", help="address of its first administrator")
        parser.add_argument("--first-name", required=True)
        parser.add_argument("--last-name", required=True)
        parser.add_argument("--time-zone", default="Europe/London", help="IANA name (default: Europe/London)")

    def handle(self, *args: Any, **options: Any) -> None:
        told = ("name", "email", "first_name", "last_name", "time_zone")
        try:
            clinic = open_clinic(**{name: options[name] for name in told}, by=None, at=timezone.now())
        except NotOpened as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(f"{clinic.name} is open. {options['email']} is sent a link to set a password.")
