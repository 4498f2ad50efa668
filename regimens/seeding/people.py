"""People of a synthetic register: invented surnames, numbers and addresses from ranges that belong to nobody."""

from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from itertools import product

from b12clinic.patients.models import IdentifierScheme, name_keys
from b12clinic.vocabulary import Sex
from regimens.seeding.batch import Batch
from regimens.seeding.tables import (
    ALLERGIES,
    CONDITIONS,
    IDENTIFIERS,
    MEDICINES,
    PATIENTS,
)

# fmt: off
FIRST_NAMES = {
    Sex.FEMALE: (
        "Ada", "Beryl", "Clara", "Dora", "Edith", "Flora", "Grace", "Hilda", "Ida", "Joan",
        "Kate", "Lena", "Mabel", "Nora", "Olive", "Pearl", "Rose", "Stella", "Una", "Vera",
    ),
    Sex.MALE: (
        "Abel", "Basil", "Cecil", "Denis", "Edgar", "Felix", "Giles", "Hugo", "Ivor", "Jack",
        "Karl", "Leo", "Miles", "Ned", "Oscar", "Percy", "Ralph", "Silas", "Toby", "Victor",
    ),
}
_BEGINNINGS = (
    "Ald", "Bram", "Cor", "Dun", "Elm", "Far", "Gors", "Hal", "Ing", "Jes", "Kel", "Lor",
    "Mar", "Nor", "Oak", "Pen", "Quar", "Ros", "Sten", "Tor", "Ulv", "Var", "Wex", "Yar",
)
_ENDINGS = (
    "bury", "combe", "dale", "fold", "garth", "hurst", "ington", "ley", "mere", "stead", "thwaite", "wick",
)
# fmt: on
SURNAMES = [beginning + ending for beginning, ending in product(_BEGINNINGS, _ENDINGS)]
CONDITIONS_SEEN = (
    "hypertension",
    "hypothyroidism",
    "type2_diabetes",
    "asthma",
    "ckd_3",
    "atrial_fibrillation",
    "vitiligo",
    "frailty",
)
MEDICINES_SEEN = (
    ("metformin", "2000 mg/day"),
    ("omeprazole", "20 mg/day"),
    ("levothyroxine", "75 mcg/day"),
    ("ramipril", "5 mg/day"),
    ("apixaban", "10 mg/day"),
    ("aspirin", "75 mg/day"),
)
ALLERGENS_SEEN = (("benzyl_alcohol", "rash"), ("cobalt", "contact_dermatitis"), ("cyanocobalamin", "rash"))
_NUMBERS_IN_RANGE = 900_000


def add_patient(batch: Batch, clinic_id: int, registered_on: date, moved_on: date | None) -> int:
    """A patient with a name, contact, consents, identifiers and some of the other illnesses; the id comes back."""
    chance = batch.chance
    sex = Sex.FEMALE if chance.random() < 0.6 else Sex.MALE
    name = f"{chance.choice(FIRST_NAMES[sex])} {chance.choice(SURNAMES)}"
    email, sms, letter = chance.random() < 0.5, chance.random() < 0.4, chance.random() < 0.3
    number = batch.last_ids[PATIENTS] + 1
    patient = batch.add(
        PATIENTS,
        clinic_id,
        batch.uuid(),
        name,
        *_keys(name),
        registered_on - timedelta(days=chance.randint(20 * 365, 92 * 365)),
        sex,
        Decimal(chance.randint(450, 1100)) / 10,
        f"patient{number}@example.org" if email else "",
        f"07700 900{number % 1000:03d}" if sms or chance.random() < 0.5 else "",
        f"{number % 200 + 1} Example Street" if letter else "",
        email,
        sms,
        letter,
        registered_on if email or sms or letter else None,
        registered_on,
        moved_on,
        1,
    )
    batch.add(IDENTIFIERS, patient, clinic_id, IdentifierScheme.NHS_NUMBER.value, nhs_number(number))
    if chance.random() < 0.3:
        batch.add(IDENTIFIERS, patient, clinic_id, IdentifierScheme.MEDICAL_RECORD.value, f"R{number:07d}")
    _add_health(batch, patient, registered_on)
    return patient


def _add_health(batch: Batch, patient: int, noted_on: date) -> None:
    chance = batch.chance
    if chance.random() < 0.06:
        substance, reaction = chance.choice(ALLERGENS_SEEN)
        batch.add(ALLERGIES, patient, substance, [reaction], noted_on)
    for code in chance.sample(CONDITIONS_SEEN, chance.choice((0, 0, 0, 1, 2))):
        batch.add(CONDITIONS, patient, code, noted_on)
    for code, dose in chance.sample(MEDICINES_SEEN, chance.choice((0, 0, 1, 2))):
        batch.add(MEDICINES, patient, code, dose, noted_on, noted_on)


@lru_cache(maxsize=len(SURNAMES) * 40)
def _keys(name: str) -> tuple[str, str]:
    return name_keys(name)


def nhs_number(serial: int) -> str:
    """The valid NHS number of a serial, out of the range 999 that is kept for tests; repeats after 900,000.

    The check digit (modulus 11) leaves some numbers out; the serial's last digit before it gives way then.
    """
    tens, unit = divmod(serial % _NUMBERS_IN_RANGE, 9)
    body = f"999{tens:05d}"
    valid = [f"{body}{digit}{check}" for digit in range(10) if (check := _check_digit(f"{body}{digit}")) < 10]
    return valid[unit]


def _check_digit(body: str) -> int:
    total = sum(int(digit) * weight for digit, weight in zip(body, range(10, 1, -1), strict=True))
    return -total % 11
