"""A clinic, the people who work there and the people it looks after: plainly fictional, made with as little as they need."""

from datetime import date
from itertools import count
from typing import Any

from django.test import Client

from b12clinic.accounts.models import Clinic, Membership, Role, User
from b12clinic.patients.models import IdentifierScheme, Patient, PatientIdentifier

PASSWORD = "a long enough password"
_numbers = count(1)


def a_clinic(**fields: Any) -> Clinic:
    """A clinic in London that opens Monday to Friday, unless told otherwise."""
    return Clinic.objects.create(**{"name": f"Example Clinic {next(_numbers)}"} | fields)


def a_user(clinic: Clinic | None, *roles: str, **fields: Any) -> User:
    """Someone who can sign in, with these roles in the clinic (a prescriber when none is named; no clinic, no role)."""
    name = f"person{next(_numbers)}"
    given = {"username": name, "email": f"{name}@example.org", "password": PASSWORD} | fields
    user = User.objects.create_user(**given)
    if clinic is not None:
        for role in roles or (Role.PRESCRIBER,):
            Membership.objects.create(user=user, clinic=clinic, role=role)
    return user


def a_patient(clinic: Clinic, **fields: Any) -> Patient:
    """A woman born on 2 March 1948 in the clinic's register; `record_number` gives her a clinic record number.

    With consent to a channel comes the day it was given, 5 January 2026, unless told otherwise.
    """
    record_number = fields.pop("record_number", None)
    given = {"name": f"Ada Example {next(_numbers)}", "born_on": date(1948, 3, 2), "sex": "female"} | fields
    if any(given.get(f"consents_to_{channel}") for channel in ("email", "sms", "letter")):
        given = {"consent_noted_on": date(2026, 1, 5)} | given
    patient = Patient.objects.create(clinic=clinic, **given)
    if record_number:
        PatientIdentifier.objects.create(
            patient=patient, clinic=clinic, scheme=IdentifierScheme.MEDICAL_RECORD, value=record_number
        )
    return patient


def signed_in(client: Client, user: User) -> Client:
    """The client, signed in as the user."""
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client
