from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from regimens.seeding.seed import FEWEST_DOSES, PATIENTS_PER_CLINIC, Wanted, is_empty, seed


class Command(BaseCommand):
    """Load synthetic clinics into an empty database: for measuring, never beside real patients."""

    help = "Load synthetic clinics: patients, plans, doses, injections, results and rechecks that end today."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--patients", type=int, required=True, help="how many patients in all")
        parser.add_argument(
            "--clinics", type=int, help=f"how many clinics share them (one for each {PATIENTS_PER_CLINIC:,})"
        )
        parser.add_argument(
            "--doses-per-patient", type=int, default=20, help="on average, given and planned (20)"
        )
        parser.add_argument("--seed", type=int, default=1, help="the same number makes the same rows (1)")
        parser.add_argument("--add", action="store_true", help="also where clinics are already")

    def handle(self, *args: Any, **options: Any) -> None:
        patients = options["patients"]
        clinics = options["clinics"] or max(1, patients // PATIENTS_PER_CLINIC)
        if patients < 1 or clinics > patients or options["doses_per_patient"] < FEWEST_DOSES:
            raise CommandError(
                f"At least one patient for each clinic, and at least {FEWEST_DOSES} doses a patient, please."
            )
        if not options["add"] and not is_empty():
            raise CommandError(
                "This database holds a clinic already. Seed an empty one, or say --add to put synthetic clinics beside it."
            )
        wanted = Wanted(
            patients=patients,
            clinics=clinics,
            doses_per_patient=options["doses_per_patient"],
            today=timezone.localdate(),
            chance=options["seed"],
        )
        seed(wanted, self._tell if options["verbosity"] > 1 else lambda patients: None)
        self.stdout.write(f"{patients:,} synthetic patients in {clinics:,} clinics.")

    def _tell(self, patients: int) -> None:
        self.stdout.write(f"{patients:,} patients written")
