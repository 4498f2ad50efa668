"""How long the seeder takes."""

from tests.bench.databases import DOSES_PER_PATIENT, Databases
from tests.bench.report import Figure

SECONDS_A_PATIENT = 60 / 20_000


def seed_seconds(databases: Databases) -> list[Figure]:
    """Seconds to seed the bench's template from an empty database: at most 60 for 20,000 patients and 400,000 doses."""
    bound = databases.patients * SECONDS_A_PATIENT
    beside = f"{databases.patients:,} patients, {databases.patients * DOSES_PER_PATIENT:,} doses"
    return [Figure("seed_seconds", databases.seed(), "s", bound, beside)]
