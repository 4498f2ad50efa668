from datetime import date

import pytest

from b12clinic.accounts.models import Role
from b12clinic.patients.models import PatientIdentifier
from b12clinic.patients.queries import look_alikes, patients_for, search, with_health
from tests.factories.people import a_clinic, a_patient, a_user

pytestmark = [pytest.mark.django_db, pytest.mark.data]
TODAY = date(2026, 11, 22)


def names(found):
    return [patient.name for patient in found.patients]


@pytest.fixture
def clinic():
    return a_clinic()


@pytest.fixture
def register(clinic):
    """Four people, one of them with numbers, and a namesake in another clinic."""
    ada = a_patient(clinic, name="Ada Núñez Lovelace", record_number="RX100-7")
    PatientIdentifier.objects.create(patient=ada, clinic=clinic, scheme="nhs_number", value="9990000018")
    a_patient(clinic, name="Adam Smith", born_on=date(1950, 3, 2))
    a_patient(clinic, name="Grace Hopper", born_on=date(1948, 2, 3))
    a_patient(clinic, name="Müller Smithers", born_on=date(1960, 12, 31))
    elsewhere = a_patient(a_clinic(), name="Ada Canary", record_number="RX100-7")
    PatientIdentifier.objects.create(
        patient=elsewhere, clinic=elsewhere.clinic, scheme="nhs_number", value="9990000018"
    )
    return clinic


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ada", ["Ada Núñez Lovelace", "Adam Smith"]),
        ("ADA N", ["Ada Núñez Lovelace"]),
        ("lovelace", ["Ada Núñez Lovelace"]),
        ("Lovelace, Ada", ["Ada Núñez Lovelace"]),
        ("nunez", []),
        ("smith", ["Adam Smith", "Müller Smithers"]),
        ("muller", ["Müller Smithers"]),
        ("MÜLLER", ["Müller Smithers"]),
        ("da", []),
        ("%", []),
        ("_da", []),
        ("\0", []),
        ("1948-03-02", ["Ada Núñez Lovelace"]),
        ("02/03/1948", ["Ada Núñez Lovelace"]),
        ("2 Mar 1948", ["Ada Núñez Lovelace"]),
        ("03/02/1948", ["Grace Hopper"]),
        ("3 March 48", ["Grace Hopper"][:0]),
        ("3 February 48", ["Grace Hopper"]),
        ("hopper 3.2.48", ["Grace Hopper"]),
        ("smith 3.2.48", []),
        ("9990000018", ["Ada Núñez Lovelace"]),
        ("999 000", ["Ada Núñez Lovelace"]),
        ("99", ["Ada Núñez Lovelace"]),
        ("9", []),
        ("000 0018", []),
        ("rx 100", ["Ada Núñez Lovelace"]),
        ("RX100-7", ["Ada Núñez Lovelace"]),
        ("x100", []),
    ],
)
def test_a_patient_is_found_by_name_birth_or_number_in_their_own_clinic_only(register, text, found):
    assert names(search(register, text, TODAY)) == found


def test_an_american_clinic_reads_the_month_first():
    clinic = a_clinic(country="US")
    a_patient(clinic, name="Ada Example", born_on=date(1948, 2, 3))
    assert names(search(clinic, "02/03/1948", TODAY)) == ["Ada Example"]
    assert names(search(clinic, "03/02/1948", TODAY)) == []


def test_without_a_text_the_newest_come_first(clinic):
    a_patient(clinic, name="First")
    a_patient(clinic, name="Second")
    assert names(search(clinic, "  ", TODAY)) == ["Second", "First"]


@pytest.mark.parametrize(("count", "shown", "more"), [(20, 20, False), (21, 20, True)])
def test_twenty_are_shown_and_more_is_said(clinic, count, shown, more):
    for place in range(count):
        a_patient(clinic, name=f"Ada Example {place:02}")
    for text in ("ada", ""):
        found = search(clinic, text, TODAY)
        assert (len(found.patients), found.more) == (shown, more)


@pytest.mark.parametrize("count", [1, 15])
def test_a_search_costs_the_same_three_queries_however_many_it_finds(
    clinic, count, django_assert_num_queries
):
    for place in range(count):
        a_patient(clinic, name=f"Ada Example {place:02}", record_number=f"RX{place}")
    with django_assert_num_queries(3):
        for patient in search(clinic, "ada", TODAY).patients:
            assert len(patient.identifiers.all()) == 1


