"""Rows of laboratories' files that became no result are told of where clinicians look first."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.urls import reverse

from tests.factories.lab_files import a_waiting_row
from tests.factories.people import a_clinic, a_user, signed_in

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 1, 14, 16, tzinfo=UTC)
PAGES = ("regimens:worklist", "monitoring:inbox")


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def clinic():
    return a_clinic()


@pytest.fixture
def nurse(client, clinic):
    return signed_in(client, a_user(clinic, "nurse"))


def text(page):
    return " ".join(page.content.decode().replace("&#x27;", "'").split())


@pytest.mark.parametrize("page", PAGES)
def test_where_no_row_waits_nothing_is_said(nurse, page):
    a_waiting_row(a_clinic())

    assert "became no result" not in text(nurse.get(reverse(page)))


@pytest.mark.parametrize("page", PAGES)
def test_one_row_is_told_with_its_age_and_the_way_to_it(nurse, clinic, page):
    a_waiting_row(clinic, came_at=datetime(2026, 1, 14, 13, tzinfo=UTC))

    said = text(nurse.get(reverse(page)))

    assert (
        "1 row of a laboratory's file became no result and waits to be settled; it came 3 hours ago." in said
    )
    assert f'href="{reverse("monitoring:waiting_rows")}">Settle them</a>' in said


@pytest.mark.parametrize("page", PAGES)
def test_several_rows_are_told_with_the_age_of_the_oldest(nurse, clinic, page):
    a_waiting_row(clinic, came_at=datetime(2026, 1, 14, 13, tzinfo=UTC))
    a_waiting_row(clinic, came_at=datetime(2026, 1, 5, 13, tzinfo=UTC))

    assert (
        "2 rows of laboratories' files became no result and wait to be settled; the oldest came 9 days ago."
        in text(nurse.get(reverse(page)))
    )


def test_who_may_not_settle_them_is_not_told(client, clinic):
    a_waiting_row(clinic)
    admin = signed_in(client, a_user(clinic, "administrator"))

    assert "became no result" not in text(admin.get(reverse("regimens:worklist")))
