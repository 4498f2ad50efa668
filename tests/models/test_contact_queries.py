"""What was said the last time that somebody tried to reach a patient."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from regimens.queries.contacts import last_contacts
from tests.factories.contacts import a_contact
from tests.factories.people import a_clinic, a_patient, a_user
from tests.factories.regimens import a_regimen, next_dose

pytestmark = [pytest.mark.django_db, pytest.mark.data]


@pytest.fixture
def nurse():
    return a_user(a_clinic(), "nurse")


def a_dose(nurse):
    clinic = nurse.memberships.get().clinic
    return next_dose(a_regimen(a_patient(clinic), nurse))


def test_a_dose_without_an_attempt_has_no_last_one(nurse):
    assert last_contacts([a_dose(nurse).pk]) == {}


def test_the_last_attempt_is_of_the_latest_day_whenever_it_was_recorded(nurse):
    dose = a_dose(nurse)
    later = a_contact(dose, nurse, date(2026, 1, 21), "left_message")
    a_contact(dose, nurse, date(2026, 1, 20))

    assert last_contacts([dose.pk]) == {dose.pk: later}


def test_of_one_day_the_one_recorded_last_counts(nurse):
    dose = a_dose(nurse)
    a_contact(dose, nurse, date(2026, 1, 20))
    second = a_contact(dose, nurse, date(2026, 1, 20), "left_message")

    assert last_contacts([dose.pk]) == {dose.pk: second}


def test_many_doses_cost_one_query_and_doses_not_asked_for_stay_out(nurse):
    first, second, third = (a_dose(nurse) for _ in range(3))
    for dose in (first, second, third):
        a_contact(dose, nurse, date(2026, 1, 19))
        a_contact(dose, nurse, date(2026, 1, 20), "left_message")

    with CaptureQueriesContext(connection) as caught:
        found = last_contacts([first.pk, second.pk])

    assert len(caught) == 1
    assert {pk: (one.outcome, one.by.pk) for pk, one in found.items()} == {
        first.pk: ("left_message", nurse.pk),
        second.pk: ("left_message", nurse.pk),
    }


def test_no_doses_find_nothing(nurse):
    a_contact(a_dose(nurse), nurse, date(2026, 1, 19))

    assert last_contacts([]) == {}
