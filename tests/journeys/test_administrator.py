"""The administrator's month in a real browser: set up the clinic, its people, its cupboard; report; look at the trail."""

from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

import pytest
import time_machine
from playwright.sync_api import expect

from b12clinic.accounts.models import Membership
from regimens.sealed_csv import verify
from tests.factories.labs import a_recheck, a_result
from tests.factories.people import a_clinic, a_patient, a_user
from tests.factories.regimens import a_regimen, give
from tests.journeys.looking import look, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MONDAY = datetime(2026, 1, 12, 9, 0, tzinfo=UTC)


@pytest.fixture
def clinic():
    clinic = a_clinic(name="Harbour Clinic", contact_email="clinic@example.org")
    admin = a_user(clinic, "administrator", username="admin", first_name="Alex", last_name="Example")
    Membership.objects.create(user=admin, clinic=a_clinic(name="Hill Clinic"), role="nurse")
    doctor = a_user(clinic, "prescriber", first_name="Robin", last_name="Example")
    a_user(clinic, "nurse", first_name="Sam", last_name="Example")
    for number, name in enumerate(("Ada Testperson", "Bruno Beispiel", "Milan Muster"), start=1):
        patient = a_patient(clinic, name=name, record_number=f"R-{number}")
        regimen = a_regimen(patient, doctor, lifelong=True)
        if number < 3:
            give(regimen, doctor, date(2026, 1, 4 + number))
            a_result(patient, "haemoglobin", "92", "g/L", taken_on=date(2026, 1, 5))
            a_result(patient, "methylmalonic_acid", ">900", "nmol/L", taken_on=date(2026, 1, 5))
            a_recheck(patient, "fbc", "potassium", due_on=date(2026, 1, 9 + number))
    return clinic


def test_an_administrator_sets_up_the_clinic_and_reports(page, live_server, clinic):
    with time_machine.travel(MONDAY, tick=True):
        sign_in(page, live_server.url, "admin")
        page.goto(f"{live_server.url}/clinic/")
        set_up(page)
        close_days(page)
        people(page)
        formulary(page)
        library(page)
        report(page)
        trail(page)
        page.goto(f"{live_server.url}/clinic/switch/")
        look(page, "admin-clinics")
        page.get_by_role("button", name="Work in Hill Clinic").click()
        expect(page.locator(".rail-clinic")).to_contain_text("Hill Clinic")


def tab(page, name):
    page.get_by_label("Set-up of the clinic").get_by_role("link", name=name).click()


def set_up(page):
    page.get_by_label("Region").select_option("SCT")
    page.get_by_label("Saturday").check()
    page.get_by_label("Time zone").fill("Europe/Atlantis")
    page.get_by_role("button", name="Save the clinic's details").click()
    expect(page.get_by_role("alert")).to_contain_text("is not a time zone")
    look(page, "admin-clinic-wrong")
    page.get_by_label("Time zone").fill("Europe/London")
    page.get_by_role("button", name="Save the clinic's details").click()
    expect(page.get_by_role("status").first).to_contain_text("details are saved")


def close_days(page):
    tab(page, "Closed days")
    page.get_by_role("button", name="Show the holidays of this year").click()
    expect(page.get_by_label("Saint Andrew's Day")).to_be_checked()
    look(page, "admin-holidays")
    page.get_by_role("button", name="Show what they move").click()
    expect(page.get_by_text("No dose is planned on these days.")).to_be_visible()
    page.get_by_role("button", name="Close on these days").click()
    expect(page.get_by_role("rowheader", name="Tue 30 Nov 2027")).to_be_visible()
    page.get_by_label("Date").fill("2026-02-03")
    page.get_by_label("Why").fill("Staff training")
    page.get_by_role("button", name="Show what it moves").click()
    page.get_by_role("button", name="Close on these days").click()
    look(page, "admin-closed-days")
    page.get_by_role("button", name="Take off Tue 3 Feb 2026").click()
    expect(page.get_by_role("rowheader", name="Tue 3 Feb 2026")).to_have_count(0)


def people(page):
    tab(page, "People")
    page.get_by_role("link", name="Add somebody").click()
    page.get_by_label("E-mail address").fill("nora@example.org")
    page.get_by_label("First name").fill("Nora")
    page.get_by_label("Last name").fill("Example")
    page.get_by_label("Nurse").check()
    page.get_by_role("button", name="Add and send the mail").click()
    expect(page.get_by_text("Invited, no password yet")).to_be_visible()
    look(page, "admin-people")
    page.get_by_role("link", name="Change Nora Example").click()
    look(page, "admin-person")
    page.get_by_label("Why?").fill("Will not join after all.")
    page.get_by_role("button", name="End their work here").click()
    expect(page.get_by_role("status").first).to_contain_text("no longer works here")


def formulary(page):
    tab(page, "Formulary")
    page.get_by_label("Name").fill("Hydroxocobalamin 1 mg/mL ampoule")
    page.get_by_label("Drug").select_option("hydroxocobalamin")
    page.get_by_label("Strength in mcg per mL").fill("1000")
    page.get_by_role("button", name="Add the product").click()
    page.get_by_text("Take out of use Hydroxocobalamin").first.click()
    look(page, "admin-formulary")
    page.get_by_label("Why?").fill("Batch recalled.")
    page.get_by_role("button", name="Take out of use Hydroxocobalamin").click()
    page.get_by_role("button", name="Use again Hydroxocobalamin").click()
    expect(page.get_by_role("status").first).to_contain_text("in use again")


def library(page):
    page.get_by_role("link", name="Protocols").click()
    expect(page.get_by_text("Not yet clinically reviewed").first).to_be_visible()
    look(page, "admin-protocols")
    page.get_by_label("Guidelines").get_by_role("link", name="Netherlands").click()
    expect(page.locator("#nl-standard")).to_be_visible()


def report(page):
    page.get_by_role("link", name="Reports").click()
    expect(page.get_by_role("heading", name="3 patients")).to_be_visible()
    look(page, "admin-report")
    page.get_by_label("Only overdue").check()
    page.get_by_role("button", name="Show").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="as CSV").click()
    file = Path(download.value.path()).read_bytes()
    assert download.value.suggested_filename.startswith("follow-up-2026-01-12-made-")
    assert verify(BytesIO(file)).rows == 3
    page.get_by_label("Phase").select_option("oral")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("heading", name="Nobody fits")).to_be_visible()


def trail(page):
    page.get_by_role("link", name="Clinic", exact=True).click()
    tab(page, "Audit trail")
    expect(page.get_by_role("cell", name="Report exported").first).to_be_visible()
    look(page, "admin-audit")
    page.get_by_label("What").select_option("report.exported")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("cell", name="Report exported")).to_have_count(1)
