"""The due list costs the same for ten doses as for ten thousand: as many queries, found by the index made for it."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from b12clinic.accounts.models import Clinic, User
from regimens.queries.due_list import Asked, due_counts, due_page
from regimens.seeding.seed import Wanted, seed
from tests.factories.people import signed_in

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
    [whole, *_] = answer.context["tabs"]
    return len(caught), whole["count"]


@pytest.mark.slow
@pytest.mark.postgres
def test_the_page_takes_as_many_queries_for_ten_thousand_doses_as_for_ten(client):
    few, ten = queries_of_the_page(client, seeded(10)[1])
    many, ten_thousand = queries_of_the_page(client, seeded(10_200)[1])
    assert ten == 10
    assert ten_thousand >= 10_000
    assert few == many == 8


def plan_of(read, *asked):
    with CaptureQueriesContext(connection) as caught:
        read(*asked)
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {caught[0]['sql']}")
        return "\n".join(line for (line,) in cursor.fetchall())


@pytest.mark.postgres
def test_the_page_and_its_counts_are_found_by_the_index_of_the_due_list():
    clinic, _ = seeded(600)
    seeded(600)
    for read in (due_page, due_counts):
        plan = plan_of(read, clinic, Asked(as_of=FRIDAY))
        assert "dose_due_list" in plan
        assert "Seq Scan" not in plan
