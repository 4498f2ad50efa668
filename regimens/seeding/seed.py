"""Seeds a database with synthetic clinics: patient by patient, batch by batch, in memory that does not grow. All or nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from django.contrib.auth.hashers import make_password
from django.db import transaction

from b12clinic.accounts.models import Clinic, Role
from regimens.seeding.batch import Batch, last_ids
from regimens.seeding.courses import course, days_until
from regimens.seeding.labs import add_baseline, add_rechecks
from regimens.seeding.loading import checked_at_the_end
from regimens.seeding.people import add_patient
from regimens.seeding.tables import CLINICS, DOSES, IN_ORDER, MEMBERSHIPS, PRODUCTS, USERS
from regimens.seeding.treatments import PRODUCTS as AMPOULES
from regimens.seeding.treatments import Story, Treated, add_missed_attempt, add_treatment
from regimens.seeding.writing import finish, writer

BATCH = 1_000
"""Patients gathered before they are written."""
FEWEST_DOSES = 10
"""Below this a plan just signed would already hold more doses than the average asked for."""
PATIENTS_PER_CLINIC = 4_000

_STANDARD = Story("uk/standard", "autoimmune_gastritis")
_TABLETS_TOOK_IT = Story("uk/medicine-induced", "medicine_induced")
_AFTER_SURGERY = Story("uk/bariatric", "bariatric_surgery")
_NERVES = Story("uk/neurological", "autoimmune_gastritis", True, ("numbness", "paraesthesia_feet"))
_CYANO = Story("uk/cyanocobalamin", "autoimmune_gastritis")
_DUTCH = Story("nl/standard", "partial_gastrectomy")
STORIES = (
    (_STANDARD,) * 11
    + (_TABLETS_TOOK_IT,) * 2
    + (_AFTER_SURGERY,) * 2
    + (_NERVES,) * 2
    + (_CYANO,)
    + (_DUTCH,) * 2
)
"""What patients are treated for, as often as it stands here."""
NEWLY_BEGUN, LATE, MOVED_AWAY = 0.06, 0.04, 0.015
"""Shares of patients in their first weeks, behind their dates, and gone."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """How much to seed: patients, clinics that share them, doses a patient on average, the day it ends, and the chance."""

    patients: int
    clinics: int
    doses_per_patient: int
    today: date
    chance: int


def seed(wanted: Wanted, told: Callable[[int], None] = lambda patients: None) -> None:
    """Write the clinics. `told` hears after each batch how many patients are there. The same `wanted` writes the same rows."""
    taken = last_ids()
    chance = Random(f"{wanted.chance} after clinic {taken[CLINICS]}")  # noqa: S311  # nosec B311  nothing here is secret
    batch = Batch(chance, taken)
    places = [_add_clinic(batch, wanted.today) for _ in range(wanted.clinics)]
    doses_before = batch.last_ids[DOSES]
    with transaction.atomic(), checked_at_the_end(IN_ORDER), writer() as write:
        for index in range(wanted.patients):
            clinic, user = places[index % len(places)]
            owing = wanted.doses_per_patient * (index + 1) - (batch.last_ids[DOSES] - doses_before)
            _add_one(batch, clinic, user, wanted, owing)
            if (index + 1) % BATCH == 0:
                write(batch)
                told(index + 1)
        write(batch)
    finish()


def is_empty() -> bool:
    """Whether no clinic is there that the synthetic ones could be taken for."""
    return not Clinic.objects.exists()


def _add_clinic(batch: Batch, today: date) -> tuple[int, int]:
    """A clinic, someone who holds every role there (and cannot sign in before a password is set), and its formulary."""
    number = batch.last_ids[CLINICS] + 1
    clinic = batch.add(
        CLINICS,
        batch.uuid(),
        f"Synthetic Clinic {number:04d}",
        "Europe/London",
        "GB",
        "",
        "uk",
        [0, 1, 2, 3, 4],
        f"clinic{number}@example.org",
        "",
        1,
    )
    name = f"synthetic{batch.last_ids[USERS] + 1}"
    user = batch.add(
        USERS,
        batch.uuid(),
        name,
        make_password(None),
        f"{name}@example.org",
        "Synthetic",
        f"Person {number}",
        True,
        False,
        False,
        datetime.combine(today, time(8), UTC),
    )
    for role in Role.values:
        batch.add(MEMBERSHIPS, user, clinic, role)
    for drug, product in AMPOULES.items():
        batch.add(PRODUCTS, clinic, product, drug, 1000, drug == "cyanocobalamin", True)
    return clinic, user


def _add_one(batch: Batch, clinic: int, user: int, wanted: Wanted, owing: int) -> None:
    """A patient with everything about them; `owing` doses would keep the average."""
    chance, today = batch.chance, wanted.today
    story = chance.choice(STORIES)
    moved_on = today - timedelta(days=chance.randint(1, 300)) if chance.random() < MOVED_AWAY else None
    last_day = (moved_on or today) - timedelta(days=1)
    late = moved_on is None and chance.random() < LATE
    if late:
        last_day -= timedelta(days=7 * chance.randint(1, 20))
    most = chance.randint(0, 5) if chance.random() < NEWLY_BEGUN else _long_treated(owing, wanted)
    start_on = last_day - _length(story.protocol, most, chance.random())
    lived = course(story.protocol, start_on, most, last_day)
    judged_on = lived.slots[0].dose.due_on - timedelta(days=7)
    patient = add_patient(batch, clinic, judged_on, moved_on)
    treated = Treated(patient, clinic, user, moved_on)
    labs = add_baseline(batch, patient, judged_on, user)
    signed = add_treatment(batch, treated, story, lived, labs, judged_on)
    add_rechecks(
        batch, patient, clinic, signed, lived.slots[0].dose.due_on, moved_on or today, user, moved_on
    )
    if late and lived.slots[lived.given].dose.due_on < today:
        add_missed_attempt(batch, treated, lived)


def _length(protocol: str, given: int, share: float) -> timedelta:
    """How long ago a course began of which so many doses are given, `share` of the gap to the next one still to pass."""
    following = days_until(protocol, given)
    last = days_until(protocol, given - 1) if given else -7.0
    return timedelta(days=int(following - share * (following - last)))


def _long_treated(owing: int, wanted: Wanted) -> int:
    """How many injections someone well on in treatment has had: the average, or what is owed to it, less the two to come."""
    return max(FEWEST_DOSES, min(owing, wanted.doses_per_patient + 4)) - 2
