"""What the database itself holds of clinics and people, both sides of each rule."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from b12clinic.accounts.models import AuditEvent, Clinic, ClosedDay, Membership, User
from tests.factories.people import a_clinic, a_user

pytestmark = [pytest.mark.django_db, pytest.mark.data]


def refused(make) -> bool:
    try:
        with transaction.atomic():
            make()
    except IntegrityError:
        return True
    return False


def test_a_clinic_has_a_name_of_its_own():
    a_clinic(name="Harbour Clinic")
    assert refused(lambda: a_clinic(name="Harbour Clinic"))
    assert refused(lambda: a_clinic(name=""))
    assert not refused(lambda: a_clinic(name="Hill Clinic"))


def test_a_clinic_has_a_zone():
    assert refused(lambda: a_clinic(time_zone=""))
    assert not refused(lambda: a_clinic(time_zone="Pacific/Kiritimati"))


def test_a_clinics_version_begins_at_one():
    clinic = a_clinic()
    assert clinic.version == 1
    assert refused(lambda: Clinic.objects.filter(pk=clinic.pk).update(version=0))


@pytest.mark.parametrize("weekdays", [[0], [0, 1, 2, 3, 4, 5, 6], [6, 0]])
def test_weekdays_are_a_list_of_distinct_days(weekdays):
    Clinic(name="Harbour Clinic", open_weekdays=weekdays).full_clean()


@pytest.mark.parametrize("weekdays", [[], [7], [-1], [0, 0], {"0": 1}, ["0"]])
def test_other_weekdays_are_refused(weekdays):
    with pytest.raises(ValidationError):
        Clinic(name="Harbour Clinic", open_weekdays=weekdays).full_clean()


def test_a_time_zone_is_one_of_the_iana_names():
    Clinic(name="Harbour Clinic", time_zone="Europe/London").full_clean()
    with pytest.raises(ValidationError):
        Clinic(name="Harbour Clinic", time_zone="Europe/Atlantis").full_clean()


def test_a_day_is_closed_once_in_a_clinic_and_says_why():
    clinic, other = a_clinic(), a_clinic()
    day = date(2026, 12, 25)
    ClosedDay.objects.create(clinic=clinic, on=day, why="Christmas Day")
    assert refused(lambda: ClosedDay.objects.create(clinic=clinic, on=day, why="Again"))
    assert refused(lambda: ClosedDay.objects.create(clinic=clinic, on=date(2026, 12, 28), why=""))
    assert not refused(lambda: ClosedDay.objects.create(clinic=other, on=day, why="Christmas Day"))
    assert not refused(
        lambda: ClosedDay.objects.create(clinic=clinic, on=date(2026, 12, 28), why="Boxing Day")
    )


def test_a_person_has_each_role_once_in_a_clinic():
    clinic, other = a_clinic(), a_clinic()
    person = a_user(clinic, "nurse")
    assert refused(lambda: Membership.objects.create(user=person, clinic=clinic, role="nurse"))
    assert not refused(lambda: Membership.objects.create(user=person, clinic=clinic, role="administrator"))
    assert not refused(lambda: Membership.objects.create(user=person, clinic=other, role="nurse"))


def test_a_role_is_one_of_the_three():
    clinic = a_clinic()
    person = a_user(None)
    assert refused(lambda: Membership.objects.create(user=person, clinic=clinic, role="owner"))
    for role in ("prescriber", "nurse", "administrator"):
        assert not refused(lambda role=role: Membership.objects.create(user=person, clinic=clinic, role=role))


def test_an_address_names_one_person_whatever_its_case():
    a_user(None, email="nora@example.org")
    assert refused(lambda: a_user(None, email="Nora@Example.org"))
    assert not refused(lambda: a_user(None, email="nina@example.org"))


def test_people_without_an_address_may_be_many():
    a_user(None, email="")
    assert not refused(lambda: a_user(None, email=""))


def test_each_person_has_a_public_id_of_their_own():
    first, second = a_user(None), a_user(None)
    assert first.public_id != second.public_id
    assert refused(lambda: User.objects.filter(pk=first.pk).update(public_id=second.public_id))
    assert refused(lambda: User.objects.filter(pk=first.pk).update(public_id=None))


def test_an_event_says_what_was_done():
    at = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
    assert refused(lambda: AuditEvent.objects.create(at=at, action=""))
    assert not refused(lambda: AuditEvent.objects.create(at=at, action="clinic.changed"))


def test_the_day_of_a_clinic_is_its_own():
    moment = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
    assert a_clinic(time_zone="Europe/London").local_date(moment) == date(2026, 11, 22)
    assert a_clinic(time_zone="Europe/Amsterdam").local_date(moment) == date(2026, 11, 23)
    assert a_clinic(time_zone="Pacific/Honolulu").local_date(moment) == date(2026, 11, 22)
    assert a_clinic(time_zone="Pacific/Kiritimati").local_date(moment) == date(2026, 11, 23)
