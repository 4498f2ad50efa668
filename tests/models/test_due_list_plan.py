"""The due list costs the same for ten doses as for ten thousand: as many queries, found by the index made for it."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from b12clinic.accounts.models import Clinic, User
from b12clinic.patients.models import PatientAllergy
from regimens.queries.due_list import Asked, due_page
from regimens.seeding.seed import Wanted, seed
from tests.factories.people import a_clinic, a_patient, a_user, signed_in
from tests.factories.regimens import a_regimen

pytestmark = pytest.mark.django_db

FRIDAY = date(2026, 11, 20)
A_YEAR_LATER = FRIDAY + timedelta(days=365)
"""By then everybody's dose is due, since nobody waits longer than three months."""


def seeded(patients):
    seed(Wanted(patients=patients, clinics=1, doses_per_patient=10, today=FRIDAY, chance=1))
    clinic = Clinic.objects.order_by("-pk").first()
    return clinic, User.objects.get(memberships__clinic=clinic, memberships__role="nurse")


def queries_of_the_page(client, user):
    signed_in(client, user)
    with CaptureQueriesContext(connection) as caught:
        answer = client.get(f"/due/?as_of={A_YEAR_LATER}")
    [whole, *_] = answer.context["tabs"]  # all up to a week ahead
    return len(caught), whole["count"]


@pytest.mark.slow
@pytest.mark.postgres
def test_the_page_takes_as_many_queries_for_ten_thousand_doses_as_for_ten(client):
    few, ten = queries_of_the_page(client, seeded(10)[1])
    many, ten_thousand = queries_of_the_page(client, seeded(10_200)[1])
    assert ten == 10
    assert ten_thousand >= 10_000
    assert few <= many <= 8


def plans_of(read, *asked):
    with CaptureQueriesContext(connection) as caught:
        read(*asked)
    plans = []
    for query in caught:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN {query['sql']}")
            plans.append("\n".join(line for (line,) in cursor.fetchall()))
    return plans


@pytest.mark.postgres
def test_the_page_and_its_pinned_doses_are_found_by_the_indexes_of_the_due_list():
    clinic, _ = seeded(600)
    seeded(600)
    counts, *others = plans_of(due_page, clinic, Asked(as_of=A_YEAR_LATER))
    assert len(others) == 2, "somebody is pinned, a year later"
    assert "dose_due_list" in others[1]
    for plan in others:
        assert "Seq Scan" not in plan
    assert "Seq Scan on regimens_dose" not in counts


@pytest.mark.postgres
def test_a_search_as_typed_is_found_by_the_prefix_indexes():
    clinic, _ = seeded(600)
    seeded(600)
    *_, page = plans_of(due_page, clinic, Asked(as_of=FRIDAY, text="ev"))
    assert "patient_by_name" in page
    assert "patient_by_turned_name" in page


@pytest.mark.data
@pytest.mark.parametrize(
    "query", ["", "?as_of=2026-11-19", "?as_of=2026-11-25", "?q=a&called=agreed&kind=loading"]
)
def test_the_page_takes_at_most_eight_queries_for_one_row_and_for_fifty(client, query):
    with time_machine.travel(datetime(2026, 11, 20, 9, 0, tzinfo=UTC), tick=False):
        few, many = (number_of_queries(client, rows, query) for rows in (1, 50))
    assert few <= many <= 8


def number_of_queries(client, rows, query):
    nurse = a_user(a_clinic(), "nurse")
    clinic = nurse.memberships.get().clinic
    for number in range(rows):
        patient = a_patient(clinic, name=f"Ada {number}", record_number=f"N{number}")
        PatientAllergy.objects.create(patient=patient, substance="cobalt", noted_on=FRIDAY)
        a_regimen(patient, nurse, starts_on=FRIDAY, neurological=number % 2 == 0)
    signed_in(client, nurse)
    with CaptureQueriesContext(connection) as caught:
        assert client.get(f"/due/{query}").status_code == 200
    return len(caught)
