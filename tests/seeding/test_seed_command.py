"""Who may be seeded, and with what."""

from dataclasses import replace
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from b12clinic.accounts.models import Clinic
from b12clinic.patients.models import Patient
from regimens.models import Dose
from regimens.seeding.seed import Wanted, seed

pytestmark = [pytest.mark.data, pytest.mark.django_db]

TWELVE = Wanted(patients=12, clinics=1, doses_per_patient=20, today=date(2026, 11, 20), chance=1)


def rows_made(wanted):
    with transaction.atomic():
        seed(wanted)
        made = list(Dose.objects.order_by("pk").values_list("pk", "public_id", "due_on", "state"))
        transaction.set_rollback(True)
    return made


def test_the_same_number_makes_the_same_rows_and_another_does_not():
    assert rows_made(TWELVE) == rows_made(TWELVE) != rows_made(replace(TWELVE, chance=2))


def test_a_database_that_holds_a_clinic_is_refused_unless_told_to_add():
    call_command("seed", patients=3, verbosity=0, stdout=StringIO())
    with pytest.raises(CommandError, match="holds a clinic already"):
        call_command("seed", patients=3, verbosity=0, stdout=StringIO())
    assert Patient.objects.count() == 3
    call_command("seed", patients=3, add=True, verbosity=0, stdout=StringIO())
    assert (Patient.objects.count(), Clinic.objects.count()) == (6, 2)


@pytest.mark.parametrize(
    "asked", [{"patients": 0}, {"patients": 2, "clinics": 3}, {"patients": 2, "doses_per_patient": 9}]
)
def test_what_cannot_be_made_is_refused(asked):
    with pytest.raises(CommandError, match="at least 10 doses"):
        call_command("seed", **asked)
    assert not Clinic.objects.exists()