def test_a_patient_is_read_with_health_in_five_queries(clinic, django_assert_num_queries):
    user = a_user(clinic)
    for _ in range(3):
        a_patient(clinic, record_number=f"RX{_}")
    with django_assert_num_queries(5):
        assert [p.open_allergies + p.open_medicines for p in with_health(patients_for(user))] == [[], [], []]


def test_a_user_sees_the_patients_of_their_clinics_once_each():
    here, there, elsewhere = a_clinic(), a_clinic(), a_clinic()
    user = a_user(here, Role.NURSE, Role.PRESCRIBER)
    user.memberships.create(clinic=there, role=Role.ADMINISTRATOR)
    mine = {a_patient(here), a_patient(there)}
    a_patient(elsewhere)
    assert len(patients_for(user)) == 2
    assert set(patients_for(user)) == mine
    assert list(patients_for(a_user(None))) == []


def alike(clinic, name="Ada Lovelace", born_on=date(1948, 3, 2), identifiers=None, exclude=None):
    return [
        (one.patient.name, one.why) for one in look_alikes(clinic, name, born_on, identifiers or {}, exclude)
    ]


@pytest.mark.parametrize(
    ("name", "born_on", "why"),
    [
        ("Ada Lovelace", date(1948, 3, 2), "Same name, same date of birth"),
        ("LOVELACE ADA", date(1948, 3, 2), "Same name, same date of birth"),
        ("Áda Lovelacé", date(1948, 3, 2), "Same name, same date of birth"),
        ("Ida Lovelaice", date(1948, 3, 2), "Same date of birth, same or similar last name"),
        ("Ada Smith", date(1948, 3, 2), "Same date of birth, same or similar first name"),
        ("Ada Lovelace", date(1948, 2, 3), "Same name, day and month of birth changed over"),
    ],
)
def test_one_person_entered_twice_is_noticed(clinic, name, born_on, why):
    a_patient(clinic, name=name, born_on=born_on)
    assert alike(clinic) == [(name, why)]


@pytest.mark.parametrize(
    ("name", "born_on"),
    [
        ("Grace Hopper", date(1948, 3, 2)),
        ("Ada Lovelace", date(1948, 3, 3)),
        ("Adah Lovelace", date(1948, 2, 3)),
    ],
)
def test_two_people_are_told_apart(clinic, name, born_on):
    a_patient(clinic, name=name, born_on=born_on)
    assert alike(clinic) == []


def test_the_same_number_is_noticed_first_whatever_the_name(clinic):
    a_patient(clinic, name="Ada Lovelace")
    a_patient(clinic, name="Grace Hopper", born_on=date(1960, 1, 1), record_number="RX1")
    found = look_alikes(clinic, "Ada Lovelace", date(1948, 3, 2), {"medical_record": "RX1"})
    assert [(one.patient.name, one.why, one.same_identifier) for one in found] == [
        ("Grace Hopper", "Same Clinic record number", "medical_record"),
        ("Ada Lovelace", "Same name, same date of birth", ""),
    ]


def test_the_same_number_under_another_scheme_is_another_number(clinic):
    a_patient(clinic, name="Grace Hopper", born_on=date(1960, 1, 1), record_number="9990000018")
    assert alike(clinic, identifiers={"nhs_number": "9990000018"}) == []


def test_nobody_looks_like_themselves_or_like_someone_of_another_clinic(clinic):
    ada = a_patient(clinic, name="Ada Lovelace", record_number="RX1")
    a_patient(a_clinic(), name="Ada Lovelace", record_number="RX1")
    assert alike(clinic, identifiers={"medical_record": "RX1"}, exclude=ada) == []


@pytest.mark.parametrize("count", [1, 12])
def test_looking_for_look_alikes_costs_three_queries(clinic, count, django_assert_num_queries):
    for place in range(count):
        a_patient(clinic, name=f"Ada Lovelace {place}", record_number=f"RX{place}")
    with django_assert_num_queries(3):
        look_alikes(clinic, "Ada Lovelace 0", date(1948, 3, 2), {"medical_record": "RX0"})
