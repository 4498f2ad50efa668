"""A holiday is added after doses were planned on it: the administrator sees what moves before it does."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from playwright.sync_api import expect

from b12clinic.accounts.models import Clinic
from regimens.models import Dose
from tests.factories.people import a_clinic, a_patient, a_user
from tests.factories.regimens import WEEKLY, a_regimen
from tests.journeys.looking import look, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MONDAY = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


@pytest.fixture
def clinic():
    clinic = a_clinic(name="Harbour Clinic")
    a_user(clinic, "administrator", "prescriber", username="admin", first_name="Alex", last_name="Example")
    doctor = clinic.memberships.first().user
    Clinic.objects.filter(pk=clinic.pk).update(injections_a_day=2)
    for name in ("Ada Testperson", "Bruno Beispiel", "Milan Muster"):
        a_regimen(a_patient(clinic, name=name), doctor, WEEKLY)
    return clinic


def test_a_holiday_is_added_and_its_doses_move(page, live_server, clinic):
    with time_machine.travel(MONDAY, tick=True):
        sign_in(page, live_server.url, "admin")
        page.goto(f"{live_server.url}/month/")
        expect(page.get_by_role("cell", name="Monday 12 January")).to_contain_text("3 of 2")
        look(page, "month")
        page.get_by_role("link", name="Closed days").click()
        page.get_by_label("Date").fill("2026-01-12")
        page.get_by_label("Why").fill("Plough Monday")
        page.get_by_role("button", name="Show what it moves").click()
        expect(page.get_by_role("row", name="Ada Testperson").first).to_contain_text("Tue 13 Jan")
        look(page, "close-a-day")
        assert Dose.objects.filter(due_on=date(2026, 1, 12)).count() == 3  # nothing is saved yet
        page.get_by_role("button", name="Close and move the doses").click()
        expect(page.get_by_role("status").first).to_contain_text("1 day added to the closed days")
        assert not Dose.objects.filter(due_on=date(2026, 1, 12)).exists()
        page.goto(f"{live_server.url}/month/")
        expect(page.get_by_role("cell", name="Monday 12 January")).to_contain_text("Plough Monday")
        look(page, "month-with-a-closed-day")
