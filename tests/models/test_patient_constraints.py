"""What the database itself refuses to hold of a patient, each rule from both sides."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from b12clinic.patients.models import (
    Patient,
    PatientAllergy,
    PatientCondition,
    PatientIdentifier,
    PatientMedicine,
)
from tests.factories.people import a_clinic, a_patient

pytestmark = [pytest.mark.django_db, pytest.mark.data]
NOTED = date(2026, 5, 4)


def refused(make, *args, **fields):
    """Whether the database refuses this row; the transaction goes on either way."""
    try:
        with transaction.atomic():
            make(*args, **fields)
    except IntegrityError:
        return True
    return False


@pytest.mark.parametrize(
    "fields",
    [
        {"name": "Ada"},
        {"sex": "unknown"},
        {"died_on": date(1948, 3, 2)},
        {"died_on": None},
        {"moved_on": date(1948, 3, 2)},
        {"weight_kg": Decimal("0.1")},
        {"weight_kg": None},
        {"consents_to_email": True, "email": "ada@example.org"},
        {"consents_to_email": False, "email": ""},
        {"consents_to_sms": True, "phone": "07700 900001"},
        {"consents_to_letter": True, "postal_address": "1 Example Street"},
        {"consent_noted_on": None},
        {"consent_noted_on": date(2026, 1, 5)},
    ],
)
def test_a_patient_is_kept(fields):
    assert not refused(a_patient, a_clinic(), **fields)


@pytest.mark.parametrize(
    "fields",
    [
        {"name": ""},
        {"name": "---"},
        {"sex": "other"},
        {"sex": ""},
        {"died_on": date(1948, 3, 1)},
        {"moved_on": date(1948, 3, 1)},
        {"weight_kg": Decimal("0.0")},
        {"consents_to_email": True, "email": ""},
        {"consents_to_sms": True, "phone": ""},
        {"consents_to_letter": True, "postal_address": ""},
        {"consents_to_email": True, "email": "ada@example.org", "consent_noted_on": None},
        {"consents_to_sms": True, "phone": "07700 900001", "consent_noted_on": None},
        {"consents_to_letter": True, "postal_address": "1 Example Street", "consent_noted_on": None},
    ],
)
def test_a_patient_that_cannot_be_is_refused(fields):
    assert refused(a_patient, a_clinic(), **fields)


def test_two_patients_never_share_a_public_id():
    ada = a_patient(a_clinic())
    assert refused(a_patient, ada.clinic, public_id=ada.public_id)


def number(patient, scheme="nhs_number", value="9990000018", **fields):
    given = {"patient": patient, "clinic": patient.clinic, "scheme": scheme, "value": value} | fields
    return PatientIdentifier.objects.create(**given)


def test_a_number_names_one_patient_of_a_clinic():
    clinic = a_clinic()
    number(a_patient(clinic))
    assert refused(number, a_patient(clinic))
    assert not refused(number, a_patient(clinic), scheme="chi_number")
    assert not refused(number, a_patient(clinic), value="9990000026")


def test_another_clinic_may_have_the_same_number():
    number(a_patient(a_clinic()))
    assert not refused(number, a_patient(a_clinic()))


def test_a_patient_has_one_number_of_a_kind():
    ada = a_patient(a_clinic())
    number(ada)
    assert refused(number, ada, value="9990000026")


def test_a_number_is_not_blank_and_of_a_known_kind():
    ada = a_patient(a_clinic())
    assert refused(number, ada, value="")
    assert refused(number, ada, scheme="passport")
    assert not refused(number, ada, value="9")


def allergy(patient, **fields):
    return PatientAllergy.objects.create(
        **{"patient": patient, "substance": "cobalt", "noted_on": NOTED} | fields
    )


def condition(patient, **fields):
    return PatientCondition.objects.create(
        **{"patient": patient, "code": "asthma", "noted_on": NOTED} | fields
    )


def medicine(patient, **fields):
    return PatientMedicine.objects.create(
        **{"patient": patient, "code": "warfarin", "noted_on": NOTED} | fields
    )


ROWS = pytest.mark.parametrize(
    ("make", "key"), [(allergy, "substance"), (condition, "code"), (medicine, "code")]
)


@ROWS
def test_what_applies_is_listed_once_until_it_ended(make, key):
    ada = a_patient(a_clinic())
    row = make(ada)
    assert refused(make, ada)
    assert not refused(make, ada, **{key: "something else"})
    assert not refused(make, a_patient(ada.clinic))
    type(row).objects.filter(pk=row.pk).update(ended_on=date(2026, 6, 1))
    assert not refused(make, ada)


@ROWS
def test_a_row_names_what_it_is_about(make, key):
    assert refused(make, a_patient(a_clinic()), **{key: ""})


@ROWS
def test_a_row_ends_no_earlier_than_it_was_noted(make, key):
    ada = a_patient(a_clinic())
    assert not refused(make, ada, ended_on=NOTED)
    assert refused(make, ada, ended_on=date(2026, 5, 3))


@pytest.mark.parametrize(
    ("low", "high", "kept"),
    [
        (None, None, True),
        ("2.0", "3.0", True),
        ("2.5", "2.5", True),
        ("3.0", "2.9", False),
        ("2.0", None, False),
        (None, "3.0", False),
    ],
)
def test_an_inr_range_has_both_ends_the_right_way_round(low, high, kept):
    ends = {"inr_low": Decimal(low) if low else None, "inr_high": Decimal(high) if high else None}
    assert refused(medicine, a_patient(a_clinic()), **ends) is not kept


def test_a_name_is_found_by_its_first_word_and_its_last():
    ada = a_patient(a_clinic(), name="Ada Núñez-O'Brien")
    assert (ada.name_key, ada.name_turned_key) == ("ada nunez o brien", "brien ada nunez o")


@pytest.mark.parametrize(
    ("day", "years"), [(date(2026, 3, 1), 77), (date(2026, 3, 2), 78), (date(1948, 3, 2), 0)]
)
def test_an_age_is_in_completed_years(day, years):
    assert Patient(born_on=date(1948, 3, 2)).age_on(day) == years


@pytest.mark.parametrize(
    ("fields", "followed"),
    [
        ({}, True),
        ({"died_on": date(2026, 2, 3)}, False),
        ({"moved_on": date(2026, 2, 3)}, False),
        ({"died_on": date(2026, 2, 3), "moved_on": date(2026, 1, 3)}, False),
    ],
)
def test_whoever_died_or_moved_is_no_longer_followed(fields, followed):
    assert Patient(**fields).is_followed is followed
