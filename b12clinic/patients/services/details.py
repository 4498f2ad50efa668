"""Who a patient is and how to reach them, as handed to the services that write it down."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from zoneinfo import available_timezones

from dateutil.relativedelta import relativedelta
from django.db import IntegrityError, transaction

from b12clinic.patients.models import Patient, PatientIdentifier, name_keys
from b12clinic.patients.queries import identifier_holders
from b12clinic.patients.services.refusals import IdentifierTaken, PatientRefused
from b12clinic.vocabulary import Language, Sex

OLDEST_YEARS = 125
LIGHTEST_KG, HEAVIEST_KG = Decimal(20), Decimal(400)
KEY_LENGTH = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientDetails:
    """The fields of a patient that a form fills; consent counts from `consent_noted_on`, the day it was given.

    Without a language messages are in English; without a time zone the patient lives by the clinic's clock.
    """

    name: str
    born_on: date
    sex: str
    weight_kg: Decimal | None = None
    email: str = ""
    phone: str = ""
    postal_address: str = ""
    consents_to_email: bool = False
    consents_to_sms: bool = False
    consents_to_letter: bool = False
    consent_noted_on: date | None = None
    consents_to_detail: bool = False
    language: str = ""
    time_zone: str = ""

    @property
    def consents(self) -> bool:
        """Whether any kind of message was agreed to."""
        return self.consents_to_email or self.consents_to_sms or self.consents_to_letter


def find_problems(details: PatientDetails, today: date) -> Iterator[tuple[str, str]]:
    """What stops these details from being written down: pairs of field and sentence."""
    yield from _identity_problems(details, today)
    yield from _consent_problems(details, today)
    yield from _place_problems(details)


def check_details(details: PatientDetails, today: date) -> None:
    """Raise PatientRefused for the first problem."""
    for field, sentence in find_problems(details, today):
        raise PatientRefused(sentence, field)


def _identity_problems(details: PatientDetails, today: date) -> Iterator[tuple[str, str]]:
    key = name_keys(details.name)[0]
    if not key:
        yield "name", "Write the name with at least one letter."
    if len(details.name) > 160 or len(key) > KEY_LENGTH:
        yield "name", "This name is too long; write it with at most 160 letters."
    if details.born_on > today:
        yield "born_on", "The date of birth lies in the future."
    elif details.born_on < today - relativedelta(years=OLDEST_YEARS):
        yield "born_on", f"The date of birth lies more than {OLDEST_YEARS} years back; check the year."
    if details.sex not in Sex.codes():
        yield "sex", "Choose the sex, or “Not known”."
    if details.weight_kg is not None and not LIGHTEST_KG <= details.weight_kg <= HEAVIEST_KG:
        yield "weight_kg", f"A weight lies between {LIGHTEST_KG} and {HEAVIEST_KG} kg; check it."


def _consent_problems(details: PatientDetails, today: date) -> Iterator[tuple[str, str]]:
    if details.consents_to_email and not details.email:
        yield "email", "Agreeing to e-mail messages needs an e-mail address."
    if details.consents_to_sms and not details.phone:
        yield "phone", "Agreeing to text messages needs a telephone number."
    if details.consents_to_letter and not details.postal_address:
        yield "postal_address", "Agreeing to letters needs a postal address."
    if details.consents and details.consent_noted_on is None:
        yield "consent_noted_on", "Say on which day the patient agreed to messages."
    elif (
        details.consents
        and details.consent_noted_on
        and not details.born_on <= details.consent_noted_on <= today
    ):
        yield "consent_noted_on", "The day of agreeing lies before birth or in the future."


def _place_problems(details: PatientDetails) -> Iterator[tuple[str, str]]:
    if details.language and details.language not in Language.codes():
        yield "language", "Choose a language that there are wordings in."
    if details.time_zone and details.time_zone not in available_timezones():
        yield "time_zone", f"“{details.time_zone}” is not a time zone; write it as in “Europe/London”."


def tidy_name(name: str) -> str:
    """A name in one line, without marks that print nothing and could turn what stands after them around."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in name).split())


def set_details(patient: Patient, details: PatientDetails) -> None:
    """Put checked details on a patient, unsaved. Without any consent no day of consent is kept."""
    for field, value in asdict(details).items():
        setattr(patient, field, value)
    patient.name = tidy_name(details.name)
    if details.weight_kg is not None:
        patient.weight_kg = details.weight_kg.quantize(Decimal("0.1"))
    if not details.consents:
        patient.consent_noted_on = None


def written_down(patient: Patient) -> dict[str, Any]:
    """Details and numbers of a saved patient as plain values, for the audit trail."""
    fields = {field: getattr(patient, field) for field in PatientDetails.__dataclass_fields__}
    numbers = {number.scheme: number.value for number in PatientIdentifier.objects.filter(patient=patient)}
    plain = {field: value if isinstance(value, bool) else str(value or "") for field, value in fields.items()}
    return plain | {"identifiers": numbers}


def keep_identifiers(patient: Patient, identifiers: Mapping[str, str]) -> None:
    """Make a patient's numbers exactly these, normalised and by scheme. Raises IdentifierTaken."""
    for holder, scheme in identifier_holders(patient.clinic, identifiers, patient).items():
        raise IdentifierTaken(scheme, Patient.objects.get(pk=holder))
    kept = {number.scheme: number for number in PatientIdentifier.objects.filter(patient=patient)}
    for scheme in kept.keys() - identifiers.keys():
        kept[scheme].delete()
    for scheme, value in identifiers.items():
        number = kept.get(scheme) or PatientIdentifier(patient=patient, clinic=patient.clinic, scheme=scheme)
        number.value = value
        try:
            with transaction.atomic():
                number.save()
        except IntegrityError:  # someone else wrote the same number a moment ago
            raise IdentifierTaken(scheme, None) from None
