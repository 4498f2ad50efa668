"""How full the clinic's days are, month by month."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.urls import reverse

from b12clinic.accounts.models import Clinic, ClosedDay
from regimens.calendars import calendar_of
from regimens.services.pause_regimen import pause_regimen
from regimens.services.stop_regimen import stop_regimen
from tests.factories.people import a_clinic, a_patient, a_user, signed_in
from tests.factories.regimens import a_regimen, give

pytestmark = [pytest.mark.django_db, pytest.mark.data]

FRIDAY = datetime(2026, 1, 9, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def friday():
    with time_machine.travel(FRIDAY, tick=False):
        yield


@pytest.fixture
def nurse():
    return a_user(a_clinic(), "nurse")


@pytest.fixture
def clinic(nurse):
    return nurse.memberships.get().clinic


def cells(client, nurse, query=""):
    answer = signed_in(client, nurse).get(f"{reverse('regimens:month')}{query}")
    assert answer.status_code == 200
    return {cell.number: cell for week in answer.context["weeks"] for cell in week if cell.number}


def test_each_day_says_what_waits_and_what_was_given(client, nurse, clinic):
    first, second = (a_regimen(a_patient(clinic), nurse) for _ in range(2))
    give(first, nurse, date(2026, 1, 5))
    days = cells(client, nurse)
    assert (days["5"].due, days["5"].given) == ("1 due", "1 given")
    assert (days["7"].due, days["7"].given) == ("2 due", "")
    assert (days["8"].due, days["8"].kind) == ("", "open")
    assert days["9"].is_today
    assert days["9"].url == "/due/?as_of=2026-01-09"
    assert len(days) == 31
    assert second.pk


def test_a_day_is_full_at_the_clinics_number(client, nurse, clinic):
    Clinic.objects.filter(pk=clinic.pk).update(injections_a_day=2)
    a_regimen(a_patient(clinic), nurse)
    assert (cells(client, nurse)["7"].kind, cells(client, nurse)["7"].due) == ("open", "1 of 2")
    a_regimen(a_patient(clinic), nurse, starts_on=date(2026, 1, 7))
    day = cells(client, nurse)["7"]
    assert (day.kind, day.due, day.note) == ("full", "2 of 2", "Full")


def test_a_closed_day_says_why_and_a_weekend_that_it_is_closed(client, nurse, clinic):
    ClosedDay.objects.create(clinic=clinic, on=date(2026, 1, 1), why="New Year's Day")
    days = cells(client, nurse)
    assert (days["1"].kind, days["1"].note) == ("closed", "New Year's Day")
    assert (days["3"].kind, days["3"].note) == ("closed", "Closed")  # a Saturday


@pytest.mark.parametrize(
    ("asked", "length", "name"),
    [
        ("?month=2028-02", 29, "February 2028"),
        ("?month=2026-12", 31, "December 2026"),
        ("?month=never", 31, "January 2026"),
        ("?month=1066-10", 31, "January 2026"),
    ],
)
def test_any_month_can_be_asked_for_and_nonsense_shows_this_one(client, nurse, asked, length, name):
    answer = signed_in(client, nurse).get(f"{reverse('regimens:month')}{asked}")
    assert answer.context["links"]["name"] == name
    assert sum(bool(cell.number) for week in answer.context["weeks"] for cell in week) == length


def test_december_leads_to_january_and_january_to_december(client, nurse):
    links = signed_in(client, nurse).get(reverse("regimens:month")).context["links"]
    assert (links["before"], links["after"]) == ("?month=2025-12", "?month=2026-02")


def test_another_clinics_doses_are_not_counted(client, nurse):
    other = a_user(a_clinic(), "nurse")
    a_regimen(a_patient(other.memberships.get().clinic), other)
    assert cells(client, nurse)["7"].due == ""


def test_the_page_costs_the_same_whatever_waits(client, nurse, clinic, django_assert_max_num_queries):
    for _ in range(5):
        a_regimen(a_patient(clinic), nurse)
    signed_in(client, nurse)
    with django_assert_max_num_queries(8):
        client.get(reverse("regimens:month"))


def stopped(regimen, nurse):
    stop_regimen(regimen=regimen, version=1, reason="Declined", by=nurse, at=FRIDAY, today=date(2026, 1, 9))


def paused(regimen, nurse):
    pause_regimen(
        regimen=regimen,
        version=1,
        until_on=date(2026, 3, 2),
        reason="Travel",
        by=nurse,
        at=FRIDAY,
        today=date(2026, 1, 9),
    )


def left(field):
    def leave(regimen, nurse):
        setattr(regimen.patient, field, date(2026, 1, 9))
        regimen.patient.save()

    return leave


@pytest.mark.parametrize(
    ("leave", "load"),
    [
        (None, ("full", "2 of 2")),
        (stopped, ("open", "1 of 2")),
        (paused, ("open", "1 of 2")),
        (left("died_on"), ("open", "1 of 2")),
        (left("moved_on"), ("open", "1 of 2")),
    ],
)
def test_nobody_who_will_not_come_fills_a_day(client, nurse, clinic, leave, load):
    Clinic.objects.filter(pk=clinic.pk).update(injections_a_day=2)
    clinic.refresh_from_db()
    a_regimen(a_patient(clinic), nurse, starts_on=date(2026, 1, 12))
    other = a_regimen(a_patient(clinic), nurse, starts_on=date(2026, 1, 12))
    if leave:
        leave(other, nurse)

    monday = cells(client, nurse)["12"]

    assert (monday.kind, monday.due) == load
    assert calendar_of(clinic).is_full(date(2026, 1, 12)) is (leave is None)
